"""Candidates: what both searches of an index find for a question, fused; and the reading of the best of them for a ranker."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag_commons.documents import Passage
from rag_commons.index.allowed import Allowed
from rag_commons.index.lexical import Boosts
from rag_commons.index.opened import Index
from rag_commons.licences.provenance import Provenance
from rag_commons.retrieval.asking import Asked, read_question
from rag_commons.retrieval.features import Candidate, Searched
from rag_commons.retrieval.fusion import Calibration, Fused, Scores, fuse, idf, least, spread
from rag_commons.retrieval.spelling import mend_terms
from rag_commons.text.analysis import analyse

_DEPTH = 400
# chosen on the training half of PIAF, beside what each term found anywhere is worth
FIELDS = Boosts(title=0.4, section=0.4, body=1.0)


@dataclass(frozen=True, slots=True)
class Found:
    """What the searches found for a question, best fused score first."""

    asked: Asked
    fused: list[Fused]
    dense: Scores
    lexical: Scores


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
    """Search the words of a question and fuse what is found with `dense`, the nearest passages.

    Beside BM25, a term found in any field is worth its rarity once: a passage that has all the question's words, some of them in its
    title alone, comes before one that repeats a few.
    """
    lexical = index.lexical_search(asked.repeated, depth(k), allowed, FIELDS, asked.rarity)
    return join(asked, dense, lexical, k, calibration)


def join(asked: Asked, dense: Scores, lexical: Scores, k: int, calibration: Calibration) -> Found:
    """Fuse what the searches found when k passages were wanted."""
    return Found(asked, fuse(dense, lexical, asked.total, depth(k), calibration), dense, lexical)


def read_best(index: Index, found: Found, count: int) -> list[ReadPassage]:
    """Read the `count` best passages, less those that are gone meanwhile."""
    best = found.fused[:count]
    passages = index.passages([item.key for item in best])
    return [ReadPassage(item, *passages[item.key]) for item in best if item.key in passages]


def candidates(found: Found, passages: Sequence[ReadPassage]) -> tuple[Searched, list[Candidate]]:
    """Return what a ranker reads of the passages; where a search did not find one, the last score that it gave stands in."""
    mean, deviation = spread(found.dense)
    searched = Searched(_best(found.lexical), mean, deviation)
    lexical, dense = _ranked(found.lexical), _ranked(found.dense)
    without_words = least(found.lexical, _DEPTH), _DEPTH
    far = found.dense[-1][1] if found.dense else 0.0, _DEPTH
    read = []
    for item in passages:
        passage = item.passage
        words, words_rank = lexical.get(item.found.key, without_words)
        near, near_rank = dense.get(item.found.key, far)
        read.append(
            Candidate(item.found.key, item.provenance.title, passage.section or "", passage.text, words, words_rank, near, near_rank)
        )
    return searched, read


def _best(scores: Scores) -> float:
    return scores[0][1] if scores else 0.0


def _ranked(scores: Scores) -> dict[int, tuple[float, int]]:
    return {key: (score, min(rank, _DEPTH)) for rank, (key, score) in enumerate(scores)}
