"""DEP: statements that change when the passage that they cite is taken away."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedAnswer, JudgedStatement
from rag_commons.evaluation.kinds import is_quote
from rag_commons.evaluation.measures.measure import Measure, Score, share
from rag_commons.text.normal import n0


def score(case: Case) -> Score | None:
    """Score the statements whose cited passage was taken away."""
    if not case.answered or not case.variants.without:
        return None
    changed = []
    for statement in case.statements:
        others = [other for ref, other in case.variants.without.items() if any(one.ref == ref for one in statement.citations)]
        changed += [not _said_again(statement, other) for other in others]
    return share(sum(changed), len(changed))


def _said_again(statement: JudgedStatement, other: JudgedAnswer) -> bool:
    """Whether another answer says the same without a passage that holds the words: then the citation explained nothing."""
    sought = n0(statement.text).strip()
    return any(n0(one.text).strip() == sought and not is_quote(one, other) for one in other.statements)


MEASURE = Measure(
    id="DEP",
    group="robustness",
    name_fr="Dépendance",
    name_en="Dependence",
    definition_fr=(
        "part des phrases qui changent ou disparaissent quand le passage cité est retiré ; redite mot pour mot d'un "
        "autre passage, une phrase compte comme changée"
    ),
    definition_en=(
        "share of the statements that change or vanish when the cited passage is removed; a statement quoted from "
        "another passage counts as changed"
    ),
    formula="#{s : s ∉ answer(R \\ C(s))} / #{s}",
    source="Wallat et al. 2025: up to 57 % of citations are post-rationalised",
    reading_fr="Sous 100 %, des citations sont ajoutées après coup à ce que le système savait déjà.",
    reading_en="Below 100 %, some citations are glued afterwards to what the system knew already.",
    score=score,
)
