"""What filters leave of an index: the passages that a search may return."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# from and to, both included; None sets no bound
Years = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """A set of passages: bit `key` of `bits` (little endian in each byte) says that the passage of that key is in it.

    `documents` are the keys of the documents they come from.
    """

    bits: NDArray[np.uint8]
    passages: int
    documents: NDArray[np.int64]

    def __contains__(self, key: int) -> bool:
        """Whether the passage of this key is in the set."""
        return 0 <= key < 8 * len(self.bits) and bool(self.bits[key >> 3] >> (key & 7) & 1)


def allow_spans(documents: NDArray[np.int64], first: NDArray[np.int64], count: NDArray[np.int64]) -> Allowed:
    """Return the set of the passages first, first + 1, … (count of them) of each document."""
    size = int((first + count).max()) if len(first) else 0
    # +1 where a span starts, -1 after its end: the running sum is 1 inside, as spans do not overlap
    edges = np.zeros(size + 1, dtype=np.int32)
    np.add.at(edges, first, 1)
    np.add.at(edges, first + count, -1)
    inside = np.cumsum(edges)[:size] > 0
    return Allowed(np.packbits(inside, bitorder="little"), int(count.sum()), documents)
