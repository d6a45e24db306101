"""The dense index: FAISS inverted lists of one byte a component, searched where the passage keys are their own ids.

Up to 250,000 passages there is one list and every search is exact; above, k-means makes 4·√n lists of which a search visits some.
Files are memory-mapped. The one surprise: filters are exact too, since a search visits the more lists the fewer passages pass.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import faiss
import numpy as np
from numpy.typing import NDArray

from rag_commons.errors import IndexUnusable
from rag_commons.index.allowed import Allowed
from rag_commons.index.manifest import DenseFacts

EXACT = 250_000  # 4 ms a search at 384 components; lists would save 3 of them and lose some of what a question is about
_FINE = 256  # below it one byte a component would be learnt from too few vectors; two bytes need no learning
_SAMPLE = 32  # vectors a list that k-means looks at: 200,000 × 256 train in 3 s on two cores, recall 3 points below 64 in 8 s
_RECALL = 0.96
_BLEND = 3  # a question lies farther from every passage than passages from each other: so does the sum of a few passages
_Rows = Callable[[NDArray[np.int64]], NDArray[np.float32]]  # numbers (increasing) → rows
_CHUNK = 16_384
_SEED = 20_260


class DenseIndex:
    """An opened dense index. Searches may come from several threads."""

    def __init__(self, path: Path, facts: DenseFacts) -> None:
        self._index = _read(path, faiss.IO_FLAG_MMAP_IFC)
        self._facts = facts

    @property
    def passages(self) -> int:
        """The number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""
        return int(self._index.d)

    def search(self, vector: NDArray[np.float32], k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """Return at most k (passage key, inner product), best first, all of them in `allowed`."""
        k = min(k, self.passages if allowed is None else allowed.passages)
        if k <= 0:
            return []
        faiss.omp_set_num_threads(1)  # a question is too short a work to share, and waiting for a busy core costs 20 ms
        selector = None if allowed is None else faiss.IDSelectorBitmap(allowed.bits)  # type: ignore[call-arg, arg-type]
        scores, keys = _search(self._index, vector.reshape(1, -1), k, self._lists(allowed), selector)
        found = [(int(key), float(score)) for key, score in zip(keys[0], scores[0], strict=True) if key >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def keys(self) -> NDArray[np.int64]:
        """Return the passage keys that have a vector, in order."""
        return np.sort(_keys(self._index))

    def _lists(self, allowed: Allowed | None) -> int:
        """Return how many lists to visit so that a filter costs no recall: all of them where less than 5 % pass."""
        if allowed is None:
            return self._facts.probes
        share = allowed.passages / max(1, self.passages)
        return self._facts.lists if share < 0.05 else min(self._facts.lists, int(self._facts.probes / share))


class DenseWriter:
    """Makes the dense index of a generation, from nothing or from the previous one. Vectors wait in an unnamed file, as halves."""

    def __init__(self, dimension: int, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._dimension = dimension
        self._spool = tempfile.TemporaryFile(dir=folder)
        self._keys: list[NDArray[np.int64]] = []

    def __enter__(self) -> "DenseWriter":
        """Return the writer."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Forget the vectors that waited."""
        self._spool.close()

    def add(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add one row of `vectors` a key."""
        self._keys.append(np.array(keys, dtype=np.int64))
        self._spool.write(vectors.astype(np.float16).tobytes())

    def finish(self, path: Path, previous: tuple[Path, DenseFacts] | None = None, removed: Sequence[int] = ()) -> DenseFacts:
        """Write the index: what was added, and what the previous one held less what is removed."""
        faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))
        keys = np.concatenate([np.empty(0, dtype=np.int64), *self._keys])
        if previous is None:
            index = _train(self._dimension, len(keys), self._rows)
            facts = DenseFacts(int(index.nlist), 1, len(keys))
        else:
            index, facts = _read(previous[0], 0), previous[1]
            if len(removed):
                index.remove_ids(faiss.IDSelectorBatch(np.array(removed, dtype=np.int64)))
        for start in range(0, len(keys), _CHUNK):
            part = keys[start : start + _CHUNK]
            index.add_with_ids(self._rows(np.arange(start, start + len(part))), part)
        if previous is None and facts.lists > 1:
            facts = DenseFacts(facts.lists, _probes(index, self._rows, len(keys)), facts.trained)
        faiss.write_index(index, str(path))
        return facts

    def _rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these numbers (increasing), read back from the spool."""
        self._spool.flush()
        whole = np.memmap(self._spool, dtype=np.float16, mode="r").reshape(-1, self._dimension)
        return np.asarray(whole[numbers], dtype=np.float32)


def renewal_due(facts: DenseFacts, passages: int) -> bool:
    """Whether an index of so many passages should be trained anew rather than grown from one that was trained on fewer."""
    return passages > 2 * max(facts.trained, 1) or (facts.trained < _FINE <= passages) or (facts.trained <= EXACT < passages)


def head_bytes(path: Path, dimension: int, passages: int, facts: DenseFacts) -> int:
    """Return how many bytes come before the vectors: what FAISS trusts when it opens the file."""
    entry = 8 + dimension * (2 if facts.trained < _FINE else 1)
    return max(0, path.stat().st_size - passages * entry)


def _train(dimension: int, count: int, rows: _Rows) -> faiss.IndexIVFScalarQuantizer:
    lists = 1 if count <= EXACT else int(4 * count**0.5)
    quantizer = faiss.IndexFlatIP(dimension)
    kind = faiss.ScalarQuantizer.QT_fp16 if count < _FINE else faiss.ScalarQuantizer.QT_8bit
    index = faiss.IndexIVFScalarQuantizer(quantizer, dimension, lists, kind, faiss.METRIC_INNER_PRODUCT, False)
    index.sq.rangestat_arg = 0.1  # room for the vectors of later documents
    if lists == 1:
        quantizer.add(np.zeros((1, dimension), dtype=np.float32))  # one list needs no k-means
    index.cp.niter, index.cp.seed, index.cp.spherical = 6, _SEED, True
    index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, _SAMPLE
    sample = _sample(count, max(_SAMPLE * lists, 20_000))
    index.train(rows(sample) if count else np.zeros((1, dimension), dtype=np.float32))
    return index


def _search(
    index: faiss.IndexIVFScalarQuantizer, queries: NDArray[np.float32], k: int, lists: int, selector: faiss.IDSelector | None = None
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    parameters = faiss.SearchParametersIVF()
    parameters.nprobe = lists
    if selector is not None:
        parameters.sel = selector
    scores, keys = index.search(np.ascontiguousarray(queries, dtype=np.float32), k, params=parameters)
    return scores, keys


def _probes(index: faiss.IndexIVFScalarQuantizer, rows: _Rows, count: int) -> int:
    """Return the fewest lists that find 96 % of the ten nearest passages of a hundred vectors as far from them as questions are."""
    picked = np.random.default_rng(_SEED).permutation(rows(_sample(count, 100 * _BLEND)))
    queries = sum(picked[start::_BLEND][: len(picked) // _BLEND] for start in range(_BLEND))
    queries /= np.maximum(np.linalg.norm(queries, axis=1, keepdims=True), 1e-9)
    exact = _search(index, queries, 10, index.nlist)[1]
    for probes in (16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768):
        found = _search(index, queries, 10, probes)[1]
        if sum(len(np.intersect1d(a, b)) for a, b in zip(exact, found, strict=True)) >= _RECALL * exact.size:
            return probes
    return min(1_024, int(index.nlist))


def _sample(count: int, size: int) -> NDArray[np.int64]:
    if count <= size:
        return np.arange(count)
    return np.sort(np.random.default_rng(_SEED).choice(count, size, replace=False))


def _keys(index: faiss.IndexIVFScalarQuantizer) -> NDArray[np.int64]:
    lists = index.invlists
    found = [np.empty(0, dtype=np.int64)]
    for number in range(index.nlist):
        size = lists.list_size(number)  # type: ignore[union-attr]
        if size:
            found.append(faiss.rev_swig_ptr(lists.get_ids(number), size).copy())  # type: ignore[union-attr]
    return np.concatenate(found)


def _read(path: Path, flags: int) -> faiss.IndexIVFScalarQuantizer:
    try:
        index = faiss.read_index(str(path), flags)
    except (RuntimeError, MemoryError) as error:
        raise IndexUnusable(f"a FAISS index in {path}", str(error).splitlines()[-1][:200], "run `rag-commons index rebuild`") from None
    if not isinstance(index, faiss.IndexIVFScalarQuantizer):
        raise IndexUnusable(f"inverted lists in {path}", type(index).__name__, "run `rag-commons index rebuild`")
    return index
