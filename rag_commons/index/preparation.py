"""From a document to the rows that the store will hold; runs in worker processes, and touches nothing but its argument."""

from dataclasses import dataclass

from rag_commons.documents import Document, Page
from rag_commons.errors import IndexUnusable
from rag_commons.index.blocks import pack_text
from rag_commons.index.details import pack
from rag_commons.licences.combination import Permission, provenance_allows
from rag_commons.licences.provenance import Provenance
from rag_commons.sources.near_duplicates import sketch
from rag_commons.sources.passages import split_document

ALLOWS: dict[Permission, int] = {"commercial": 1, "adaptation": 2}
UNDETERMINED = "und"  # BCP 47: the language is not stated


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document that passed the checks, with its two fingerprints."""

    document: Document
    text_sha256: bytes
    content_sha256: bytes


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage: `section` and `page` number the paths and pages of its document's record."""

    number: int
    start: int
    end: int
    section: int | None
    page: int | None
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as the store holds it."""

    id: str
    text_sha256: bytes
    content_sha256: bytes
    licence: str
    language: str
    holder: str | None
    collection: str | None
    allows: int
    year: int | None
    characters: int
    text_bytes: int
    details: bytes
    sketch: bytes
    blocks: tuple[bytes, ...]
    passages: tuple[PassageRow, ...]


def prepare_documents(batch: tuple[Incoming, ...]) -> tuple[Prepared, ...]:
    """Split and compress a batch of documents."""
    return tuple(_prepare(incoming) for incoming in batch)


def allows_of(provenance: Provenance) -> int:
    """Return the uses that the licences of a document and of its layers allow, as a sum of `ALLOWS`."""
    return sum((bit for use, bit in ALLOWS.items() if provenance_allows(provenance, use)), start=0)


def year_of(provenance: Provenance) -> int | None:
    """Return the year in which a document was published, else last modified; None where neither is known."""
    date = provenance.issued or provenance.modified
    return int(date[:4]) if date else None


def _prepare(incoming: Incoming) -> Prepared:
    document, provenance = incoming.document, incoming.document.provenance
    paths: dict[str, int] = {}
    passages = _rows(document, paths)
    return Prepared(
        id=document.id,
        text_sha256=incoming.text_sha256,
        content_sha256=incoming.content_sha256,
        licence=provenance.licence,
        language=provenance.language or UNDETERMINED,
        holder=provenance.holder,
        collection=provenance.collection,
        allows=allows_of(provenance),
        year=year_of(provenance),
        characters=len(document.text),
        text_bytes=len(document.text.encode()),
        details=pack(document, tuple(paths)),
        sketch=sketch(document.text),
        blocks=tuple(pack_text(document.text)),
        passages=passages,
    )


def _rows(document: Document, paths: dict[str, int]) -> tuple[PassageRow, ...]:
    pages: dict[Page, int] = {page: number for number, page in enumerate(document.pages)}
    rows = []
    for passage in split_document(document):
        if document.text[passage.start : passage.end] != passage.text:
            raise IndexUnusable(
                "passages that are exact spans of their document", f"{passage.id} is not", "report this: splitting is wrong"
            )
        section = None if passage.section is None else paths.setdefault(passage.section, len(paths))
        page = None if passage.page is None else pages[passage.page]
        rows.append(PassageRow(passage.number, passage.start, passage.end, section, page, bytes.fromhex(passage.sha256)))
    return tuple(rows)
