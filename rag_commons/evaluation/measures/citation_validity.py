"""CV: markers that lead to a passage retrieved this turn."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.measure import Measure, Score, share


def score(case: Case) -> Score | None:
    """Score the markers of an answer."""
    if not case.answered:
        return None
    return share(sum(len(case.valid(one)) for one in case.statements), sum(len(one.citations) for one in case.statements))


MEASURE = Measure(
    id="CV",
    group="citations",
    name_fr="Validité des renvois",
    name_en="Citation validity",
    definition_fr=(
        "part des renvois émis qui mènent à un passage retrouvé pour cette question et connu du registre ; un renvoi "
        "répété à l'identique n'est compté valide qu'une fois"
    ),
    definition_en=(
        "share of the markers emitted that lead to a passage retrieved for this question and known to the registry; an "
        "identical marker repeated is valid once"
    ),
    formula="#{m : id(m) ∈ R ∩ REG} / #{m}",
    source="MIRAGE-Bench and ALCE drop unknown ids before counting; here they stay in the denominator",
    reading_fr="Sous 100 %, des renvois ne mènent nulle part.",
    reading_en="Below 100 %, some markers lead nowhere.",
    score=score,
)
