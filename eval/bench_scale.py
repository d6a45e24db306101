"""The dense index by size: what each kind costs to build, hold and search, and what it finds, on a simulated corpus of up to millions.

    python eval/bench_scale.py --index indexes/commons --questions ../shared/data/questions/piaf.jsonl --passages 200000,1000000,5000000

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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, fields
from pathlib import Path
from typing import TypeVar

import numpy as np
from bench_index import read_questions
from scale_kinds import KINDS, Built, Corpus, K, Searched, build, search
from scale_plot import Point, draw
from simulation import Likeness, Simulation, Vectors, exact_neighbours, fit_simulation, leading, passage_vectors

from rag_commons.errors import CommonsError
from rag_commons.index.dense import EXACT
from rag_commons.index.opened import Index

HEADS = (
    "\n| passages | kind | build s (of cores) | MiB | disk MB | setting | MiB, own + file | median ms | p95 | of core | R@10 | R@100 |\n"
    + "|---" * 12
    + "|"
)
T = TypeVar("T")


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
    parser.add_argument("--index", type=Path, help="a real index, whose vectors are the pattern")
    parser.add_argument("--questions", type=Path, help="JSON Lines with id, question and title")
    parser.add_argument("--count", type=int, default=500, help="how many questions")
    parser.add_argument("--passages", type=_sizes, default="200000,1000000,5000000", help="sizes, separated by commas")
    parser.add_argument(
        "--around", type=int, help="simulate around so many neighbours, as found by an earlier run, without fitting it again"
    )
    parser.add_argument("--dimension", type=int, help="keep so many principal components (default: all)")
    parser.add_argument("--kinds", type=_kinds, default=",".join(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--recall", type=float, default=0.95, help="the recall@10 that the last table asks for")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--read", type=Path, help="measure nothing: take the figures that --json wrote")
    parser.add_argument("--plot", type=Path, help="also draw the curve, as SVG")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


def _kinds(text: str) -> list[str]:
    if unknown := set(text.split(",")) - set(KINDS):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return text.split(",")


def main() -> None:
    asked = read_arguments()
    rows = read_rows(asked.read) if asked.read else measure_all(asked)
    if asked.read:
        print(HEADS)
        say(rows)
    print(f"\nWhat asks least of the core for a recall@10 of {asked.recall}:\n{HEADS}")
    say(cheapest(rows, asked.recall))
    if asked.plot:
        points = [Point(name, size, one.core_ms, one.recall_10, chosen(name, size, one)) for size, name, _, one in rows]
        draw(points, asked.recall, asked.plot)


def chosen(name: str, size: int, one: Searched) -> bool:
    """Whether rag_commons/index/dense.py searches an index of this size so."""
    return name == "flat-sq8" if size <= EXACT else name == "ivf-sq8" and one.setting.endswith("*")


def read_rows(path: Path) -> list[Row]:
    built, searched = ({field.name for field in fields(kind)} for kind in (Built, Searched))
    return [
        (
            row["passages"],
            row["kind"],
            Built(**{name: row[name] for name in built}),
            Searched(**{name: row[name] for name in searched}),
        )
        for row in json.loads(path.read_text(encoding="utf-8"))["rows"]
    ]


def measure_all(asked: argparse.Namespace) -> list[Row]:
    index = Index.open(asked.index)
    encoder = index.load_encoder()
    index.manifest.encoder.check(encoder)
    questions = np.stack([encoder.encode_query(question) for _, question in read_questions(asked.questions, "train", asked.count)])
    real, queries = leading(passage_vectors(index, encoder), questions, min(asked.dimension or encoder.dimension, encoder.dimension))
    simulation, likenesses = (Simulation(real, asked.around), []) if asked.around else fit_simulation(real, queries)
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
    print(f"\nLoad of the machine: {os.getloadavg()[0]:.1f}.")
    if asked.json:
        listed = [{"passages": size, "kind": name, **asdict(built), **asdict(one)} for size, name, built, one in rows]
        asked.json.write_text(json.dumps({"likeness": [asdict(one) for one in likenesses], "rows": listed}, indent=1) + "\n")
    return rows


if __name__ == "__main__":
    try:
        main()
    except CommonsError as error:
        sys.exit(str(error))
