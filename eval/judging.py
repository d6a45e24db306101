"""Judging of ranked documents by ir-measures, gains over a baseline with intervals by title, and tables of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import ir_measures
import numpy as np
from numpy.typing import NDArray

MEASURES = {
    str(measure): measure for measure in (ir_measures.R @ 1, ir_measures.R @ 5, ir_measures.R @ 20, ir_measures.nDCG @ 10, ir_measures.RR)
}
GAINS = ("R@1", "R@5", "R@20")
DRAWS = 2000
BASELINE = "BM25"
Interval = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the documents that answer it, and the title that it is about."""

    id: str
    text: str
    gold: frozenset[str]
    title: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A system's measures and gains over the baseline, each with its interval, and its time."""

    measures: dict[str, Interval]
    gains: dict[str, Interval]
    median_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured on a set of questions, of which index, and by kind of question and collection."""

    questions: int
    titles: int
    build: str
    systems: dict[str, Summary]
    by_kind: dict[str, dict[str, float]]
    by_collection: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Run:
    """What a system found: per measure one value a question, and milliseconds of each question."""

    values: dict[str, NDArray[np.float64]]
    milliseconds: list[float]


def judge(questions: Sequence[Question], found: Sequence[Sequence[str]]) -> dict[str, NDArray[np.float64]]:
    # documents with one text are one: the first of them stands for all
    names = [{document: min(question.gold) for document in question.gold} for question in questions]
    qrels = [ir_measures.Qrel(question.id, min(question.gold), 1) for question in questions]
    scored = [
        ir_measures.ScoredDoc(question.id, document, -float(rank))
        for question, rows, name in zip(questions, found, names, strict=True)
        for rank, document in enumerate(dict.fromkeys(name.get(row, row) for row in rows))
    ]
    values: dict[str, dict[str, float]] = defaultdict(dict)
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, scored):
        values[str(metric.measure)][metric.query_id] = metric.value
    return {name: np.array([values[name].get(question.id, 0.0) for question in questions]) for name in MEASURES}


def summary(one: Run, base: Run, titles: Sequence[str]) -> Summary:
    return Summary(
        {name: interval(values, titles) for name, values in one.values.items()},
        {name: interval(values - base.values[name], titles) for name, values in one.values.items()},
        round(median(one.milliseconds), 2),
        round(float(np.percentile(one.milliseconds, 95)), 2),
    )


def interval(values: NDArray[np.float64], titles: Sequence[str]) -> Interval:
    """Return the mean and the middle 95 % of the means of bootstrap draws of titles."""
    order = {title: number for number, title in enumerate(dict.fromkeys(titles))}
    groups = np.array([order[title] for title in titles])
    sums, counts = np.bincount(groups, values), np.bincount(groups)
    drawn = np.random.default_rng(0).integers(0, len(sums), (DRAWS, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return round(float(values.mean()), 4), round(float(low), 4), round(float(high), 4)


def grouped(questions: Sequence[Question], group_of: Callable[[Question], str], best: Run, base: Run) -> dict[str, dict[str, float]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for number, question in enumerate(questions):
        groups[group_of(question)].append(number)
    return {
        name: {"questions": float(len(places))}
        | {f"{measure}": float(best.values[measure][places].mean()) for measure in MEASURES}
        | {f"{measure} BM25": float(base.values[measure][places].mean()) for measure in MEASURES}
        for name, places in sorted(groups.items(), key=lambda pair: -len(pair[1]))
    }


def table(part: Report) -> str:
    """Return Markdown: one line a system, measures with their intervals, gains over BM25, time; then by kind and collection."""
    head = ["system", *MEASURES, *(f"Δ {name}" for name in GAINS), "ms median / p95"]
    lines = [f"{part.questions} questions, {part.titles} titles", "", row(head), row(["---"] * len(head))]
    for name, facts in part.systems.items():
        cells = [f"{100 * mean:.1f} [{100 * low:.1f}, {100 * high:.1f}]" for mean, low, high in facts.measures.values()]
        gains = [f"{100 * mean:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]" for mean, low, high in (facts.gains[name] for name in GAINS)]
        lines.append(row([name, *cells, *gains, f"{facts.median_ms} / {facts.p95_ms}"]))
    for group, values in (("kind", part.by_kind), ("collection", part.by_collection)):
        lines += ["", *group_lines(group, values)]
    return "\n".join(lines)


def group_lines(name: str, groups: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    head = [name, "questions", *(f"{measure} (BM25)" for measure in MEASURES)]
    yield row(head)
    yield row(["---"] * len(head))
    for group, facts in groups.items():
        cells = [f"{100 * facts[measure]:.1f} ({100 * facts[f'{measure} BM25']:.1f})" for measure in MEASURES]
        yield row([group, f"{facts['questions']:.0f}", *cells])


def row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
