"""The record of a document in the store: everything but its text, as JSON that reads back to equal objects."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TypeVar

from rag_commons.documents import Document, Page, Section
from rag_commons.index.blocks import pack_details, unpack_details
from rag_commons.licences.provenance import Label, Layer, Provenance

_Record = TypeVar("_Record", Section, Page, Layer, Label)


@dataclass(frozen=True, slots=True)
class Details:
    """What the store keeps of a document beside its text; `paths` are the section paths that its passages name by number."""

    provenance: Provenance
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]
    paths: tuple[str, ...]


def content_sha256(document: Document, text_sha256: bytes) -> bytes:
    """Return the sha256 of all that a document says: its id, its record and its text."""
    digest = sha256(json.dumps([document.id, *_plain(document)], ensure_ascii=False).encode("utf-8", "surrogatepass"))
    digest.update(text_sha256)
    return digest.digest()


def pack(document: Document, paths: Sequence[str]) -> bytes:
    """Return the record of a document, compressed."""
    provenance, sections, pages = _plain(document)
    record = {**provenance, "sections": sections, "pages": pages, "paths": list(paths)}
    return pack_details(json.dumps(record, ensure_ascii=False))


def unpack(data: bytes) -> Details:
    """Return the record of a document; ValueError, TypeError, KeyError or zlib.error when it is damaged."""
    record = json.loads(unpack_details(data))
    sections, pages, paths = (record.pop(name) for name in ("sections", "pages", "paths"))
    record["layers"] = tuple(_read(Layer, {**layer, "authors": tuple(layer["authors"])}) for layer in record["layers"])
    record["labels"] = tuple(_read(Label, label) for label in record["labels"])
    for name in ("authors", "references"):
        record[name] = tuple(record[name])
    return Details(
        Provenance(**record),
        tuple(_read(Section, section) for section in sections),
        tuple(_read(Page, page) for page in pages),
        tuple(paths),
    )


def _plain(document: Document) -> tuple[dict[str, object], list[object], list[object]]:
    sections = [asdict(section) for section in document.sections]
    return asdict(document.provenance), [*sections], [asdict(page) for page in document.pages]


def _read(kind: type[_Record], fields: Mapping[str, object]) -> _Record:
    return kind(**fields)  # type: ignore[arg-type]
