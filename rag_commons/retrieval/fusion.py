"""Fusion of dense and lexical search by calibrated score.

Each search's score is brought to a scale that questions share: the lexical one is divided by what all the question's terms are worth,
the dense one counted in standard deviations of the nearest cosines. Their weighted sum orders the passages, and a logistic makes a
chance of it. A passage that one search did not find has the last score which that search gave, or nothing where a lexical search gave
all there was. Reciprocal rank fusion throws the scores away and loses at rank 1 on mixed French corpora.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = Sequence[tuple[int, float]]

_NEAREST = 100  # the passages whose cosines tell what a difference is worth
_LEAST_SPREAD = 1e-3
_LEAST_TOTAL = 1e-6
_SURE = 500.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """How searches count: `dense` is what one standard deviation of the nearest cosines is worth beside the share of the question found.

    `slope` and `offset` make a chance of the sum (Platt 1999). Chosen on the training half of PIAF by `eval/tune_fusion.py`, with encoders
    that had not seen the questions.
    """

    dense: float = 0.04
    slope: float = 3.0
    offset: float = -9.0


class Fused(NamedTuple):
    """A passage key with its fused score (a chance, 0 to 1) and the two scores it comes from."""

    key: int
    score: float
    dense: float | None
    lexical: float | None


def fuse(dense: Scores, lexical: Scores, total: float, depth: int, calibration: Calibration) -> list[Fused]:
    """Return every passage found by either search, best first; ties go to the lower key, so that the order is one.

    Both searches are given best first; `total` is the summed rarity of the question's terms, `depth` how many passages were asked for.
    """
    cosines, words = dict(dense), dict(lexical)
    keys = np.fromiter(cosines.keys() | words.keys(), dtype=np.int64)
    mean, deviation = spread(dense)
    near = (_filled(keys, cosines, dense[-1][1] if dense else 0.0) - mean) / deviation
    said = _filled(keys, words, least(lexical, depth)) / max(total, _LEAST_TOTAL)
    sums = calibration.slope * (said + calibration.dense * near) + calibration.offset
    chances = 1 / (1 + np.exp(-np.clip(sums, -_SURE, _SURE)))
    order = np.lexsort((keys, -chances))
    ordered = keys[order].tolist()
    return list(map(Fused, ordered, chances[order].tolist(), map(cosines.get, ordered), map(words.get, ordered)))


def least(lexical: Scores, depth: int) -> float:
    """Return what stands in for the lexical score of a passage that is not among the `depth` best."""
    return lexical[-1][1] if len(lexical) >= depth else 0.0


def spread(dense: Scores) -> tuple[float, float]:
    """Return mean and standard deviation of the nearest cosines."""
    nearest = [score for _, score in dense[:_NEAREST]]
    mean = math.fsum(nearest) / len(nearest) if nearest else 0.0
    return mean, math.sqrt(math.fsum((score - mean) ** 2 for score in nearest) / max(1, len(nearest))) + _LEAST_SPREAD


def idf(documents: int, frequency: int) -> float:
    """Return the inverse document frequency of BM25 (Robertson and Zaragoza 2009), always positive."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def _filled(keys: NDArray[np.int64], scores: Mapping[int, float], missing: float) -> NDArray[np.float64]:
    return np.fromiter((scores.get(key, missing) for key in keys.tolist()), dtype=np.float64, count=len(keys))
