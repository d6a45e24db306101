"""COV: statements with at least one valid marker."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.measure import Measure, Score, share


def score(case: Case) -> Score | None:
    """Score the statements of an answer."""
    if not case.answered:
        return None
    return share(sum(bool(case.valid(one)) for one in case.statements), len(case.statements))


MEASURE = Measure(
    id="COV",
    group="citations",
    name_fr="Couverture",
    name_en="Coverage",
    definition_fr="part des phrases qui portent au moins un renvoi valide",
    definition_en="share of the statements with at least one valid marker",
    formula="#{s : C(s) ∩ R ∩ REG ≠ ∅} / #{s}",
    source="ALCE citation recall (Gao et al. 2023), without the entailment judge",
    reading_fr="Sous 100 %, des phrases sont sans source.",
    reading_en="Below 100 %, some sentences have no source.",
    score=score,
)
