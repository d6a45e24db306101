"""Fusion of dense and lexical search by calibrated score.

Reciprocal rank fusion throws the scores away; on mixed French corpora that loses more at rank 1 than it gains. Each score is put on
a scale of its own, then the two are added with fixed weights.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become comparable: weights of the dense cosine and of the lexical score relative to the best one of its question.

    Chosen on the training half of PIAF by `eval/tune_fusion.py`; nothing was looked at on the other half.
    """

    dense: float = 0.5
    lexical: float = 1.0


@dataclass(frozen=True, slots=True)
class Fused:
    """A passage key with its fused score (0 to 1) and the two scores it comes from."""

    key: int
    score: float
    dense: float | None
    lexical: float | None


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], calibration: Calibration) -> list[Fused]:
    """Return every passage found by either search, best first; ties go to the lower key, so that the order is one."""
    top = max(lexical.values(), default=0.0)
    total = calibration.dense + calibration.lexical
    fused = []
    for key in dense.keys() | lexical.keys():
        cosine, words = dense.get(key), lexical.get(key)
        score = calibration.dense * max(0.0, cosine or 0.0) + calibration.lexical * ((words or 0.0) / top if top else 0.0)
        fused.append(Fused(key, score / total, cosine, words))
    return sorted(fused, key=lambda item: (-item.score, item.key))


def idf(documents: int, frequency: int) -> float:
    """Return the inverse document frequency of BM25 (Robertson and Zaragoza 2009), always positive."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
