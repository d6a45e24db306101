"""The retriever: question → hits, from one open index.

The one surprise: documents that share one text are one hit, which names the others (`same_text`); so are passages of which one
holds the others whole (`same_words`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from rag_commons.documents import Hit, Passage
from rag_commons.encoder import Encoder
from rag_commons.index.allowed import Allowed
from rag_commons.index.opened import Index
from rag_commons.licences.provenance import Provenance
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.finding import Found, candidates, depth, find, prepare, read_best
from rag_commons.retrieval.fusion import Calibration, Fused, idf
from rag_commons.retrieval.ranking import Ranker, load_ranker
from rag_commons.retrieval.repetition import COMPARED, repetitions


@dataclass(frozen=True, slots=True)
class Ranked:
    """A found passage with the score that the order is by; `read` is None until it is read."""

    found: Fused
    score: float
    read: tuple[Passage, Provenance] | None = None


class Retriever:
    """Searches an index both ways, fuses the scores and ranks the best again. Every method may be called from any thread."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder | None = None,
        ranker: Ranker | None = None,
        *,
        ranked: bool = True,
        calibration: Calibration | None = None,
    ) -> None:
        """Take an open index; without an encoder, the one that its manifest names is loaded; EncoderUnusable when it is another.

        Without a ranker the shipped one is loaded, unless `ranked` is false: then the order is that of the fused scores.
        """
        named = index.manifest.encoder
        self.index = index
        self.encoder: Encoder = encoder or index.load_encoder()
        named.check(self.encoder)
        self._ranker = (ranker or load_ranker()) if ranked else None
        self._calibration = calibration or Calibration()

    def retrieve(self, question: str, k: int = 8, filters: Filters | None = None) -> list[Hit]:
        """Return at most k hits, best first, all of which pass the filters."""
        allowed = self._allowed(filters)
        asked = prepare(self.index, question)
        dense = self.index.dense_search(self.encoder.encode_query(question), depth(k), allowed)
        found = find(self.index, asked, dense, k, allowed, self._calibration)
        return list(islice(self.order(found, allowed), k))

    def order(self, found: Found, allowed: Allowed | None = None) -> Iterator[Hit]:
        """Yield what was found as hits, best first; `allowed` is what the searches were held to."""
        return self._hits(self._rank(found), allowed)

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

    def _rank(self, found: Found) -> Iterator[Ranked]:
        """Yield what was found in its final order: the best as the ranker orders them, then the others, whose scores stay below."""
        if self._ranker is None:
            yield from (Ranked(item, item.score) for item in found.fused)
            return
        passages = read_best(self.index, found, self._ranker.reads)
        chances = self._ranker.chances(found.asked, *candidates(found, passages)).tolist() if passages else []
        order = sorted(zip(chances, passages, strict=True), key=lambda pair: (-pair[0], pair[1].found.key))
        yield from (Ranked(item.found, chance, (item.passage, item.provenance)) for chance, item in order)
        least = min(chances, default=1.0)
        yield from (Ranked(item, least * item.score) for item in found.fused[self._ranker.reads :])

    def _hits(self, ranked: Iterable[Ranked], allowed: Allowed | None) -> Iterator[Hit]:
        """Yield the passages that are still there, each text once."""
        shown: set[tuple[str, int]] = set()
        rank = 0
        for item, read, again in self._apart(ranked):
            passage, provenance = read
            if (passage.document_id, passage.number) in shown:
                continue
            twins = self._twins(item.found.key, allowed)
            shown.update((twin, passage.number) for twin in twins)
            rank += 1
            words = tuple(other for other in again if other not in twins)
            yield Hit(rank, item.score, passage, provenance, item.found.dense, item.found.lexical, twins, words)

    def _apart(self, ranked: Iterable[Ranked]) -> Iterator[tuple[Ranked, tuple[Passage, Provenance], tuple[str, ...]]]:
        """Yield what is still there, read, with the documents that say it again; those far below are not compared."""
        items = iter(ranked)
        best = [(item, read) for item in islice(items, COMPARED) if (read := item.read or self.index.passage(item.found.key))]
        again = repetitions([(passage, provenance.title) for _, (passage, provenance) in best])
        for place, (item, read) in enumerate(best):
            if place not in again:
                others = dict.fromkeys(best[other][1][0].document_id for other, first in again.items() if first == place)
                yield item, read, tuple(others)
        for item in items:
            if found := item.read or self.index.passage(item.found.key):
                yield item, found, ()

    def _twins(self, key: int, allowed: Allowed | None) -> tuple[str, ...]:
        """Return the other documents with the same text, those that pass the filters."""
        twins = self.index.same_text(key)
        if allowed is None:
            return twins
        return tuple(twin for twin in twins if any(passage in allowed for passage in self.index.document_passages(twin)))
