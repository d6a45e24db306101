"""The dense index by size: what each kind costs to build, hold and search, and what it finds, on a simulated corpus of up to millions.

    python eval/bench_scale.py --index /tmp/commons --questions ../shared/data/questions/piaf.jsonl --passages 200000,1000000,5000000

The vectors are those of a real index, then simulated around them (simulation.py); the queries are real questions, encoded as they are
asked. Each build and each search runs in a process of its own: builds on all cores, searches on one, the file memory-mapped, 100 passages
asked for as the retriever does, a question at a time. `ivf-sq8` is rag_commons/index/dense.py itself: a * marks the lists that it visits.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import faiss
import numpy as np
from bench_index import read_questions
from numpy.typing import NDArray
from simulation import CHUNK, Likeness, Vectors, exact_neighbours, fit_simulation, leading, passage_vectors, shared

from rag_commons.errors import CommonsError
from rag_commons.index.dense import DenseWriter
from rag_commons.index.opened import Index

K = 100  # what the retriever asks for
HEADS = (
    "\n| passages | kind | build s (of cores) | MiB | disk MB | setting | MiB, own + file | median ms | p95 | of core | R@10 | R@100 |\n"
    + "|---" * 12
    + "|"
)
MEGA = 1_000_000
MIB = 1 << 20
T = TypeVar("T")


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


def apart(work: Callable[..., T], *arguments: object) -> T:
    """Do a work in a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


Row = tuple[int, str, Built, Searched]


def say_likeness(rows: list[Likeness]) -> None:
    print("| vectors | passages: cosine of rank 1, 10, 100 | questions: the same | recall@10 of 16 lists |\n|---|---|---|---|")
    for row in rows:
        passages, questions = (", ".join(f"{value:.3f}" for value in values) for values in (row.passages, row.questions))
        print(f"| {row.name} | {passages} | {questions} | {row.recall:.3f} |")


def measure(corpus: Corpus, queries: Vectors, kinds: list[str], folder: Path) -> Iterator[tuple[str, Built, list[Searched]]]:
    """Yield each kind, built and searched."""
    exact = exact_neighbours(corpus.chunks(), queries, K)
    for name in kinds:
        if corpus.passages > KINDS[name].largest:
            continue
        path = folder / f"{name}.faiss"
        built = apart(build, name, corpus, path)
        yield name, built, apart(search, name, path, queries, exact, built.probes)
        path.unlink()


def say(rows: Iterable[Row]) -> None:
    for size, name, built, one in rows:
        print(
            f"| {size:,} | {name} | {built.seconds:.0f} ({built.core_seconds:.0f}) | {built.peak_mib:,.0f} | {built.disk_mb:,.0f} "
            f"| {one.setting} | {one.own_mib:,.0f} + {one.file_mib:,.0f} | {one.median_ms:.2f} | {one.p95_ms:.2f} | {one.core_ms:.2f} "
            f"| {one.recall_10:.3f} | {one.recall_100:.3f} |",
            flush=True,
        )


def cheapest(rows: list[Row], recall: float) -> Iterator[Row]:
    """Yield, for each size and kind, the setting that asks least of the core and reaches a recall@10."""
    reaching = [row for row in rows if row[3].recall_10 >= recall]
    for key in dict.fromkeys(row[:2] for row in reaching):
        yield min((row for row in reaching if row[:2] == key), key=lambda row: row[3].core_ms)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, required=True, help="a real index, whose vectors are the pattern")
    parser.add_argument("--questions", type=Path, required=True, help="JSON Lines with id, question and title")
    parser.add_argument("--count", type=int, default=500, help="how many questions")
    parser.add_argument("--passages", type=_sizes, default="200000,1000000,5000000", help="sizes, separated by commas")
    parser.add_argument("--dimension", type=int, help="keep so many principal components (default: all)")
    parser.add_argument("--kinds", type=_kinds, default=",".join(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--recall", type=float, default=0.95, help="the recall@10 that the last table asks for")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


def _kinds(text: str) -> list[str]:
    if unknown := set(text.split(",")) - set(KINDS):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return text.split(",")


def main() -> None:
    asked = read_arguments()
    index = Index.open(asked.index)
    encoder = index.load_encoder()
    index.manifest.encoder.check(encoder)
    questions = np.stack([encoder.encode_query(question) for _, question in read_questions(asked.questions, "train", asked.count)])
    real, queries = leading(passage_vectors(index, encoder), questions, min(asked.dimension or encoder.dimension, encoder.dimension))
    simulation, likenesses = fit_simulation(real, queries)
    say_likeness(likenesses)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=asked.index.parent) as folder:
        path = Path(folder) / "vectors.f16"
        simulation.write(path, asked.passages[-1])
        del simulation
        print(HEADS)
        for size in asked.passages:
            for name, built, searches in measure(Corpus(path, size, real.shape[1]), queries, asked.kinds, Path(folder)):
                rows += [(size, name, built, one) for one in searches]
                say(rows[-len(searches) :])
    print(f"\nLoad of the machine: {os.getloadavg()[0]:.1f}. What asks least of the core for a recall@10 of {asked.recall}:\n{HEADS}")
    say(cheapest(rows, asked.recall))
    if asked.json:
        listed = [{"passages": size, "kind": name, **asdict(built), **asdict(one)} for size, name, built, one in rows]
        asked.json.write_text(json.dumps({"likeness": [asdict(one) for one in likenesses], "rows": listed}, indent=1) + "\n")


if __name__ == "__main__":
    try:
        main()
    except CommonsError as error:
        sys.exit(str(error))
