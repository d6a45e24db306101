"""The mutation matrix: every mutant over a set of cases, held against what it says of the measures.

A mutant is *caught* when every measure that must see it gets worse and no other moves; *missed* or *overreach* otherwise, which fail
the matrix. Only sound answers are spoiled. The known blind spot is a strict expectation: it fails the day a measure sees it, so that
the claim is then changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from rag_commons.evaluation.case import Case, Variants
from rag_commons.evaluation.judged import JudgedAnswer
from rag_commons.evaluation.measures.strict import COMPONENTS
from rag_commons.evaluation.measures.table import BY_ID, MEASURES
from rag_commons.evaluation.mutants import citing, licensing, quoting, stating, tampering
from rag_commons.evaluation.mutants.base import base_cases, base_registry
from rag_commons.evaluation.mutants.mutant import Mutant, Pool
from rag_commons.evaluation.registry import Entry, Snapshot
from rag_commons.evaluation.scoring import Table, estimate, score_cases

MUTANTS: tuple[Mutant, ...] = (*citing.MUTANTS, *quoting.MUTANTS, *stating.MUTANTS, *licensing.MUTANTS, *tampering.MUTANTS)
EPSILON = 0.02
# they follow from the rest
HEADLINES = {"strict", "sound"}

Status = Literal["caught", "missed", "overreach", "still", "moved", "blind", "seen", "not applicable"]
GOOD: tuple[Status, ...] = ("caught", "still", "blind", "not applicable")
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one mutant: how many cases it spoiled, what moved (before, after), and what did otherwise than it should."""

    mutant: Mutant
    status: Status
    cases: int
    moved: dict[str, tuple[float, float]]
    wrong: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the matrix holds here."""
        return self.status in GOOD


def run_matrix(cases: Sequence[Case], entries: dict[str, Entry], mutants: Sequence[Mutant] = MUTANTS) -> list[Row]:
    """Run the mutants over cases that are held against these passages, each over the cases that it can spoil."""
    registry = Snapshot(entries)
    stable = (_stable(replace(case, registry=registry)) for case in cases)
    pool = Pool(tuple(case for case in stable if not case.answered or _sound(case)), entries)
    return [_row(mutant, pool) for mutant in mutants]


@cache
def base_matrix() -> tuple[Row, ...]:
    """Run every mutant over our invented answers, once a process."""
    return tuple(run_matrix(base_cases(), base_registry().entries))


def _row(mutant: Mutant, pool: Pool) -> Row:
    # only what was spoiled is compared with itself: a fault in a few answers must not drown among many
    spoiled = [(case, other) for case in pool.cases if _can(case, mutant) and (other := mutant.spoil(case, pool)) is not None]
    if not spoiled:
        return Row(mutant, "not applicable", 0, {})
    whole = {other.question.id: other for _, other in spoiled}
    # abstention is judged over all the questions, since J needs both kinds
    compared = pool.cases if mutant.name.endswith("abstains") else tuple(case for case, _ in spoiled)
    before = estimate(score_cases(compared), draws=0)
    after = estimate(score_cases([whole.get(case.question.id, case) for case in compared]), draws=0)
    moved = _moved(before, after)
    wrong = _wrong(mutant, before, after, moved)
    return Row(mutant, _status(mutant, wrong, moved), len(spoiled), moved, wrong)


def _can(case: Case, mutant: Mutant) -> bool:
    return case.abstained if mutant.name == "never-abstains" else case.answered


def _moved(before: Table, after: Table) -> dict[str, tuple[float, float]]:
    moved = {}
    for measure in MEASURES:
        old, new = before[measure.id].value, after[measure.id].value
        if old is not None and new is not None and abs(old - new) > _TINY:
            moved[measure.id] = (old, new)
    return moved


def _wrong(mutant: Mutant, before: Table, after: Table, moved: dict[str, tuple[float, float]]) -> tuple[str, ...]:
    expected = [name for name in mutant.falls if before[name].value is not None]
    wrong = [f"{name} must get worse" for name in expected if not _worse(name, moved)]
    if not mutant.blind and {one.id for one in COMPONENTS} & set(expected) and before["strict"].value and not _worse("strict", moved):
        wrong.append("strict must get worse")
    free = {*mutant.falls, *mutant.may}
    if not mutant.control:
        free |= HEADLINES
    wrong += [f"{name} must not move" for name, (old, new) in moved.items() if name not in free and abs(old - new) > EPSILON]
    return tuple(wrong)


def _worse(name: str, moved: dict[str, tuple[float, float]]) -> bool:
    if name not in moved:
        return False
    old, new = moved[name]
    return new < old if BY_ID[name].perfect else new > old


def _status(mutant: Mutant, wrong: tuple[str, ...], moved: dict[str, tuple[float, float]]) -> Status:
    if mutant.blind:
        return "seen" if wrong or any(_worse(name, moved) for name in moved if name != "KP") else "blind"
    if mutant.control:
        return "moved" if wrong else "still"
    if any(one.endswith("worse") for one in wrong):
        return "missed"
    return "overreach" if wrong else "caught"


def _sound(case: Case) -> bool:
    """Whether nothing is wrong with an answer yet: what is spoiled already proves nothing when it is spoiled again."""
    scores = [measure.score(case) for measure in (*COMPONENTS, BY_ID["ARG"], BY_ID["POL"])]
    return all(score is not None and score[0] == score[1] for score in scores)


def _stable(case: Case) -> Case:
    """Give an answer the variants of a system that is stable and depends on its sources, where they were not measured."""
    if case.answer is None or not case.answered:
        return replace(case, variants=Variants())
    silent = JudgedAnswer(case.question.id, abstained=True, reason="Passage retiré.")
    refs = [one.ref for one in case.references if one.ref is not None]
    return replace(case, variants=Variants(True, case.answer, dict.fromkeys(refs, silent)))
