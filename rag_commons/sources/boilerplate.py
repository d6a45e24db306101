"""Boilerplate: paragraphs that come again in many documents of a run (headers, footers, « Pour les articles homonymes… ») are dropped.

What is dropped is only known when all has been read: documents wait in a temporary file, and nothing leaves before the last has come.
The one surprise: headings and very short lines stay, however often they come (« Histoire », « — Oui. »), since they are text.
"""

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import IO

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused

SHORTEST = 3
# seen at least once: a bit for each of so many slots, 16 MiB, so that only what comes again is counted
_SLOTS = 1 << 27


class WithoutBoilerplate:
    """Passes documents on without the paragraphs that at least so many of them hold; `dropped` counts what went, by paragraph."""

    def __init__(self, items: Iterable[Document | DocumentRefused], at_least: int) -> None:
        self._items = items
        self._at_least = max(at_least, 2)
        self.dropped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Document | DocumentRefused]:
        """Yield documents and refusals in their order; a document that held nothing else is a refusal (`boilerplate`)."""
        with tempfile.TemporaryFile() as waiting:
            repeated = self._set_aside(waiting)
            waiting.seek(0)
            # written by this very object, a moment ago, in a file that has no name
            for item in _read_back(waiting):
                yield self._cleaned(item, repeated) if isinstance(item, Document) else item

    def _set_aside(self, waiting: IO[bytes]) -> frozenset[bytes]:
        """Write all items down, and return the digests of the paragraphs that enough documents hold."""
        seen = bytearray(_SLOTS // 8)
        counts: Counter[bytes] = Counter()
        for item in self._items:
            pickle.dump(item, waiting, protocol=pickle.HIGHEST_PROTOCOL)
            if not isinstance(item, Document):
                continue
            for digest in {_digest(item.text[start:end]) for start, end in _paragraphs(item)}:
                slot = int.from_bytes(digest[:8], "little") % _SLOTS
                # two paragraphs in one slot would count one too many, which one in thousands does
                if digest in counts or seen[slot >> 3] >> (slot & 7) & 1:
                    counts[digest] = counts.get(digest, 1) + 1
                seen[slot >> 3] |= 1 << (slot & 7)
        return frozenset(digest for digest, count in counts.items() if count >= self._at_least)

    def _cleaned(self, document: Document, repeated: frozenset[bytes]) -> Document | DocumentRefused:
        cuts = [(start, end) for start, end in _paragraphs(document) if _digest(document.text[start:end]) in repeated]
        if not cuts:
            return document
        self.dropped.update(document.text[start:end].strip() for start, end in cuts)
        kept = _without(document, cuts)
        if kept.text.strip():
            return kept
        seen = f"{document.id}: only paragraphs that {self._at_least} documents or more hold"
        return DocumentRefused("boilerplate", "a document with text of its own", seen, "nothing, or ask for a higher number")


def _read_back(waiting: IO[bytes]) -> Iterator[Document | DocumentRefused]:
    while True:
        try:
            yield pickle.load(waiting)
        except EOFError:
            return


def _paragraphs(document: Document) -> Iterator[tuple[int, int]]:
    """Yield the spans of lines, with the break that ends them, which may be dropped."""
    starts = {section.start for section in document.sections}
    at = 0
    for line in document.text.splitlines(keepends=True):
        start, at = at, at + len(line)
        holds_heading = line.lstrip().startswith("#") or any(place in starts for place in range(start, start + 4))
        if not holds_heading and len(line.split()) >= SHORTEST:
            yield start, at


def _digest(paragraph: str) -> bytes:
    return blake2b(" ".join(paragraph.split()).encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _without(document: Document, cuts: list[tuple[int, int]]) -> Document:
    """Return a document without some spans, the places in it moved with the text."""

    def moved(place: int) -> int:
        return place - sum(min(end, place) - start for start, end in cuts if start < place)

    pieces, at = [], 0
    for start, end in cuts:
        pieces.append(document.text[at:start])
        at = end
    return replace(
        document,
        text="".join((*pieces, document.text[at:])),
        sections=tuple(replace(section, start=moved(section.start)) for section in document.sections),
        pages=tuple(replace(page, start=moved(page.start)) for page in document.pages),
    )
