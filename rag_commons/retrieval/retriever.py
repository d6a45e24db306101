"""The retriever: question → hits, from one open index.

The one surprise: documents that share one text are one hit, which names the others (`same_text`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rag_commons.documents import Hit
from rag_commons.encoder import Encoder, load_encoder
from rag_commons.index.allowed import Allowed
from rag_commons.index.opened import Index
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.fusion import Calibration, Fused, fuse, idf
from rag_commons.text.analysis import analyse

CANDIDATES = 100


class Retriever:
    """Searches an index both ways and fuses the scores. Every method may be called from any thread."""

    def __init__(self, index: Index, encoder: Encoder | None = None, calibration: Calibration | None = None) -> None:
        """Take an open index; without an encoder, the one that its manifest names is loaded; EncoderUnusable when it is another."""
        named = index.manifest.encoder
        self.index = index
        self._encoder = encoder or load_encoder(named.id)
        named.check(self._encoder)
        self._calibration = calibration or Calibration()

    def retrieve(self, question: str, k: int = 8, filters: Filters | None = None) -> list[Hit]:
        """Return at most k hits, best first, all of which pass the filters."""
        allowed = self._allowed(filters)
        fused = self._search(question, max(CANDIDATES, 2 * k), allowed)
        hits: list[Hit] = []
        for hit in self._hits(fused):
            if len(hits) == k:
                break
            hits.append(replace(hit, rank=len(hits) + 1))
        return hits

    def idf(self, terms: Iterable[str]) -> dict[str, float]:
        """Return how rare each term of `analyse` is in the bodies of the index's passages (BM25's inverse document frequency)."""
        passages = self.index.manifest.passages
        return {term: idf(passages, self.index.frequency(term)) for term in terms}

    def _allowed(self, filters: Filters | None) -> Allowed | None:
        if filters is None:
            return None
        return self.index.allowed(
            filters.licences,
            filters.collections,
            filters.holders,
            filters.languages,
            filters.allow,
            filters.document_ids,
            filters.exclude_document_ids,
            filters.years,
        )

    def _search(self, question: str, count: int, allowed: Allowed | None) -> Sequence[Fused]:
        lexical = self.index.lexical_search(analyse(question), count, allowed)
        dense = self.index.dense_search(self._encoder.encode_query(question), count, allowed)
        return fuse(dict(dense), dict(lexical), self._calibration)

    def _hits(self, fused: Iterable[Fused]) -> Iterator[Hit]:
        """Yield the passages that are still there, each text once."""
        shown: set[tuple[str, int]] = set()
        for found in fused:
            read = self.index.passage(found.key)
            if read is None:
                continue
            passage, provenance = read
            if (passage.document_id, passage.number) in shown:
                continue
            twins = self.index.same_text(found.key)
            shown.update((twin, passage.number) for twin in twins)
            yield Hit(0, found.score, passage, provenance, found.dense, found.lexical, twins)
