"""E: answerable questions that were not answered."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.measure import Measure, Score


def score(case: Case) -> Score | None:
    """Score an answerable question: 1 where nothing was said; what cannot be read is wrong here too."""
    if case.question.answerable is not True:
        return None
    return float(not case.answered), 1.0


MEASURE = Measure(
    id="E",
    group="abstention",
    name_fr="Abstentions indues",
    name_en="Error rate",
    definition_fr="part des questions qui ont une réponse et auxquelles le système ne répond pas ; illisible compte comme faux",
    definition_en="share of the answerable questions that the system does not answer; unreadable counts as wrong",
    formula="#{abstained ∧ answerable} / #{answerable}",
    source="NoMIRACL (Thakur et al. 2024): FN / (FN + TP)",
    reading_fr="Haut, le système se tait quand la réponse est là.",
    reading_en="High, the system is silent when the answer is there.",
    score=score,
    perfect=0.0,
)
