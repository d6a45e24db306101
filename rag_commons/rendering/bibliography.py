"""What every bibliographic format says of a reference: its quoted words, its address, its parts of dates and its rights on one line."""

import re
import unicodedata

from rag_commons.answers import Answer, Reference
from rag_commons.licences.lines import one_line
from rag_commons.licences.people import contributors
from rag_commons.licences.table import licence
from rag_commons.rendering.escaping import web_address
from rag_commons.rendering.words import kind_word, lang_of, say

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def address(reference: Reference) -> str | None:
    """Return the permanent link of a reference, else its address, None where neither leads to the web."""
    return web_address(reference.provenance.permalink) or web_address(reference.provenance.url)


def date_parts(date: str | None) -> tuple[int, ...]:
    """Return the year, month and day that a date gives, as far as it gives them."""
    found = _DATE.match(date or "")
    return tuple(int(part) for part in found.groups() if part) if found else ()


def key(reference: Reference) -> str:
    """Return an ASCII key that is one a reference in its answer and the same in every export."""
    folded = unicodedata.normalize("NFKD", reference.passage.document_id).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")[:60].strip("-")
    return f"{slug or 'source'}-{reference.passage.number}-ref{reference.ref}"


def people(answer: Answer, reference: Reference) -> tuple[str, ...]:
    """Return the authors of a reference, each on one line; the contributors of a wiki stand together, as nobody is made up."""
    held = reference.provenance
    together = contributors(held, lang_of(answer.language))
    return tuple(one_line(author) for author in held.authors) or ((together,) if together else ())


def quoted(answer: Answer, reference: Reference) -> str:
    """Return the words that the answer quotes from a reference, in its order, each between guillemets."""
    quotes = [citation.quote for statement in answer.statements for citation in statement.citations if citation.ref == reference.ref]
    return " ".join(f"« {one_line(quote)} »" for quote in dict.fromkeys(quotes))


def rights_line(answer: Answer, reference: Reference) -> str:
    """Return the rights of a reference on one line: kind, name, id, address, layers, note, labels, and what is unknown."""
    lang, held = lang_of(answer.language), reference.provenance
    row = licence(held.licence)
    colon = say("colon", lang)
    parts = [f"{kind_word(row.kind, lang)}{colon}{row.name(lang)} [{row.id}] {row.url}"]
    for layer in held.layers:
        own = licence(layer.licence)
        who = ", ".join((*layer.authors, *([layer.holder] if layer.holder else [])))
        parts.append(f"{say(layer.role, lang)}{colon}{who + ', ' if who else ''}{own.name(lang)} [{own.id}]")
    if held.rights_note:
        parts.append(held.rights_note)
    parts += [f"{say('label_of', lang, community=label.community)}{colon}{label.text} {label.uri}" for label in held.labels]
    if not held.permalink:
        parts.append(say("unknown_revision", lang))
    return " · ".join(one_line(part) for part in parts)
