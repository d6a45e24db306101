"""Documents, passages and hits: what sources, index and retrieval hand to one another.

The one surprise: a passage never holds text of its own making; `document.text[p.start:p.end] == p.text` always.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, unquote

from rag_commons.licences.provenance import Provenance

_PASSAGE_ID = re.compile(r"([^@#\s]+)@[0-9a-f]{8}#([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading: where its section starts in the text, its level (1 is the widest) and its title."""

    start: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a digitised document: where it starts, its label, the OCR confidence (0 to 1) and its own address."""

    start: int
    label: str
    ocr: float | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One work or page at one revision."""

    id: str
    text: str
    provenance: Provenance
    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """An exact span of a document: `start` and `end` are character offsets in its text.

    `section` is the path of headings above it, joined by " > "; `sha256` is that of the UTF-8 text, in hex.
    """

    id: str
    document_id: str
    number: int
    start: int
    end: int
    text: str
    sha256: str
    section: str | None = None
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was retrieved for a question, with its provenance and scores.

    `score` is the fused one; `dense` and `lexical` are what each search gave, None where it did not find the passage.
    `same_text` names the other documents whose text is the same, `same_words` those of which another passage was found that this one
    holds whole.
    """

    rank: int
    score: float
    passage: Passage
    provenance: Provenance
    dense: float | None = None
    lexical: float | None = None
    same_text: tuple[str, ...] = ()
    same_words: tuple[str, ...] = ()


def text_sha256(text: str) -> str:
    """Return the sha256 of the UTF-8 text, in hex."""
    return sha256(text.encode()).hexdigest()


def passage_id(document_id: str, document_sha256: str, number: int) -> str:
    """Return a passage id: percent-encoded document id, `@`, 8 hex digits of the text's sha256, `#`, its number."""
    return f"{quote(document_id, safe='')}@{document_sha256[:8]}#{number}"


def parse_passage_id(identity: str) -> tuple[str, int] | None:
    """Return the document id and the number that a passage id is made of, None for what is none."""
    found = _PASSAGE_ID.fullmatch(identity)
    return (unquote(found[1]), int(found[2])) if found else None
