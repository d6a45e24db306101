"""Vectors like those of a real index, as many as wanted: a corpus that grows where it is.

A simulated passage is drawn from the real passages around one of them: the Gaussian of the mean and the covariance of the m nearest of a
real vector, made a unit. Density, directions and scale are thus those of the place. How many m are is not guessed: from an eighth of the
real vectors as many are simulated as there are real ones, and the m is kept for which the cosines of the 1st, 10th and 100th neighbours of
passages come closest to the real ones. What nothing was fitted to shows how far the simulation may be believed: the cosines of real
questions, and the share of their true neighbours that 16 inverted lists find.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from rag_commons.encoder import Encoder
from rag_commons.index.context import passage_context
from rag_commons.index.opened import Index

Vectors = NDArray[np.float32]

CHUNK = 50_000
AROUND = (25, 50, 100, 150, 200)
_BLOCK = 2_000
RANKS = (1, 10, 100)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near neighbours are: median cosines of ranks 1, 10, 100, of passages and of questions; recall@10 of 16 inverted lists."""

    name: str
    passages: tuple[float, ...]
    questions: tuple[float, ...]
    recall: float


def passage_vectors(index: Index, encoder: Encoder) -> Vectors:
    """Encode every passage of an index as it was encoded when it entered, in order of key."""
    vectors, texts = [], []
    for key in index.keys()[0]:
        if found := index.passage(int(key)):
            passage, provenance = found
            texts.append(passage_context(provenance.title, passage.section, passage.text))
        if len(texts) == 4096:
            vectors.append(encoder.encode_documents(texts))
            texts = []
    return np.concatenate([*vectors, encoder.encode_documents(texts)])


def leading(vectors: Vectors, others: Vectors, dimension: int) -> tuple[Vectors, Vectors]:
    """Keep so many principal components of the vectors, as units; of the others the same."""
    if dimension == vectors.shape[1]:
        return vectors, others
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    kept = axes[:, ::-1][:, :dimension]
    return _units(vectors @ kept), _units(others @ kept)


class Simulation:
    """Simulates passages around real ones."""

    def __init__(self, real: Vectors, around: int) -> None:
        self._real = real[np.random.default_rng(1).permutation(len(real))]
        self._nearest = _nearest(self._real, around)

    def draw(self, times: int) -> Iterator[tuple[int, Vectors]]:
        """Yield (first, vectors): for each of some real vectors from the first on, so many simulated ones (real, times, dimension)."""
        random = np.random.default_rng(2)
        for first in range(0, len(self._real), _BLOCK):
            near = self._real[self._nearest[first : first + _BLOCK]]
            mean = near.mean(axis=1, keepdims=True)
            weights = random.standard_normal((len(near), times, near.shape[1]), dtype=np.float32)
            yield first, _units(mean + np.matmul(weights, near - mean) / np.float32((near.shape[1] - 1) ** 0.5))

    def write(self, path: Path, count: int) -> None:
        """Write so many vectors as halves: the real ones in an order of chance, then simulated ones; any beginning is a smaller corpus."""
        real = len(self._real)
        times = max(0, -(-(count - real) // real))
        rows = np.memmap(path, dtype=np.float16, mode="w+", shape=(real * (1 + times), self._real.shape[1]))
        rows[:real] = self._real
        for first, drawn in self.draw(times):
            for time in range(times):
                start = real * (1 + time) + first
                rows[start : start + len(drawn)] = drawn[:, time]
        rows.flush()


def fit_simulation(real: Vectors, questions: Vectors) -> tuple[Simulation, list[Likeness]]:
    """Return the simulation around the real vectors that grew most truly from an eighth of them, and how like the whole that one was."""
    truth = likeness("real", real, questions)
    part = real[np.random.default_rng(3).permutation(len(real))[: len(real) // 8]]
    tried = []
    for around in AROUND:
        grown = np.concatenate([part, *(drawn.reshape(-1, part.shape[1]) for _, drawn in Simulation(part, around).draw(7))])
        tried.append((likeness(f"simulated from an eighth of it, m = {around}", grown, questions), around))
    errors = [sum(abs(a - b) for a, b in zip(one.passages, truth.passages, strict=True)) for one, _ in tried]
    best = tried[int(np.argmin(errors))]
    return Simulation(real, best[1]), [truth, best[0], likeness("that eighth", part, questions)]


def likeness(name: str, vectors: Vectors, questions: Vectors) -> Likeness:
    return Likeness(
        name, measured_cosines(vectors, _some(vectors), 1), measured_cosines(vectors, questions, 0), _recall(vectors, questions)
    )


def measured_cosines(vectors: Vectors, queries: Vectors, skipped: int) -> tuple[float, ...]:
    """Return the median cosine of each rank after those skipped: a query that is one of the vectors is its own first neighbour."""
    cosines, _ = faiss.knn(queries, vectors, max(RANKS) + skipped, metric=faiss.METRIC_INNER_PRODUCT)
    return tuple(float(np.median(cosines[:, rank - 1 + skipped])) for rank in RANKS)


def exact_neighbours(chunks: Iterator[Vectors], queries: Vectors, k: int) -> NDArray[np.int64]:
    """Return the k nearest of each query among vectors that come in chunks, numbered from 0."""
    best, keys, start = np.empty((len(queries), 0), dtype=np.float32), np.empty((len(queries), 0), dtype=np.int64), 0
    for chunk in chunks:
        cosines, found = faiss.knn(queries, chunk, min(k, len(chunk)), metric=faiss.METRIC_INNER_PRODUCT)
        best, keys = np.hstack([best, cosines]), np.hstack([keys, found + start])
        order = np.argsort(-best, axis=1, kind="stable")[:, :k]
        best, keys = np.take_along_axis(best, order, axis=1), np.take_along_axis(keys, order, axis=1)
        start += len(chunk)
    return keys


def shared(exact: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """Return the mean share of the exact neighbours that were found."""
    return float(np.mean([len(np.intersect1d(one, other)) / len(one) for one, other in zip(exact, found, strict=True)]))


def _recall(vectors: Vectors, questions: Vectors) -> float:
    index = _lists(vectors)
    exact = faiss.knn(questions, vectors, 10, metric=faiss.METRIC_INNER_PRODUCT)[1]
    index.nprobe = 16
    return shared(exact, index.search(questions, 10)[1])


def _nearest(vectors: Vectors, count: int) -> NDArray[np.int64]:
    """Return the nearest of each vector, itself first, but for a few that 32 lists do not hold."""
    index = _lists(vectors)
    index.nprobe = 32
    found = [index.search(vectors[start : start + CHUNK], count)[1] for start in range(0, len(vectors), CHUNK)]
    return np.maximum(np.concatenate(found), 0)


def _lists(vectors: Vectors) -> faiss.IndexIVFFlat:
    lists = max(1, int(4 * len(vectors) ** 0.5))
    quantizer = faiss.IndexFlatIP(vectors.shape[1])
    index = faiss.IndexIVFFlat(quantizer, vectors.shape[1], lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.spherical, index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 6, True, 1, 32
    index.train(vectors)
    index.add(vectors)
    return index


def _some(vectors: Vectors) -> Vectors:
    return vectors[np.random.default_rng(4).choice(len(vectors), min(1000, len(vectors)), replace=False)]


def _units(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12), dtype=np.float32)
