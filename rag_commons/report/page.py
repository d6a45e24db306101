"""The funder report as one HTML file: French first, then English; no request, no script; it prints."""

from rag_commons.index.manifest import Manifest
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.corpus import manifest_to_html, number
from rag_commons.rendering.escaping import escape_line
from rag_commons.rendering.standalone import stylesheet
from rag_commons.report.worth import KINDS, Part, Worth

_WORDS: dict[Lang, dict[str, str]] = {
    "fr": {
        "title": "Ce que valent les communs",
        "asked": "questions posées à cet index",
        "used": "réponses données du {first} au {last}, comptées sans garder aucune question",
        "answered": "réponses appuyées sur les communs",
        "abstained": "abstentions, faute de passage qui réponde",
        "holder": "Institutions",
        "collection": "Collections",
        "licence": "Licences et statuts",
        "language": "Langues",
        "name": "nom",
        "answers": "réponses",
        "statements": "phrases citées",
        "documents": "documents cités",
        "lost": "réponses perdues sans elle",
        "changed": "réponses qui citeraient autre chose",
        "unstated": "non indiqué",
        "reading": "« Réponses perdues » : la même question, posée à tout le reste de l'index, ne reçoit plus de réponse. "
        "Ces nombres valent pour ces questions et cet index ; ils ne disent rien de la valeur d'une collection pour d'autres usages.",
        "corpus": "Le corpus",
    },
    "en": {
        "title": "What the commons are worth",
        "asked": "questions asked of this index",
        "used": "answers given from {first} to {last}, counted without keeping any question",
        "answered": "answers that rest on the commons",
        "abstained": "abstentions, for want of a passage that answers",
        "holder": "Institutions",
        "collection": "Collections",
        "licence": "Licences and statuses",
        "language": "Languages",
        "name": "name",
        "answers": "answers",
        "statements": "statements cited",
        "documents": "documents cited",
        "lost": "answers lost without it",
        "changed": "answers that would cite something else",
        "unstated": "not stated",
        "reading": "“Answers lost”: the same question, asked of everything else in the index, gets no answer. These figures hold for these "
        "questions and this index; they say nothing of what a collection is worth for other uses.",
        "corpus": "The corpus",
    },
}


def worth_to_page(name: str, manifest: Manifest, worth: Worth) -> str:
    """Return the whole report as an HTML document."""
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_WORDS['fr']['title']} — {escape_line(name)}</title>\n<style>\n{stylesheet()}</style>\n</head>\n"
        f'<body class="rc-page"><main>{_part(name, manifest, worth, "fr")}<hr>{_part(name, manifest, worth, "en")}</main></body>\n</html>\n'
    )


def _part(name: str, manifest: Manifest, worth: Worth, lang: Lang) -> str:
    words = _WORDS[lang]
    heading = "h1" if lang == "fr" else "h2"
    first = (
        words["used"].format(first=escape_line(worth.first or ""), last=escape_line(worth.last or "")) if worth.first else words["asked"]
    )
    abstained = worth.questions - worth.answered
    figures = ((first, worth.questions), (words["answered"], worth.answered), (words["abstained"], abstained))
    rows = "".join(f"<div><dt>{label}</dt><dd>{number(count, lang)}</dd></div>" for label, count in figures)
    tables = "".join(_table(kind, [part for part in worth.parts if part.kind == kind], lang) for kind in KINDS)
    # the card of the corpus has anchors, so it stands once
    corpus = f"<h2>{words['corpus']}</h2>{manifest_to_html(name, manifest, lang)}" if lang == "fr" else ""
    return (
        f'<section class="rc rc-corpus" lang="{lang}"><{heading}>{words["title"]}</{heading}>'
        f'<dl class="rc-figures">{rows}</dl>{tables}<p>{words["reading"]}</p></section>{corpus}'
    )


def _table(kind: str, parts: list[Part], lang: Lang) -> str:
    if not parts:
        return ""
    words = _WORDS[lang]
    measured = any(part.lost is not None for part in parts)
    columns = ["name", "answers", "statements", "documents", *(["lost", "changed"] if measured else [])]
    head = "".join(f'<th scope="col">{words[column]}</th>' for column in columns)
    body = "".join(_row(part, measured, lang) for part in parts)
    return f'<h2>{words[kind]}</h2><div class="rc-scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _row(part: Part, measured: bool, lang: Lang) -> str:
    label = licence(part.name).name(lang) if part.kind == "licence" else part.name
    cells = [part.answers, part.statements, part.documents, *([part.lost, part.changed] if measured else [])]
    shown = "".join(f"<td>{'–' if count is None else number(count, lang)}</td>" for count in cells)
    return f'<tr><th scope="row">{escape_line(label) or _WORDS[lang]["unstated"]}</th>{shown}</tr>'
