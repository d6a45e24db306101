"""Calibration: whether a judge agrees with people as people agree, sees roles that are swapped, and fails where it must fail.

Pairs are halved by group: levels are cut on one half, everything is measured on the other. A judge that does not pass is not shown:
its figures would be taken for facts. The one surprise: it is held against each annotator in turn, never against a consensus, which
nobody said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations

import numpy as np

from rag_commons.evaluation.judges.agreement import alpha, auroc, balanced_accuracy, kappa, precision_recall
from rag_commons.evaluation.judges.falsification import falsify
from rag_commons.evaluation.judges.judge import Chances, Judge, Words
from rag_commons.evaluation.judges.pairs import NATURAL, Pair

LEAST_PAIRS = 200
LEAST_DRIFTS = 10
ROLE_DRIFT = "role-drift"
# a judge may agree with people less than they do with each other by this much
KAPPA_GAP = 0.10
LEAST_AUROC = 0.90
LEAST_FALSIFIED = 0.90

_CUTS = 40


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a judge agrees with people on the half kept apart; figures are means over annotators, None where not defined.

    `role_drift`: the chance that a sentence scores above itself with its roles swapped.
    """

    kappa: float | None
    balanced_accuracy: float | None
    none_precision: float | None
    none_recall: float | None
    role_drift: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was found of a judge. `cuts`: the scores from which support is partial, then full. `reasons`: why it is not shown, fr and en."""

    name: str
    fingerprint: str
    annotators: tuple[str, ...]
    labelled: int
    tested: int
    human_kappa: float | None
    human_alpha: float | None
    cuts: tuple[float, float]
    judge: Agreement
    words: Agreement
    falsified: dict[str, tuple[float, int]]
    reasons: tuple[tuple[str, str], ...]

    @property
    def calibrated(self) -> bool:
        """Whether its figures may be shown."""
        return not self.reasons


def calibrate(judge: Judge, pairs: Sequence[Pair]) -> Calibration:
    """Hold a judge against labelled pairs."""
    annotators = tuple(sorted({name for pair in pairs for name in pair.labels or {}}))
    labelled = [pair for pair in pairs if len(pair.labels or {}) > 1]
    dev = [pair for pair in labelled if not is_test(pair)]
    test = [pair for pair in labelled if is_test(pair)]
    cuts, agreement = _measure(judge, dev, test, pairs, annotators)
    _, words = _measure(Words(), dev, test, pairs, annotators)
    both = [values for values in (_both(test, *two) for two in combinations(annotators, 2)) if values[0]]
    human = _mean([kappa(*values) for values in both])
    falsified = falsify(judge, test, cuts)
    return Calibration(
        name=judge.name,
        fingerprint=judge.fingerprint,
        annotators=annotators,
        labelled=len(labelled),
        tested=len(test),
        human_kappa=human,
        human_alpha=alpha([list((pair.labels or {}).values()) for pair in test]),
        cuts=cuts,
        judge=agreement,
        words=words,
        falsified=falsified,
        reasons=tuple(_reasons(labelled, test, human, agreement, falsified)),
    )


def level_of(chance: float, cuts: tuple[float, float]) -> int:
    """Return the level of a chance: 0 none, 1 partial, 2 full."""
    return int(chance >= cuts[0]) + int(chance >= cuts[1])


def _measure(
    judge: Judge, dev: Sequence[Pair], test: Sequence[Pair], pairs: Sequence[Pair], annotators: Sequence[str]
) -> tuple[tuple[float, float], Agreement]:
    cuts = _cut(judge.chances([(pair.passage, pair.statement) for pair in dev]), dev, annotators)
    chances = judge.chances([(pair.passage, pair.statement) for pair in test])
    guesses = [level_of(chance, cuts) for chance in chances]
    found = []
    for annotator in annotators:
        known = [(level, guess) for pair, guess in zip(test, guesses, strict=True) if (level := pair.label(annotator)) is not None]
        truth, guess = [one for one, _ in known], [other for _, other in known]
        found.append((kappa(truth, guess), balanced_accuracy(truth, guess), *precision_recall(truth, guess, 0)))
    means = [_mean(values) for values in zip(*found, strict=True)] or [None] * 4
    return cuts, Agreement(means[0], means[1], means[2], means[3], _role_drift(judge, pairs))


def _cut(chances: Chances, pairs: Sequence[Pair], annotators: Sequence[str]) -> tuple[float, float]:
    """Return the two cuts that agree best with the annotators of these pairs."""
    if not len(chances):
        return 0.5, 0.5
    tries = np.unique(np.quantile(chances, np.linspace(0, 1, _CUTS + 1)))
    best = (-2.0, 0.5, 0.5)
    for low in tries:
        for high in tries[tries >= low]:
            guesses = [level_of(chance, (low, high)) for chance in chances]
            agreed = _mean([kappa(*_against(pairs, guesses, annotator)) for annotator in annotators])
            best = max(best, (-1.0 if agreed is None else agreed, float(low), float(high)))
    return best[1], best[2]


def _against(pairs: Sequence[Pair], guesses: Sequence[int], annotator: str) -> tuple[list[int], list[int]]:
    known = [(level, guess) for pair, guess in zip(pairs, guesses, strict=True) if (level := pair.label(annotator)) is not None]
    return [one for one, _ in known], [other for _, other in known]


def _both(pairs: Sequence[Pair], left: str, right: str) -> tuple[list[int], list[int]]:
    known = [(one, other) for pair in pairs if (one := pair.label(left)) is not None and (other := pair.label(right)) is not None]
    return [one for one, _ in known], [other for _, other in known]


def _role_drift(judge: Judge, pairs: Sequence[Pair]) -> float | None:
    """Return how surely true sentences score above the same ones with their roles swapped; needs no label, so every pair counts."""
    drifted = [pair for pair in pairs if pair.kind == ROLE_DRIFT]
    wanted = {pair.of for pair in drifted}
    originals = [pair for pair in pairs if pair.kind == NATURAL and pair.id in wanted]
    if len(drifted) < LEAST_DRIFTS or not originals:
        return None
    scores = [judge.chances([(pair.passage, pair.statement) for pair in several]) for several in (originals, drifted)]
    return auroc(scores[0].tolist(), scores[1].tolist())


def _reasons(
    labelled: Sequence[Pair], test: Sequence[Pair], human: float | None, judge: Agreement, falsified: dict[str, tuple[float, int]]
) -> list[tuple[str, str]]:
    reasons = []
    if len(labelled) < LEAST_PAIRS:
        reasons.append(
            (
                f"{len(labelled)} paires étiquetées par deux personnes, il en faut {LEAST_PAIRS}",
                f"{len(labelled)} pairs labelled by two people, {LEAST_PAIRS} are needed",
            )
        )
    if human is None or judge.kappa is None:
        reasons.append(("l'accord ne peut être calculé", "agreement cannot be computed"))
    elif judge.kappa < human - KAPPA_GAP:
        seen = f"{judge.kappa:.2f} < {human:.2f} − {KAPPA_GAP:.2f}"
        reasons.append((f"moins d'accord avec les personnes qu'elles entre elles : κ {seen}", f"less agreement than people have: κ {seen}"))
    if judge.role_drift is None:
        few = sum(pair.kind == ROLE_DRIFT for pair in labelled)
        reasons.append((f"{few} rôles échangés, il en faut {LEAST_DRIFTS}", f"{few} swapped roles, {LEAST_DRIFTS} are needed"))
    elif judge.role_drift < LEAST_AUROC:
        seen = f"{judge.role_drift:.2f} < {LEAST_AUROC:.2f}"
        reasons.append((f"ne voit pas les rôles échangés : AUROC {seen}", f"does not see swapped roles: AUROC {seen}"))
    for name, (share, count) in falsified.items():
        if count and share < LEAST_FALSIFIED:
            reasons.append((f"épreuve « {name} » : {share:.0%}", f"test “{name}”: {share:.0%}"))
    return reasons


def is_test(pair: Pair) -> bool:
    """Whether a pair is of the half on which everything is measured and nothing chosen."""
    return int(sha256(pair.group.encode()).hexdigest()[0], 16) < 8


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
