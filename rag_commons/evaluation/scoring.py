"""Scoring: every measure over many cases, with intervals, whole and by groups.

The one surprise: a case belongs to every licence and collection that its answer cites, so groups overlap and do not add up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.intervals import DRAWS, Floats, percentile_interval, resampled
from rag_commons.evaluation.measures import attribution, quote_fidelity
from rag_commons.evaluation.measures.measure import Measure, Score
from rag_commons.evaluation.measures.table import MEASURES


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure over some cases. `value` is None where it has no object in any of them; the interval is the middle 95 %."""

    value: float | None
    low: float | None
    high: float | None
    cases: int
    numerator: float
    denominator: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A case and its score by each measure, by id."""

    case: Case
    scores: dict[str, Score | None]


Table = dict[str, Estimate]


def score_cases(cases: Iterable[Case]) -> list[Scored]:
    """Score each case by each measure."""
    return [Scored(case, {measure.id: measure.score(case) for measure in MEASURES}) for case in cases]


def estimate(scored: Sequence[Scored], draws: int = DRAWS) -> Table:
    """Return every measure over the cases."""
    sums = np.array([[pair for one in MEASURES for pair in _pair(row.scores[one.id])] for row in scored]).reshape(len(scored), -1)
    drawn = resampled([row.case.question.cluster for row in scored], sums, draws) if draws and len(scored) else None
    total = sums.sum(axis=0, keepdims=True)
    table = {}
    for measure in MEASURES:
        value = float(_values(measure, total)[0]) if len(scored) else float("nan")
        low, high = percentile_interval(_values(measure, drawn)) if drawn is not None else (float("nan"), float("nan"))
        at = 2 * MEASURES.index(measure)
        table[measure.id] = Estimate(
            _number(value), _number(low), _number(high), _count(measure, scored), float(total[0, at]), float(total[0, at + 1])
        )
    return table


def difference(left: Sequence[Scored], right: Sequence[Scored], measure: Measure, draws: int = DRAWS) -> tuple[float, float, float] | None:
    """Return left minus right with its interval, paired over the questions that both have; None where there is nothing to compare."""
    others = {row.case.question.id: row for row in right}
    pairs = [(row, others[row.case.question.id]) for row in left if row.case.question.id in others]
    if not pairs:
        return None
    width = 2 * len(MEASURES)
    columns = np.array([[*_row(one), *_row(other)] for one, other in pairs])
    totals = columns.sum(axis=0, keepdims=True)
    gap = _values(measure, totals[:, :width]) - _values(measure, totals[:, width:])
    if np.isnan(gap[0]):
        return None
    drawn = resampled([one.case.question.cluster for one, _ in pairs], columns, draws)
    low, high = percentile_interval(_values(measure, drawn[:, :width]) - _values(measure, drawn[:, width:]))
    return float(gap[0]), low, high


def groups_of(scored: Sequence[Scored]) -> dict[str, dict[str, list[Scored]]]:
    """Return the cases by licence, collection, language and kind of question."""
    ways: dict[str, Callable[[Case], Iterable[str | None]]] = {
        "licence": lambda case: (one.provenance.licence for one in case.cited()),
        "collection": lambda case: (one.provenance.collection for one in case.cited()),
        "language": lambda case: (one.provenance.language for one in case.cited()),
        "kind": lambda case: (case.question.kind,),
    }
    groups: dict[str, dict[str, list[Scored]]] = {}
    for name, way in ways.items():
        members: dict[str, list[Scored]] = {}
        for row in scored:
            for key in dict.fromkeys(filter(None, way(row.case))):
                members.setdefault(key, []).append(row)
        groups[name] = dict(sorted(members.items(), key=lambda item: (-len(item[1]), item[0])))
    return groups


def quote_failures(scored: Iterable[Scored]) -> dict[str, int]:
    """Count the quotes that are not those of their passage, by class."""
    return dict(Counter(kind for row in scored for kind in quote_fidelity.failures(row.case)))


def notice_fields(scored: Iterable[Scored]) -> dict[str, tuple[int, int]]:
    """Return, for each field of a notice, how often it was shown and how often it was required."""
    asked, shown = Counter[str](), Counter[str]()
    for row in scored:
        one_asked, one_shown = attribution.fields(row.case)
        asked.update(one_asked)
        shown.update(one_shown)
    return {field: (shown[field], count) for field, count in sorted(asked.items())}


def _pair(score: Score | None) -> Score:
    return score or (0.0, 0.0)


def _row(scored: Scored) -> list[float]:
    return [value for measure in MEASURES for value in _pair(scored.scores[measure.id])]


def _values(measure: Measure, sums: Floats) -> Floats:
    """Return the measure for each row of sums; NaN where it has no object."""
    if measure.parts:
        return np.asarray(1 - np.sum([_values(part, sums) for part in measure.parts], axis=0), dtype=np.float64)
    at = 2 * [one.id for one in MEASURES].index(measure.id)
    numerator, denominator = sums[:, at], sums[:, at + 1]
    shares: Floats = np.divide(numerator, denominator, out=np.full(len(sums), np.nan), where=denominator > 0)
    return shares


def _count(measure: Measure, scored: Sequence[Scored]) -> int:
    if measure.parts:
        return sum(_count(part, scored) for part in measure.parts)
    return sum(row.scores[measure.id] is not None for row in scored)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
