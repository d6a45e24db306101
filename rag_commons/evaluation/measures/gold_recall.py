"""GR: passages marked as the answer that are cited."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.gold_match import matches
from rag_commons.evaluation.measures.measure import Measure, Score, share


def score(case: Case) -> Score | None:
    """Score the gold passages of a question that was answered."""
    if not (case.answered and case.question.gold):
        return None
    cited = case.cited()
    return share(sum(any(matches(case, one, gold) for one in cited) for gold in case.question.gold), len(case.question.gold))


MEASURE = Measure(
    id="GR",
    group="gold",
    name_fr="Rappel sur la référence",
    name_en="Gold recall",
    definition_fr="part des passages marqués comme répondant qui sont cités, parmi les questions auxquelles le système répond",
    definition_en="share of the passages marked as answering that are cited, among the questions that the system answers",
    formula="|cited ∩ gold| / |gold|",
    source="RAGAS IDBasedContextRecall; MIRAGE-Bench citation recall",
    reading_fr="Bas, les bonnes sources sont manquées.",
    reading_en="Low, the right sources are missed.",
    score=score,
)
