"""GP: cited passages that a person marked as the answer."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.gold_match import matches
from rag_commons.evaluation.measures.measure import Measure, Score, share


def score(case: Case) -> Score | None:
    """Score the passages cited for a question whose gold passages are known."""
    if not (case.answered and case.question.gold):
        return None
    cited = case.cited()
    return share(sum(any(matches(case, one, gold) for gold in case.question.gold) for one in cited), len(cited))


MEASURE = Measure(
    id="GP",
    group="gold",
    name_fr="Précision sur la référence",
    name_en="Gold precision",
    definition_fr="part des passages cités qui sont ceux que des personnes ont marqués comme répondant",
    definition_en="share of the passages cited that people marked as answering",
    formula="|cited ∩ gold| / |cited|",
    source="RAGAS IDBasedContextPrecision; MIRAGE-Bench citation precision",
    reading_fr="Bas, le système cite à tout va, ou cite autre chose que la bonne source : seule mesure qui voit le premier.",
    reading_en="Low, the system cites everything, or cites other sources than the right one: the only measure that sees the former.",
    score=score,
)
