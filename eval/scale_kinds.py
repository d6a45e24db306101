"""One index of a kind: built, written, read back and searched, with what it cost. For bench_scale.py, which explains it."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from simulation import CHUNK, Vectors, shared

from rag_commons.index.dense import DenseWriter

K = 100  # what the retriever asks for
MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """The first vectors of a file of halves."""

    path: Path
    passages: int
    dimension: int

    def chunks(self) -> Iterator[Vectors]:
        with self.path.open("rb") as file:
            for start in range(0, self.passages, CHUNK):
                size = min(CHUNK, self.passages - start) * self.dimension
                yield np.fromfile(file, dtype=np.float16, count=size).reshape(-1, self.dimension).astype(np.float32)

    def sample(self, size: int) -> Vectors:
        """Return about so many vectors, drawn by chance."""
        random = np.random.default_rng(5)
        share = min(1.0, size / self.passages)
        return np.concatenate([chunk[random.random(len(chunk)) < share] for chunk in self.chunks()])


@dataclass(frozen=True, slots=True)
class Built:
    """A built index: seconds, those of all cores, the peak memory, the file's size, and the lists that dense.py chose to visit."""

    seconds: float
    core_seconds: float
    peak_mib: float
    disk_mb: float
    probes: int | None


@dataclass(frozen=True, slots=True)
class Searched:
    """A setting, searched: milliseconds a question, memory that the process got for it (its own, pages of the file), recall."""

    setting: str
    median_ms: float
    p95_ms: float
    core_ms: float
    own_mib: float
    file_mib: float
    recall_10: float
    recall_100: float


@dataclass(frozen=True, slots=True)
class Setting:
    """How a search goes: the lists to visit or candidates to follow, and how many times K are scored again."""

    effort: int = 0
    again: int = 1

    def apply(self, index: faiss.Index) -> None:
        if isinstance(index, faiss.IndexRefine):
            index.k_factor = self.again
            index = faiss.downcast_index(index.base_index)
        if isinstance(index, faiss.IndexPreTransform):
            index = faiss.downcast_index(index.index)
        if isinstance(index, faiss.IndexIVF):
            index.nprobe = self.effort
        elif isinstance(index, faiss.IndexHNSW):
            index.hnsw.efSearch = self.effort

    def __str__(self) -> str:
        return " ".join(([f"{self.effort}"] if self.effort else []) + ([f"×{self.again}"] if self.again > 1 else [])) or "all"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of index: FAISS's name for it, or None for that of dense.py; the settings to search it with, and the largest size tried."""

    factory: str | None
    settings: tuple[Setting, ...]
    largest: int = 1 << 40


PROBES = (16, 32, 64, 128, 256, 512)
KINDS = {
    "flat-sq8": Kind("SQ8", (Setting(),)),
    "flat-rabitq": Kind("RR{d},RaBitQfs,Refine(SQ8)", tuple(Setting(again=again) for again in (4, 10, 20))),
    "ivf-sq8": Kind(None, tuple(Setting(probes) for probes in PROBES)),
    "ivf-rabitq": Kind(
        "RR{d},IVF{lists},RaBitQfs,Refine(SQ8)", tuple(Setting(probes, again) for probes in PROBES[1:] for again in (4, 10))
    ),
    "hnsw-sq8": Kind("HNSW32_SQ8", tuple(Setting(effort) for effort in (100, 200, 400, 800)), 200_000),
}


def build(name: str, corpus: Corpus, path: Path) -> Built:
    """Build an index and write it. Runs in a process of its own, whose peak memory is that of the build."""
    start, core = time.perf_counter(), time.process_time()
    faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))
    probes = None
    if (factory := KINDS[name].factory) is None:
        with DenseWriter(corpus.dimension, path.parent) as writer:
            first = 0
            for chunk in corpus.chunks():
                writer.add(range(first, first + len(chunk)), chunk)
                first += len(chunk)
            probes = writer.finish(path).probes
    else:
        faiss.write_index(_filled(factory, corpus), str(path))
    seconds, core_seconds = time.perf_counter() - start, time.process_time() - core
    return Built(seconds, core_seconds, _memory("status")["VmHWM"], path.stat().st_size / MEGA, probes)


def _filled(factory: str, corpus: Corpus) -> faiss.Index:
    lists = int(4 * corpus.passages**0.5)
    index = faiss.index_factory(corpus.dimension, factory.format(d=corpus.dimension, lists=lists), faiss.METRIC_INNER_PRODUCT)
    if "IVF" in factory:  # k-means as dense.py has it
        means = faiss.extract_index_ivf(index).cp
        means.niter, means.spherical, means.min_points_per_centroid, means.max_points_per_centroid = 6, True, 1, 32
    index.train(corpus.sample(max(32 * lists, 50_000)))
    for chunk in corpus.chunks():
        index.add(chunk)
    return index


def search(name: str, path: Path, queries: Vectors, exact: NDArray[np.int64], extra: int | None) -> list[Searched]:
    """Search an index with every setting, on one core. Runs in a process of its own."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    faiss.omp_set_num_threads(1)
    before = _resident()
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    found = []
    settings = sorted({*KINDS[name].settings, *([Setting(extra)] if extra else [])}, key=lambda one: (one.effort, one.again))
    if isinstance(index, faiss.IndexIVF) and index.nlist == 1:
        settings = settings[:1]
    for setting in settings:
        setting.apply(index)
        index.search(queries, K)  # the pages that it needs are read
        walls, cores, keys = [], [], []
        for query in queries:
            wall, core = time.perf_counter(), time.process_time()
            keys.append(index.search(query[None], K)[1][0])
            walls.append(1000 * (time.perf_counter() - wall))
            cores.append(1000 * (time.process_time() - core))
        own, file = (after - was for after, was in zip(_resident(), before, strict=True))
        ten, hundred = shared(exact[:, :10], np.array(keys)[:, :10]), shared(exact, np.array(keys))
        times = float(np.median(walls)), float(np.percentile(walls, 95)), float(np.median(cores))
        found.append(Searched(f"{setting}{'*' if extra == setting.effort else ''}", *times, own, file, ten, hundred))
    return found


def _resident() -> tuple[float, float]:
    """Return the MiB of this process in memory: its own, and pages of files."""
    found = _memory("smaps_rollup")
    return found["Anonymous"], found["Rss"] - found["Anonymous"]


def _memory(file: str) -> dict[str, float]:
    """Return the MiB of each line in kB of a file that Linux keeps on this process."""
    lines = (line.partition(":") for line in Path(f"/proc/self/{file}").read_text().splitlines() if line.endswith(" kB"))
    return {name: int(rest.split()[0]) / 1024 for name, _, rest in lines}
