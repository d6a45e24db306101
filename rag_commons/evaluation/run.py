"""Runs: one system over one suite, scored."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag_commons.evaluation.joining import Joined
from rag_commons.evaluation.measures import strict
from rag_commons.evaluation.measures.table import BY_ID
from rag_commons.evaluation.scoring import Scored, Table, difference, estimate, groups_of, notice_fields, quote_failures, score_cases

_GROUP_DRAWS = 300
_LEAST = 5


@dataclass(frozen=True, slots=True)
class Run:
    """What a system did: measures, groups (way → name → cases and measures), failures by class, notice fields (shown, asked)."""

    system: str
    scored: tuple[Scored, ...]
    table: Table
    groups: dict[str, dict[str, tuple[int, Table]]]
    failures: dict[str, int]
    fields: dict[str, tuple[int, int]]
    unanswered: int = 0
    strangers: int = 0
    malformed: int = 0

    def worst(self, count: int = 10) -> list[tuple[Scored, tuple[str, ...]]]:
        """Return the cases with most faults, each with their names; an abstention that was due is none."""
        faults = [(row, faults_of(row)) for row in self.scored]
        return sorted((one for one in faults if one[1]), key=lambda one: (-len(one[1]), one[0].case.question.id))[:count]


def score_run(system: str, joined: Joined, malformed: int = 0) -> Run:
    """Score the cases of a system."""
    scored = score_cases(joined.cases)
    groups = {
        way: {name: (len(members), estimate(members, _GROUP_DRAWS)) for name, members in found.items() if len(members) >= _LEAST}
        for way, found in groups_of(scored).items()
    }
    return Run(
        system,
        tuple(scored),
        estimate(scored),
        groups,
        quote_failures(scored),
        notice_fields(scored),
        joined.unanswered,
        joined.strangers,
        malformed,
    )


def faults_of(row: Scored) -> tuple[str, ...]:
    """Name what is wrong with a case: what keeps it from being strict, and an answer or a silence out of place."""
    found = list(strict.faults(row.case))
    for name in ("H", "E", "POL"):
        pair = row.scores[name]
        bad = pair is not None and (pair[0] > 0 if BY_ID[name].perfect == 0 else pair[0] < pair[1])
        if bad:
            found.append(name)
    return tuple(found)


def gaps(runs: Sequence[Run], measures: Sequence[str]) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Return, for each run after the first and each measure, its gap to the first with its paired interval."""
    found: dict[str, dict[str, tuple[float, float, float]]] = {}
    for run in runs[1:]:
        gaps_of = {name: difference(run.scored, runs[0].scored, BY_ID[name]) for name in measures}
        found[run.system] = {name: gap for name, gap in gaps_of.items() if gap is not None}
    return found
