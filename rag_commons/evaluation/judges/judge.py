"""Judges of support: what gives a chance that a passage supports a sentence. A model of entailment, or words alone as the baseline."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag_commons.answering.verification.facts import foreign_facts
from rag_commons.text.analysis import analyse

Chances = NDArray[np.float64]


class Judge(Protocol):
    """What judges: its name, what tells its weights from others, and a chance from 0 to 1 for each (passage, sentence)."""

    name: str

    @property
    def fingerprint(self) -> str:
        """What tells this judge from another of the same name."""
        ...

    def chances(self, pairs: Sequence[tuple[str, str]]) -> Chances:
        """Return one chance a pair."""
        ...


class Words:
    """The baseline, with no model: the share of the sentence's stems that the passage holds (KP) and whether its facts are there (HF)."""

    name = "KP + HF"
    fingerprint = "rag-commons"

    def chances(self, pairs: Sequence[tuple[str, str]]) -> Chances:
        """Return the mean of both, a pair each."""
        return np.array([self._chance(*pair) for pair in pairs])

    def _chance(self, passage: str, sentence: str) -> float:
        terms = frozenset(analyse(sentence))
        held = len(terms & frozenset(analyse(passage))) / len(terms) if terms else 0.0
        return (held + (not foreign_facts(sentence, (passage,)))) / 2
