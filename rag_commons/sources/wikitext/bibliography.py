"""Bibliographic templates (« Ouvrage », « Article », « Lien web »…) as one line: who, what, where, by whom, when."""

from rag_commons.sources.wikitext.calls import Call

_MAX_AUTHORS = 6


def reference(call: Call) -> str | None:
    """Return a bibliographic record in the order that French templates print it."""
    titles = [call.get("titre", "title", "titre chapitre"), call.get("sous-titre")]
    title = " : ".join(part for part in titles if part)
    inside = call.get("titre ouvrage", "périodique", "journal", "revue", "work", "série", "site")
    pages = call.get("passage", "pages", "page", "p.")
    parts = [
        ", ".join(_authors(call)),
        title,
        inside,
        _labelled("vol. ", call.get("volume", "tome")),
        _labelled("no ", call.get("numéro", "no", "issue")),
        call.get("lieu", "location"),
        call.get("éditeur", "publisher", "editeur"),
        _labelled("coll. ", call.get("collection")),
        call.get("date", "année", "year", "mois année"),
        _labelled("p. ", pages.removeprefix("p. ")) if pages else "",
        _labelled("ISBN ", call.get("isbn", "isbn1")),
    ]
    return ", ".join(part for part in parts if part) or None


def _authors(call: Call) -> list[str]:
    names = []
    for number in ("", *map(str, range(1, _MAX_AUTHORS + 1))):
        last, first = call.get(f"nom{number}", f"last{number}"), call.get(f"prénom{number}", f"first{number}")
        name = f"{first} {last}".strip() if last else call.get(f"auteur{number}", f"author{number}")
        if name and name not in names:
            names.append(name)
    return names


def _labelled(label: str, value: str) -> str:
    return label + value if value else ""
