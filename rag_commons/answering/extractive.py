"""The extractive reader: the sentences of the hits that answer, word for word, or an abstention with its reason.

A linear model over readable features scores each sentence (`eval/fit_reader.py` fits it). The best one comes first. Others follow
only while it is unsure that the answer has been said, and within a number of words. The one surprise: where the best sentence
begins with a pronoun, the one before it, which says of whom it speaks, comes right after.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from rag_commons.answering.abstention import NO_WORDS, Evidence, definition_before, reason_to_abstain
from rag_commons.answering.draft import Draft, DraftStatement, Quote
from rag_commons.answering.features import FEATURES, Candidate, candidates_of, describe, weigh
from rag_commons.answering.linear import LinearModel, linear_model
from rag_commons.answering.question import understand
from rag_commons.answering.rarity import Rarity, rarity_of
from rag_commons.answering.reading import read_passages
from rag_commons.answers import Mode
from rag_commons.documents import Hit
from rag_commons.encoder import Encoder

MAX_STATEMENTS = 3
MAX_WORDS = 160

# once the sentences chosen answer this surely, nothing is added
_SURE = 0.98
# a sentence less likely than this to answer adds nothing
_MIN_CHANCE = 0.02


class ExtractiveReader:
    """Chooses sentences; it writes none."""

    mode: Mode = "extractive"

    def __init__(self, rarity: Rarity, *, abstains: bool = True, encoder: Encoder | None = None) -> None:
        """Take the retriever, whose index says how rare words are; one that never abstains or another encoder serves measurement."""
        self._rarity = rarity
        self._encoder = encoder
        self._abstains = abstains

    def read(self, question: str, hits: Sequence[Hit]) -> Draft:
        """Return the sentences that answer, best first, each quoting its own passage."""
        evidence = self.weigh(question, hits)
        if evidence is None:
            return Draft(reason=NO_WORDS)
        reason = reason_to_abstain(evidence) if self._abstains or not evidence.candidates else None
        if reason:
            return Draft(reason=reason)
        return Draft(tuple(_statement(candidate) for candidate in _choose(evidence)))

    def weigh(self, question: str, hits: Sequence[Hit]) -> Evidence | None:
        """Return every sentence of the hits with its features and score; None where the question has no word to look for."""
        asked = understand(question)
        if not asked.terms:
            return None
        weighed = weigh(asked, rarity_of(asked.terms, self._rarity))
        passages = read_passages(hits)
        rows = describe(weighed, passages, self._encoder)
        return Evidence(weighed, passages, candidates_of(passages), rows, _model().score(rows))


def _statement(candidate: Candidate) -> DraftStatement:
    return DraftStatement(candidate.text, (Quote(candidate.passage.hit, candidate.sentence.start, candidate.sentence.end),))


def _choose(evidence: Evidence) -> Iterator[Candidate]:
    """Yield the best sentence, then others while the answer may still be unsaid."""
    chances = np.exp(evidence.scores - evidence.scores.max())
    chances /= chances.sum()
    # equal scores keep the order of the hits, so that the order is one
    order = [int(at) for at in np.argsort(-chances, kind="stable")]
    wanted = _lead(evidence, order[0])
    said: set[str] = set()
    words = 0
    sure = 0.0
    for at in (*wanted, *(at for at in order if at not in wanted)):
        candidate = evidence.candidates[at]
        unlikely = chances[at] < _MIN_CHANCE and at not in wanted
        if candidate.text in said or (said and (unlikely or words + candidate.sentence.length > MAX_WORDS)):
            continue
        yield candidate
        said.add(candidate.text)
        words += candidate.sentence.length
        sure += float(chances[at])
        if len(said) == MAX_STATEMENTS or (sure >= _SURE and len(said) >= len(wanted)):
            return


def _lead(evidence: Evidence, best: int) -> list[int]:
    """Return what comes first: the best sentence, and the one before it where that one says of whom it speaks, or what is defined."""
    defined = definition_before(evidence)
    if defined is not None:
        return [defined, best]
    before = best - 1
    one, other = evidence.candidates[best], evidence.candidates[before]
    adjacent = before >= 0 and other.passage is one.passage and other.sentence.number == one.sentence.number - 1
    return [best, before] if adjacent and one.pronoun() else [best]


@cache
def _model() -> LinearModel:
    return linear_model("reader", FEATURES)
