"""What a calibrated judge says of a run: support as TREC RAG weighs it (J1), as ALCE does (J2), and an estimate that people correct.

J1 reads each (sentence, citation): full 1, partial ½, none 0; a marker that leads nowhere is a none. J2 reads each sentence with all
that it cites. The estimate is prediction-powered inference (Angelopoulos et al. 2023, as ARES uses it): the mean of the judge over
the run plus the mean of what people said less what it said on labelled pairs (the half that chose nothing), with an interval of both
variances. It holds where those pairs were drawn from answers of the same system.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.intervals import percentile_interval, resampled
from rag_commons.evaluation.judged import JudgedStatement
from rag_commons.evaluation.judges.calibration import Calibration, is_test, level_of
from rag_commons.evaluation.judges.judge import Judge
from rag_commons.evaluation.judges.pairs import LEVELS, NATURAL, Pair

NAMES = ("J1P", "J1R", "J2P", "J2R")
FULL = len(LEVELS) - 1
_NORMAL = 1.96

Estimated = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Supported:
    """The figures of a run: value, low, high by name; `corrected` is the estimate of J1's precision; None where there is nothing."""

    figures: dict[str, Estimated | None]
    corrected: Estimated | None


def judge_run(cases: Sequence[Case], judge: Judge, calibration: Calibration, pairs: Sequence[Pair]) -> Supported:
    """Return what a judge says of the answers of a run."""
    asked = [case for case in cases if case.answered]
    levels = _Levels(judge, calibration.cuts)
    levels.read([pair for case in asked for statement in case.statements for pair in _asked(case, statement)])
    rows = [[value for pair in _scores(case, levels) for value in pair] for case in asked]
    clusters = [case.question.cluster for case in asked]
    singles = [levels.weight(pair) for case in asked for statement in case.statements for pair in _citations(case, statement)]
    return Supported(_estimated(clusters, np.array(rows).reshape(len(rows), -1)), _corrected(singles, levels, pairs))


class _Levels:
    """Levels by pair, each pair judged once."""

    def __init__(self, judge: Judge, cuts: tuple[float, float]) -> None:
        self._judge = judge
        self._cuts = cuts
        self._known: dict[tuple[str, str], int] = {}

    def read(self, pairs: Sequence[tuple[str, str]]) -> None:
        fresh = [pair for pair in dict.fromkeys(pairs) if pair not in self._known and pair[0]]
        self._known |= dict(zip(fresh, (level_of(chance, self._cuts) for chance in self._judge.chances(fresh)), strict=True))

    def level(self, pair: tuple[str, str]) -> int:
        return self._known[pair] if pair[0] else 0

    def weight(self, pair: tuple[str, str]) -> float:
        return self.level(pair) / FULL


def _texts(case: Case, statement: JudgedStatement) -> list[str]:
    """Return the text that each marker leads to, empty where it leads nowhere."""
    found = {citation.ref: case.text_of(reference) for citation, reference in case.resolved(statement)}
    return [found.get(citation.ref, "") for citation in statement.citations]


def _citations(case: Case, statement: JudgedStatement) -> list[tuple[str, str]]:
    return [(text, statement.text) for text in _texts(case, statement)]


def _joint(texts: Sequence[str], statement: JudgedStatement) -> tuple[str, str]:
    return "\n\n".join(dict.fromkeys(filter(None, texts))), statement.text


def _asked(case: Case, statement: JudgedStatement) -> list[tuple[str, str]]:
    """Return all that has to be judged of a sentence: each citation, all of them, and all but each."""
    texts = _texts(case, statement)
    others = [_joint(texts[:at] + texts[at + 1 :], statement) for at in range(len(texts))] if len(texts) > 1 else []
    return [*_citations(case, statement), _joint(texts, statement), *others]


def _scores(case: Case, levels: _Levels) -> list[tuple[float, float]]:
    """Return numerator and denominator of J1P, J1R, J2P, J2R for a case."""
    singles = [[levels.weight(pair) for pair in _citations(case, one)] for one in case.statements]
    recalls, precise = [], []
    for statement in case.statements:
        texts = _texts(case, statement)
        whole = levels.level(_joint(texts, statement)) == FULL
        recalls.append(float(whole))
        precise += [float(whole and _relevant(texts, at, statement, levels)) for at in range(len(texts))]
    emitted = max(1, sum(map(len, singles)))
    said = max(1, len(case.statements))
    best = sum(max(weights, default=0.0) for weights in singles)
    return [(sum(map(sum, singles)), emitted), (best, said), (sum(precise), emitted), (sum(recalls), said)]


def _relevant(texts: Sequence[str], at: int, statement: JudgedStatement, levels: _Levels) -> bool:
    """Whether a citation supports the sentence alone, or the others do not without it (ALCE)."""
    if levels.level((texts[at], statement.text)) == FULL:
        return True
    return bool(texts[at]) and levels.level(_joint([*texts[:at], *texts[at + 1 :]], statement)) != FULL


def _estimated(clusters: Sequence[str], rows: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> dict[str, Estimated | None]:
    if not len(rows):
        return dict.fromkeys(NAMES)
    total, drawn = rows.sum(axis=0), resampled(clusters, rows)
    found: dict[str, Estimated | None] = {}
    for number, name in enumerate(NAMES):
        low, high = percentile_interval(drawn[:, 2 * number] / drawn[:, 2 * number + 1])
        found[name] = (float(total[2 * number] / total[2 * number + 1]), low, high)
    return found


def _corrected(singles: Sequence[float], levels: _Levels, pairs: Sequence[Pair]) -> Estimated | None:
    """Return the mean support of citations with the judge's own error taken out."""
    natural = [pair for pair in pairs if pair.kind == NATURAL and pair.labels and is_test(pair)]
    if len(natural) < 2 or len(singles) < 2:
        return None
    levels.read([(pair.passage, pair.statement) for pair in natural])
    errors = [float(np.mean(list((pair.labels or {}).values()))) / FULL - levels.weight((pair.passage, pair.statement)) for pair in natural]
    value = float(np.mean(singles) + np.mean(errors))
    half = _NORMAL * float(np.sqrt(np.var(singles, ddof=1) / len(singles) + np.var(errors, ddof=1) / len(errors)))
    return value, max(0.0, value - half), min(1.0, value + half)
