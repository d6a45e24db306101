"""The extractive reader: the sentences of the hits that answer, word for word, or an abstention with its reason.

A linear model over readable features scores each sentence (`eval/fit_reader.py` fits it), on which abstention rests. Which sentences
answer, and in which order, is chosen in `choosing.py`.
"""

from collections.abc import Sequence
from functools import cache

from rag_commons.answering.abstention import NO_WORDS, Evidence, reason_to_abstain
from rag_commons.answering.choosing import chosen
from rag_commons.answering.draft import Draft, DraftStatement, Quote
from rag_commons.answering.features import FEATURES, Candidate, candidates_of, describe, weigh
from rag_commons.answering.linear import LinearModel, linear_model
from rag_commons.answering.question import understand
from rag_commons.answering.rarity import Rarity, rarity_of
from rag_commons.answering.reading import read_passages
from rag_commons.answers import Mode
from rag_commons.documents import Hit
from rag_commons.encoder import Encoder


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
        return Draft(tuple(_statement(candidate) for candidate in chosen(evidence)))

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


@cache
def _model() -> LinearModel:
    return linear_model("reader", FEATURES)
