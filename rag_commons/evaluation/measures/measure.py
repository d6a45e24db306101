"""What a measure is: its definition, its reading, and the score that it gives one case.

A score is (numerator, denominator) over what the answer emitted; measures add them up over cases, so that a long answer weighs more
than a short one. None: the measure has no object in this case. The one surprise: an answer that emitted nothing of what is counted
scores (0, 1), so that no system gains by emitting nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rag_commons.evaluation.case import Case

Score = tuple[float, float]
Group = Literal["headline", "citations", "fidelity", "gold", "rights", "abstention", "robustness"]

CORPUS = "rag-commons, attribution suite"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure. `perfect` is its best value; `parts` make it one minus their sum (J = 1 - H - E)."""

    id: str
    group: Group
    name_fr: str
    name_en: str
    definition_fr: str
    definition_en: str
    formula: str
    source: str
    reading_fr: str
    reading_en: str
    score: Callable[[Case], Score | None]
    perfect: float = 1.0
    parts: tuple["Measure", ...] = ()


def share(hits: float, total: float) -> Score:
    """Return a score over what was emitted; nothing emitted is (0, 1)."""
    return (float(hits), float(total)) if total else (0.0, 1.0)
