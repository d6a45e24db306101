"""References as RIS, for EndNote, Mendeley and library systems: a tag, two spaces, a hyphen, a value; one line each."""

from collections.abc import Iterator

from rag_commons.answers import Answer, Reference
from rag_commons.licences.lines import one_line
from rag_commons.rendering.bibliography import address, date_parts, people, quoted, rights_line

# the format's own end of line
_END = "\r\n"


def answer_to_ris(answer: Answer) -> str:
    """Return every reference of an answer as a record, its rights under `N1`."""
    return "".join(_record(answer, reference) for reference in answer.references)


def _record(answer: Answer, reference: Reference) -> str:
    lines = [f"{tag}  - {one_line(value)}" for tag, value in _fields(answer, reference) if value]
    return _END.join(["TY  - GEN", *lines, "ER  - ", "", ""])


def _fields(answer: Answer, reference: Reference) -> Iterator[tuple[str, str]]:
    held, passage = reference.provenance, reference.passage
    yield "TI", held.title
    for author in people(answer, reference):
        yield "AU", author
    yield "PB", held.holder or ""
    yield "T2", held.collection or ""
    yield "SE", passage.section or ""
    yield "SP", passage.page.label if passage.page else ""
    yield "DA", _date(held.modified or held.issued)
    yield "PY", (held.modified or held.issued or "")[:4]
    yield "Y2", _date(held.retrieved)
    yield "UR", address(reference) or ""
    yield "LA", held.language or ""
    yield "AB", quoted(answer, reference)
    yield "N1", rights_line(answer, reference)
    yield "ID", passage.id


def _date(date: str | None) -> str:
    parts = date_parts(date)
    return "/".join([f"{part:02d}" for part in parts] + [""] * (3 - len(parts))) if parts else ""
