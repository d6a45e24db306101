"""STAB: the same sources whatever the order of the passages, the same bytes in two runs."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedAnswer
from rag_commons.evaluation.measures.measure import Measure, Score


def score(case: Case) -> Score | None:
    """Score a question that was asked again: Jaccard of what is cited when the passages are permuted, and equality of two runs."""
    parts = []
    if case.variants.permuted is not None and case.answer is not None:
        parts.append(_jaccard(_cited(case.answer), _cited(case.variants.permuted)))
    if case.variants.same_again is not None:
        parts.append(float(case.variants.same_again))
    return (sum(parts), float(len(parts))) if parts else None


def _cited(answer: JudgedAnswer) -> frozenset[str]:
    keys = (reference.key for statement in answer.statements for reference in answer.cited(statement))
    return frozenset(key for key in keys if key)


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right) if left | right else 1.0


MEASURE = Measure(
    id="STAB",
    group="robustness",
    name_fr="Stabilité",
    name_en="Stability",
    definition_fr=(
        "part commune des passages cités quand l'ordre des passages change (Jaccard), et égalité octet pour octet de deux exécutions"
    ),
    definition_en="overlap of the passages cited when the order of the passages changes (Jaccard), and byte equality of two runs",
    formula="mean of Jaccard(cited, cited under permutation) and [run 1 = run 2]",
    source="rag-commons, attribution suite",
    reading_fr="Sous 100 %, la réponse dépend de l'ordre des passages ou du hasard.",
    reading_en="Below 100 %, the answer depends on the order of the passages or on chance.",
    score=score,
)
