"""J: what abstention is worth, from 0 for any constant rule to 1."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures import hallucination, undue_abstention
from rag_commons.evaluation.measures.measure import Measure, Score


def score(case: Case) -> Score | None:
    """Score nothing by itself: J is made of H and E."""
    return None


MEASURE = Measure(
    id="J",
    group="abstention",
    name_fr="Valeur de l'abstention",
    name_en="Youden index",
    definition_fr="1 − H − E : ce que vaut le choix de répondre ou de se taire",
    definition_en="1 − H − E: what the choice to answer or to be silent is worth",
    formula="1 - H - E",
    source="Youden 1950; on NoMIRACL's French questions GPT-4 has 0.42",
    reading_fr="0 pour qui répond toujours ou jamais, 100 pour qui ne se trompe jamais.",
    reading_en="0 for what always or never answers, 100 for what is never wrong.",
    score=score,
    parts=(hallucination.MEASURE, undue_abstention.MEASURE),
)
