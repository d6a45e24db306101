"""The documents of an index as a list to browse: all by title where they are few, else the first that pass the filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from rag_commons.index.allowed import Allowed
from rag_commons.index.opened import Index
from rag_commons.rendering.document import LISTED, Entry

# beyond this many documents, a whole list to browse would help nobody
MOST_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class Listed:
    """Documents to browse, and how many there are in all."""

    entries: tuple[Entry, ...]
    total: int


class Listing:
    """The lists of one index; the whole one is made once for each state of its content. May be used from any thread."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._whole: tuple[str, tuple[Entry, ...]] = ("", ())

    def entries(self, allowed: Allowed | None) -> Listed:
        """Return the documents whose passages are allowed; of a large index the first ones, and none where nothing was chosen."""
        total = self._index.manifest.documents if allowed is None else len(allowed.documents)
        if self._index.manifest.documents <= MOST_ENTRIES:
            whole = self._by_title()
            kept = whole if allowed is None else (one for one in whole if self._first(one) in allowed)
            return Listed(tuple(kept), total)
        return Listed(() if allowed is None else tuple(islice(self._in_order(allowed), LISTED)), total)

    def _first(self, entry: Entry) -> int:
        return self._index.document_passages(entry.id).start if entry.passages else -1

    def _by_title(self) -> tuple[Entry, ...]:
        build, whole = self._whole
        if build != self._index.manifest.build:
            build = self._index.manifest.build
            read = (self._entry(self._index.document_passages(identity)) for identity in self._index.document_ids())
            whole = tuple(sorted(filter(None, read), key=lambda entry: entry.provenance.title.casefold()))
            self._whole = (build, whole)
        return whole

    def _in_order(self, allowed: Allowed) -> Iterator[Entry]:
        """Yield the documents in the order in which they came in; the passages of one follow each other."""
        keys = np.flatnonzero(np.unpackbits(allowed.bits, bitorder="little"))
        at = 0
        while at < len(keys):
            read = self._index.passage(int(keys[at]))
            span = self._index.document_passages(read[0].document_id) if read else range(0)
            entry = self._entry(span)
            if entry:
                yield entry
            at = max(at + 1, int(np.searchsorted(keys, span.stop)))

    def _entry(self, span: range) -> Entry | None:
        read = self._index.passage(span.start) if span else None
        return Entry(read[0].document_id, read[1], len(span)) if read else None
