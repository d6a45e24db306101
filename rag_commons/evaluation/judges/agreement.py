"""Agreement between those who label, whether people or a judge: kappa, alpha, balanced accuracy, AUROC.

Labels are levels counted from 0. What is not defined (a single level, nothing to compare) is None, never 1.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np


def kappa(left: Sequence[int], right: Sequence[int]) -> float | None:
    """Return Cohen's kappa (1960) of two labellings of the same things."""
    total = len(left)
    if not total:
        return None
    same = sum(one == other for one, other in zip(left, right, strict=True)) / total
    first, second = Counter(left), Counter(right)
    chance = sum(first[level] * second[level] for level in first) / total**2
    return None if chance == 1 else (same - chance) / (1 - chance)


def alpha(labels: Sequence[Sequence[int]]) -> float | None:
    """Return Krippendorff's alpha for levels in order (interval distance), each unit with the labels that it got, two or more."""
    units = [unit for unit in labels if len(unit) > 1]
    every = np.array([level for unit in units for level in unit], dtype=np.float64)
    if len(every) < 2:
        return None
    seen = sum(_spread(np.array(unit, dtype=np.float64)) / (len(unit) - 1) for unit in units) / len(every)
    expected = _spread(every) / (len(every) - 1) / len(every)
    return None if expected == 0 else float(1 - seen / expected)


def balanced_accuracy(truth: Sequence[int], guess: Sequence[int]) -> float | None:
    """Return the mean share found of each level that occurs."""
    shares = [_share(truth, guess, level) for level in sorted(set(truth))]
    return float(np.mean(shares)) if shares else None


def precision_recall(truth: Sequence[int], guess: Sequence[int], level: int) -> tuple[float | None, float | None]:
    """Return how much of what is called a level is, and how much of it is called so."""
    both = sum(one == other == level for one, other in zip(truth, guess, strict=True))
    called, held = list(guess).count(level), list(truth).count(level)
    return (both / called if called else None), (both / held if held else None)


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """Return the chance that one of the first scores is above one of the second, ties counting for half."""
    if not len(higher) or not len(lower):
        return None
    first, second = np.asarray(higher)[:, None], np.asarray(lower)[None, :]
    return float(np.mean((first > second) + 0.5 * (first == second)))


def _share(truth: Sequence[int], guess: Sequence[int], level: int) -> float:
    held = [other for one, other in zip(truth, guess, strict=True) if one == level]
    return held.count(level) / len(held)


def _spread(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """Return the sum of squared differences over ordered pairs."""
    return float(2 * (len(values) * np.sum(values**2) - np.sum(values) ** 2))
