"""Fusion of dense and lexical search by calibrated score.

Each search's scores become shares of one: how sure it is of each passage it found, by a softmax. A search that sees one passage far
above the others gives it almost everything, one that hesitates spreads its share, so that whichever is surer decides. Reciprocal rank
fusion throws that away and loses at rank 1 on mixed French corpora; a weighted sum of the plain scores loses there too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Scores = Sequence[tuple[int, float]]

_SPREAD = 100  # the nearest passages whose cosines tell what a difference is worth
_LEAST_SPREAD = 1e-3


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure a difference of scores makes: `lexical` for one unit of BM25, `dense` for one standard deviation of the nearest cosines.

    `weight` is what the dense search counts beside the lexical one. Chosen on the training half of PIAF by `eval/tune_fusion.py`, with
    encoders that had not seen the questions.
    """

    lexical: float = 0.5
    dense: float = 0.6
    weight: float = 0.3


@dataclass(frozen=True, slots=True)
class Fused:
    """A passage key with its fused score (0 to 1) and the two scores it comes from."""

    key: int
    score: float
    dense: float | None
    lexical: float | None


def fuse(dense: Scores, lexical: Scores, calibration: Calibration) -> list[Fused]:
    """Return every passage found by either search, best first; ties go to the lower key, so that the order is one.

    Both searches are given best first.
    """
    cosines, words = dict(dense), dict(lexical)
    near = _shares(dense, calibration.dense / spread(dense))
    said = _shares(lexical, calibration.lexical)
    whole = (1.0 if lexical else 0.0) + (calibration.weight if dense else 0.0)
    fused = [
        Fused(key, (said.get(key, 0.0) + calibration.weight * near.get(key, 0.0)) / whole, cosines.get(key), words.get(key))
        for key in words.keys() | cosines.keys()
    ]
    return sorted(fused, key=lambda item: (-item.score, item.key))


def spread(dense: Scores) -> float:
    """Return the standard deviation of the nearest cosines."""
    nearest = [score for _, score in dense[:_SPREAD]]
    mean = math.fsum(nearest) / len(nearest) if nearest else 0.0
    return math.sqrt(math.fsum((score - mean) ** 2 for score in nearest) / max(1, len(nearest))) + _LEAST_SPREAD


def idf(documents: int, frequency: int) -> float:
    """Return the inverse document frequency of BM25 (Robertson and Zaragoza 2009), always positive."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def _shares(scores: Scores, sureness: float) -> dict[int, float]:
    """Return the softmax of the scores, best first, times `sureness`."""
    raised = {key: math.exp(sureness * (score - scores[0][1])) for key, score in scores}
    total = math.fsum(raised.values())
    return {key: value / total for key, value in raised.items()}
