"""The index of a sparse encoder's rows: for each component the passages that have it, with what it weighs there.

It stands where the dense index does, and is searched as it is: scores are products of a question's row and the passages'. Every search
is exact. Weights are halves; the file is memory-mapped and a search reads the lists of the question's components alone.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from rag_commons.errors import IndexUnusable
from rag_commons.index.allowed import Allowed
from rag_commons.index.manifest import DenseFacts

_ENTRY = 6  # bytes of a component in a packed row: its number and a half


def pack_row(row: NDArray[np.float32]) -> bytes:
    """Return the components of a row that are not nought: their numbers, then their weights."""
    weights = row.astype(np.float16)
    numbers = np.flatnonzero(weights).astype(np.int32)
    return numbers.tobytes() + weights[numbers].tobytes()


class SparseIndex:
    """An opened sparse index. Searches may come from several threads."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = safe_open(path, framework="numpy")
            self._keys: NDArray[np.int64] = self._file.get_tensor("keys")  # type: ignore[no-untyped-call]
            self._starts: NDArray[np.int64] = self._file.get_tensor("starts")  # type: ignore[no-untyped-call]
            self._rows = self._file.get_slice("rows")  # type: ignore[no-untyped-call]
            self._weights = self._file.get_slice("weights")  # type: ignore[no-untyped-call]
            sizes = (self._rows.get_shape(), self._weights.get_shape())
        except (OSError, SafetensorError) as error:
            raise IndexUnusable(f"a sparse index in {path}", str(error)[:200], "run `rag-commons index rebuild`") from None
        if sizes != ([self._starts[-1]], [self._starts[-1]]):
            raise IndexUnusable(f"{self._starts[-1]} weights in {path}", f"{sizes}", "run `rag-commons index rebuild`")

    @property
    def passages(self) -> int:
        """The number of rows."""
        return len(self._keys)

    @property
    def dimension(self) -> int:
        """The number of components of a row."""
        return len(self._starts) - 1

    def search(self, vector: NDArray[np.float32], k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """Return at most k (passage key, product), best first, all of them in `allowed`, none of them nought."""
        scores = np.zeros(len(self._keys), dtype=np.float32)
        for number in np.flatnonzero(vector):
            start, end = int(self._starts[number]), int(self._starts[number + 1])
            if start < end:
                scores[self._rows[start:end]] += vector[number] * self._weights[start:end].astype(np.float32)
        if allowed is not None:
            inside = np.zeros(int(self._keys.max(initial=0)) + 1, dtype=np.uint8)
            bits = np.unpackbits(allowed.bits, count=min(8 * len(allowed.bits), len(inside)), bitorder="little")
            inside[: len(bits)] = bits
            scores *= inside[self._keys]
        found = np.flatnonzero(scores > 0)
        if k < len(found):
            # ties at the last place go to the lower key, as everywhere
            least = np.partition(scores[found], -k)[-k] if k > 0 else np.inf
            found = found[scores[found] >= least]
        hits = sorted(((int(self._keys[row]), float(scores[row])) for row in found), key=lambda hit: (-hit[1], hit[0]))
        return hits[: max(k, 0)]

    def keys(self) -> NDArray[np.int64]:
        """Return the passage keys that have a row, in order."""
        return np.sort(self._keys)

    def entries(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float16]]:
        """Return the keys, and of each weight its component, the row that it is of, and itself."""
        components = np.repeat(np.arange(self.dimension), np.diff(self._starts))
        rows: NDArray[np.int32] = self._file.get_tensor("rows")  # type: ignore[no-untyped-call]
        weights: NDArray[np.float16] = self._file.get_tensor("weights")  # type: ignore[no-untyped-call]
        return self._keys, components, rows.astype(np.int64), weights


class SparseWriter:
    """Makes the sparse index of a generation, from nothing or from the previous one."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._keys: list[int] = []
        self._packed: list[bytes] = []

    def __enter__(self) -> "SparseWriter":
        """Return the writer."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Forget the rows that waited."""
        self._packed.clear()

    def add(self, keys: Sequence[int], rows: Sequence[bytes]) -> None:
        """Add one row of `pack_row` a key."""
        self._keys += keys
        self._packed += rows

    def finish(self, path: Path, previous: tuple[Path, DenseFacts] | None = None, removed: Sequence[int] = ()) -> DenseFacts:
        """Write the index: what was added, and what the previous one held less what is removed."""
        keys, components, rows, weights = self._added()
        if previous is not None:
            held, old_components, old_rows, old_weights = SparseIndex(previous[0]).entries()
            stays = ~np.isin(held, np.array(removed, dtype=np.int64))
            kept = stays[old_rows]
            numbers = np.cumsum(stays) - 1
            rows = np.concatenate((numbers[old_rows[kept]], rows + int(stays.sum())))
            components = np.concatenate((old_components[kept], components))
            weights = np.concatenate((old_weights[kept], weights))
            keys = np.concatenate((held[stays], keys))
        order = np.argsort(components, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(components, minlength=self._dimension))))
        path.parent.mkdir(exist_ok=True)
        save_file({"keys": keys, "starts": starts.astype(np.int64), "rows": rows[order].astype(np.int32), "weights": weights[order]}, path)
        return DenseFacts(1, 1, len(keys))

    def _added(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float16]]:
        sizes = np.array([len(packed) // _ENTRY for packed in self._packed], dtype=np.int64)
        numbers = b"".join(packed[: 4 * size] for packed, size in zip(self._packed, sizes.tolist(), strict=True))
        weights = b"".join(packed[4 * size :] for packed, size in zip(self._packed, sizes.tolist(), strict=True))
        return (
            np.array(self._keys, dtype=np.int64),
            np.frombuffer(numbers, dtype=np.int32).astype(np.int64),
            np.repeat(np.arange(len(sizes)), sizes),
            np.frombuffer(weights, dtype=np.float16),
        )
