"""H: unanswerable questions that were answered."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.measure import Measure, Score


def score(case: Case) -> Score | None:
    """Score an unanswerable question: 1 where anything but an abstention came; what cannot be read is wrong here too."""
    if case.question.answerable is not False:
        return None
    return float(not case.abstained), 1.0


MEASURE = Measure(
    id="H",
    group="abstention",
    name_fr="Réponses indues",
    name_en="Hallucination rate",
    definition_fr="part des questions sans réponse auxquelles le système répond ; illisible compte comme faux",
    definition_en="share of the unanswerable questions that the system answers; unreadable counts as wrong",
    formula="#{answered ∧ unanswerable} / #{unanswerable}",
    source="NoMIRACL (Thakur et al. 2024): FP / (FP + TN)",
    reading_fr="Haut, le système répond quand rien ne répond.",
    reading_en="High, the system answers when nothing does.",
    score=score,
    perfect=0.0,
)
