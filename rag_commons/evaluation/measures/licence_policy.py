"""LP: answers that do nothing that the rights of their sources forbid."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.measure import Measure, Score
from rag_commons.evaluation.policy import violations


def score(case: Case) -> Score | None:
    """Score an answer: 1 where nothing is forbidden."""
    if not case.answered or case.answer is None:
        return None
    rights = {one.ref: case.rights_of(one) for one in case.cited() if one.ref is not None}
    known = {ref: held for ref, held in rights.items() if held is not None}
    # what is under no known rights may not be used
    lawful = len(known) == len(rights) and not violations(case.answer, known, case.question.commercial)
    return float(lawful), 1.0


MEASURE = Measure(
    id="LP",
    group="rights",
    name_fr="Respect des licences",
    name_en="Licence policy",
    definition_fr=(
        "part des réponses sans violation : texte ND reformulé, texte NC en contexte commercial, BY-SA et NC fondus, "
        "deux familles de partage à l'identique fondues"
    ),
    definition_en=(
        "share of the answers without violation: ND text reworded, NC text in a commercial context, BY-SA and NC "
        "merged, two share-alike families merged"
    ),
    formula="#{a : violations(a) = ∅} / #{a}",
    source="rag-commons, attribution suite; rules of combination",
    reading_fr="Sous 100 %, des réponses font ce que leurs sources interdisent.",
    reading_en="Below 100 %, some answers do what their sources forbid.",
    score=score,
)
