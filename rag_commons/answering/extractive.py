"""The extractive reader: the sentences of the hits that answer, word for word, or an abstention with its reason.

A linear model over readable features scores each sentence (`eval/fit_reader.py` fits it). The best one comes first. Others follow
only while it is unsure that the answer has been said, and within a number of words. The one surprise: where the best sentence
begins with a pronoun, the one before it, which says of whom it speaks, comes right after.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rag_commons.answering.abstention import NO_WORDS, Evidence, reason_to_abstain
from rag_commons.answering.draft import Draft, DraftStatement, Quote
from rag_commons.answering.features import FEATURES, Candidate, candidates_of, describe, weigh
from rag_commons.answering.linear import LinearModel, linear_model
from rag_commons.answering.question import understand
from rag_commons.answering.rarity import Rarity, rarity_of
from rag_commons.answering.reading import read_passages
from rag_commons.answers import Mode
from rag_commons.documents import Hit

MAX_STATEMENTS = 5
MAX_WORDS = 130

# once the sentences chosen answer this surely, nothing is added
_SURE = 0.9
# a sentence less likely than this to answer adds nothing
_MIN_CHANCE = 0.025


class ExtractiveReader:
    """Chooses sentences; it writes none."""

    mode: Mode = "extractive"

    def __init__(self, rarity: Rarity, *, abstains: bool = True) -> None:
        """Take the retriever, whose index says how rare words are; a reader that never abstains serves measurement."""
        self._rarity = rarity
        self._abstains = abstains

    def read(self, question: str, hits: Sequence[Hit]) -> Draft:
        """Return the sentences that answer, best first, each quoting its own passage."""
        evidence = self.weigh(question, hits)
        if evidence is None:
            return Draft(reason=NO_WORDS)
        reason = reason_to_abstain(evidence) if self._abstains or not evidence.candidates else None
        if reason:
            return Draft(reason=reason)
        return Draft(tuple(_statement(candidate) for candidate in _choose(evidence.candidates, evidence.scores)))

    def weigh(self, question: str, hits: Sequence[Hit]) -> Evidence | None:
        """Return every sentence of the hits with its features and score; None where the question has no word to look for."""
        asked = understand(question)
        if not asked.terms:
            return None
        weighed = weigh(asked, rarity_of(asked.terms, self._rarity))
        passages = read_passages(hits)
        rows = describe(weighed, passages)
        return Evidence(weighed, passages, candidates_of(passages), rows, _model().score(rows))


def _statement(candidate: Candidate) -> DraftStatement:
    return DraftStatement(candidate.text, (Quote(candidate.passage.hit, candidate.sentence.start, candidate.sentence.end),))


def _choose(candidates: Sequence[Candidate], scores: NDArray[np.float64]) -> Iterator[Candidate]:
    """Yield the best sentence, then others while the answer may still be unsaid."""
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    # equal scores keep the order of the hits, so that the order is one
    order = [int(at) for at in np.argsort(-chances, kind="stable")]
    order = _with_antecedent(candidates, order)
    said: set[str] = set()
    words = chosen = 0
    sure = 0.0
    for at in order:
        candidate = candidates[at]
        if chosen and (chances[at] < _MIN_CHANCE or words + candidate.sentence.length > MAX_WORDS):
            continue
        if candidate.text in said:
            continue
        yield candidate
        said.add(candidate.text)
        chosen += 1
        words += candidate.sentence.length
        sure += float(chances[at])
        if chosen == MAX_STATEMENTS or sure >= _SURE:
            return


def _with_antecedent(candidates: Sequence[Candidate], order: list[int]) -> list[int]:
    """Move the sentence before the best one to the second place, where the best begins with a pronoun."""
    best = order[0]
    before = best - 1
    neighbours = (
        before >= 0
        and candidates[best].pronoun()
        and candidates[before].passage is candidates[best].passage
        and candidates[before].sentence.number == candidates[best].sentence.number - 1
    )
    return [best, before, *(at for at in order[1:] if at != before)] if neighbours else order


@cache
def _model() -> LinearModel:
    return linear_model("reader", FEATURES)
