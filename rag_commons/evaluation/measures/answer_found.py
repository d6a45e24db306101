"""ANS: answers that hold what people gave as the answer."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.measure import Measure, Score
from rag_commons.text.analysis import fold
from rag_commons.text.normal import n0


def score(case: Case) -> Score | None:
    """Score an answer to a question whose gold answers are known: 1 where one of them stands in its sentences."""
    if not (case.answered and case.question.answers):
        return None
    said = _plain(" ".join(statement.text for statement in case.statements))
    return float(any(_plain(answer) in said for answer in case.question.answers if answer.strip())), 1.0


def _plain(text: str) -> str:
    return f" {' '.join(fold(n0(text)).lower().split())} ".strip()


MEASURE = Measure(
    id="ANS",
    group="gold",
    name_fr="Réponse attendue présente",
    name_en="Answer found",
    definition_fr=(
        "part des réponses qui contiennent la réponse donnée par des personnes, à la casse et aux accents près, parmi "
        "les questions auxquelles le système répond"
    ),
    definition_en=(
        "share of the answers that hold the answer given by people, case and accents aside, among the questions that the system answers"
    ),
    formula="#{a : some gold answer ∈ a} / #{a}",
    source="BERGEN and KILT: match",
    reading_fr="Bas, les réponses sont fidèles à leurs sources mais à côté de la question.",
    reading_en="Low, answers are faithful to their sources but beside the question.",
    score=score,
)
