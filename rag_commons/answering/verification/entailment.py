"""Entailment: a model's word on reworded statements, beside the checks of `support`. It can only refuse more.

A statement that is its citation word for word is not asked about: the words prove it, and a model could only err.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

NOT_ENTAILED = "le modèle d'inférence ne tire pas la phrase de la citation"

_LEAST = 0.5


class Entailment(Protocol):
    """What gives the chances, from 0 to 1, that a text (premise) supports a sentence."""

    def chances(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return one chance a pair (premise, sentence)."""
        ...


def unentailed(statement: str, cited: Sequence[str], model: Entailment | None) -> str | None:
    """Return that the model finds no support for a statement in the cited words, or None, as where there is no model."""
    if model is None:
        return None
    chance = float(model.chances([(" ".join(cited), statement)])[0])
    # a chance that is no number supports nothing
    return None if chance >= _LEAST else NOT_ENTAILED
