"""Gradient-boosted trees, as numbers: read from one small file and evaluated by numpy, so that no question waits for a learning library.

A tree is a row of arrays: at node n, go left where `value[feature[n]] <= threshold[n]`. A child below 0 is leaf ~child. Trees are not
walked: every split of every tree is decided at once, each split that goes right strikes out the leaves on its left, and the first leaf
left is where the row falls (QuickScorer, Lucchese and others 2015). Walking takes five times as long.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from rag_commons.errors import IndexUnusable

FORMAT = "1"
MOST_LEAVES = 64  # the bits of a mask
_ARRAYS = ("feature", "threshold", "left", "right", "leaf")


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees padded to the largest: (trees, nodes) and (trees, leaves). `features` names the columns that it was trained on.

    `slope` and `offset` turn scores into chances.
    """

    features: tuple[str, ...]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    leaf: NDArray[np.float32]
    slope: float = 1.0
    offset: float = 0.0


class Scorer:
    """A forest made ready to score."""

    def __init__(self, forest: Forest) -> None:
        trees, nodes = forest.feature.shape
        self._columns = forest.feature.ravel()
        self._thresholds = forest.threshold.ravel()
        self._shape = (trees, nodes)
        # nodes that are only padding strike out nothing
        self._masks = np.full((trees, nodes), ~np.uint64(0))
        self._leaves = np.zeros((trees, MOST_LEAVES))
        self._slope, self._offset = forest.slope, forest.offset
        for tree in range(trees):
            self._number(forest, tree)

    def scores(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return one score a row: the sum of the leaves that it falls into, float64 (rows,)."""
        right = values[:, self._columns] > self._thresholds
        masks = np.where(right.reshape(-1, *self._shape), self._masks, ~np.uint64(0))
        left = np.bitwise_and.reduce(masks, axis=2)
        first = left & (~left + np.uint64(1))
        leaf = np.log2(first.astype(np.float64)).astype(np.intp)  # a power of two, which a float holds exactly
        total: NDArray[np.float64] = self._leaves[np.arange(self._shape[0]), leaf].sum(axis=1)
        return total

    def chances(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the scores as chances (0 to 1) that the passage is the one, as calibrated when the trees were trained."""
        return 1 / (1 + np.exp(-(self._slope * self.scores(values) + self._offset)))

    def _number(self, forest: Forest, tree: int) -> None:
        """Give the leaves of a tree their numbers from left to right, and note for each split which are on its left."""
        count = 0
        left_of: dict[int, int] = {}
        # (node, 0) is to be opened; (node, 1) has its left side numbered, from left_of[node] on
        waiting = [(0, 0)]
        while waiting:
            node, step = waiting.pop()
            if node < 0:
                self._leaves[tree, count] = forest.leaf[tree, ~node]
                count += 1
            elif step == 0:
                left_of[node] = count
                waiting += [(int(forest.right[tree, node]), 0), (node, 1), (int(forest.left[tree, node]), 0)]
            else:
                struck = (1 << count) - (1 << left_of[node])
                self._masks[tree, node] = np.uint64(~struck & (1 << MOST_LEAVES) - 1)


def save_forest(forest: Forest, path: Path) -> None:
    """Write the file."""
    facts = {"format": FORMAT, "features": json.dumps(forest.features), "slope": repr(forest.slope), "offset": repr(forest.offset)}
    save_file({name: getattr(forest, name) for name in _ARRAYS}, str(path), facts)
    path.chmod(0o644)


def load_forest(path: Path) -> Forest:
    """Read the file; IndexUnusable when it is missing, damaged or of another format."""
    try:
        with safe_open(str(path), framework="numpy") as file:
            facts = file.metadata() or {}
            if facts.get("format") != FORMAT:
                raise ValueError(f"format {facts.get('format')}")
            arrays = {name: file.get_tensor(name) for name in _ARRAYS}
        forest = Forest(tuple(json.loads(facts["features"])), **arrays, slope=float(facts["slope"]), offset=float(facts["offset"]))
        _check(forest)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(
            f"a ranker in {path}", str(error)[:200], "install rag-commons again, or run `rag-commons train-ranker`"
        ) from None
    return forest


def _check(forest: Forest) -> None:
    """Raise ValueError for trees whose numbers point outside, or in circles."""
    trees, nodes = forest.feature.shape
    leaves = forest.leaf.shape[1]
    if (
        forest.leaf.shape[0] != trees
        or leaves > MOST_LEAVES
        or not all(array.shape == (trees, nodes) for array in (forest.threshold, forest.left, forest.right))
    ):
        raise ValueError("trees of different shapes")
    if forest.feature.min(initial=0) < 0 or forest.feature.max(initial=0) >= len(forest.features):
        raise ValueError("a feature that has no name")
    for child in (forest.left, forest.right):
        # in LightGBM's order, which splits are numbered in, a child comes after its parent
        if child.min(initial=-1) < -leaves or child.max(initial=-1) >= nodes or ((child >= 0) & (child <= np.arange(nodes))).any():
            raise ValueError("a child that is nowhere")
