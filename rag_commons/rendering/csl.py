"""References as CSL-JSON 1.0.2, for Zotero and every CSL processor.

CSL has no variable for a licence: it stands in `note`, which styles and people read, and its id in `custom`, which programs read.
"""

import json

from rag_commons.answers import Answer, Reference
from rag_commons.licences.lines import one_line
from rag_commons.rendering.bibliography import address, date_parts, key, people, quoted, rights_line

Item = dict[str, object]


def answer_to_csl(answer: Answer) -> str:
    """Return every reference of an answer as a JSON array of CSL items."""
    return json.dumps([_item(answer, reference) for reference in answer.references], ensure_ascii=False, indent=2) + "\n"


def _item(answer: Answer, reference: Reference) -> Item:
    held, passage = reference.provenance, reference.passage
    item: Item = {
        "id": key(reference),
        "type": "document",
        "title": one_line(held.title),
        # a name is kept whole: what is its family part is not for us to guess
        "author": [{"literal": author} for author in people(answer, reference)],
        "publisher": held.holder and one_line(held.holder),
        "container-title": held.collection and one_line(held.collection),
        "section": passage.section and one_line(passage.section),
        "page": passage.page and one_line(passage.page.label),
        "URL": address(reference),
        "issued": _date(held.modified or held.issued),
        "accessed": _date(held.retrieved),
        "language": held.language,
        "annote": quoted(answer, reference),
        "note": rights_line(answer, reference),
        "custom": {"licence": held.licence, "passage": passage.id, "sha256": passage.sha256},
    }
    return {name: value for name, value in item.items() if value}


def _date(date: str | None) -> Item | None:
    parts = date_parts(date)
    return {"date-parts": [list(parts)]} if parts else None
