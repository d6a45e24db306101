"""Intervals: percentile bootstrap over clusters (questions, or the pages that they are about)."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
LEVEL = 0.95
_SEED = 20260101

Floats = NDArray[np.float64]


def resampled(clusters: Sequence[Hashable], columns: Floats, draws: int = DRAWS) -> Floats:
    """Return the sums of columns, (draws, width), over clusters drawn with replacement; `columns` is (cases, width).

    The seed is fixed, so that the same cases give the same interval.
    """
    numbers = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    sums = np.zeros((len(numbers), columns.shape[1]))
    np.add.at(sums, [numbers[name] for name in clusters], columns)
    count = len(numbers)
    draw = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), size=draws)
    return np.asarray(draw.astype(np.float64) @ sums)


def percentile_interval(values: Floats) -> tuple[float, float]:
    """Return the bounds that hold the middle 95 % of the values, those that are no number aside."""
    kept = values[~np.isnan(values)]
    if not len(kept):
        return float("nan"), float("nan")
    low, high = np.quantile(kept, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
