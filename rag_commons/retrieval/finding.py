"""Candidates: what both searches of an index find for a question, fused; and the reading of the best of them for a ranker."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag_commons.documents import Passage
from rag_commons.index.allowed import Allowed
from rag_commons.index.lexical import Boosts
from rag_commons.index.opened import Index
from rag_commons.licences.provenance import Provenance
from rag_commons.retrieval.asking import Asked, read_question
from rag_commons.retrieval.features import Candidate, Searched
from rag_commons.retrieval.fusion import Calibration, Fused, Scores, fuse, idf, spread
from rag_commons.retrieval.spelling import mend_terms
from rag_commons.text.analysis import analyse

_DEPTH = 200
_TITLES = 100
_NEAREST = 100
# chosen on the training half of PIAF: 0.2 is best at rank 1, titles above 1 find what bodies leave out but lose rank 1
BODY_FIRST = Boosts(title=0.2, section=0.2, body=1.0)
_TITLE_FIRST = Boosts(title=1.5, section=1.0, body=1.0)


@dataclass(frozen=True, slots=True)
class Found:
    """What the searches found for a question, best fused score first."""

    asked: Asked
    fused: list[Fused]
    dense: Scores
    lexical: Scores
    titles: Scores


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A found passage, read."""

    found: Fused
    passage: Passage
    provenance: Provenance


def prepare(index: Index, question: str, mend: bool = True) -> Asked:
    """Read a question by an index: typing errors are mended and rarity told by what its passages hold."""
    passages = index.manifest.passages
    frequencies: dict[str, int] = {}

    def frequency(term: str) -> int:
        if term not in frequencies:
            frequencies[term] = index.frequency(term)
        return frequencies[term]

    terms = analyse(question)
    return read_question(question, mend_terms(terms, frequency) if mend else terms, lambda term: idf(passages, frequency(term)))


def depth(k: int) -> int:
    """Return how many passages each search gives when k are wanted."""
    return max(_DEPTH, 2 * k)


def find(index: Index, asked: Asked, dense: Scores, k: int, allowed: Allowed | None, calibration: Calibration) -> Found:
    """Search the words of a question and fuse what is found with `dense`, the nearest passages."""
    lexical = index.lexical_search(asked.repeated, depth(k), allowed, BODY_FIRST)
    return join(asked, dense, lexical, index.lexical_search(asked.repeated, _TITLES, allowed, _TITLE_FIRST), calibration)


def join(asked: Asked, dense: Scores, lexical: Scores, titles: Scores, calibration: Calibration) -> Found:
    """Fuse what the searches found."""
    return Found(asked, fuse(dense, lexical, calibration), dense, lexical, titles)


def read_best(index: Index, found: Found, count: int) -> list[ReadPassage]:
    """Read the `count` best passages, less those that are gone meanwhile."""
    read = []
    for item in found.fused[:count]:
        passage = index.passage(item.key)
        if passage is not None:
            read.append(ReadPassage(item, *passage))
    return read


def candidates(found: Found, passages: Sequence[ReadPassage]) -> tuple[Searched, list[Candidate]]:
    """Return what a ranker reads of the passages; where a search did not find one, the last score that it gave stands in."""
    nearest = np.array([score for _, score in found.dense[:_NEAREST]] or [0.0])
    searched = Searched(
        found.lexical[0][1] if found.lexical else 0.0,
        found.titles[0][1] if found.titles else 0.0,
        float(nearest.mean()),
        spread(found.dense),
        float(nearest[0]),
    )
    lexical, titles, dense = _ranked(found.lexical, _DEPTH), _ranked(found.titles, _TITLES), _ranked(found.dense, _DEPTH)
    least = tuple(scores[-1][1] if scores else 0.0 for scores in (found.lexical, found.titles, found.dense))
    read = []
    for item in passages:
        key, passage = item.found.key, item.passage
        words, words_rank = lexical.get(key, (least[0], _DEPTH))
        title, _ = titles.get(key, (least[1], _TITLES))
        near, near_rank = dense.get(key, (least[2], _DEPTH))
        read.append(Candidate(key, item.provenance.title, passage.section or "", passage.text, words, words_rank, title, near, near_rank))
    return searched, read


def _ranked(scores: Scores, deepest: int) -> dict[int, tuple[float, int]]:
    return {key: (score, min(rank, deepest)) for rank, (key, score) in enumerate(scores)}
