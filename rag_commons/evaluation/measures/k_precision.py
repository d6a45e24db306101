"""KP: share of the content stems of a statement that the cited text holds."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.measures.hard_facts import context_of
from rag_commons.evaluation.measures.measure import Measure, Score, share
from rag_commons.text.analysis import analyse


def score(case: Case) -> Score | None:
    """Score the statements that cite a text, each by the share of its stems that the text holds."""
    if not case.answered:
        return None
    shares = []
    for statement in case.statements:
        terms = frozenset(analyse(statement.text))
        if terms and case.cited_texts(statement):
            held = frozenset[str]().union(*(analyse(text) for text in context_of(case, statement)))
            shares.append(len(terms & held) / len(terms))
    return share(sum(shares), len(shares))


MEASURE = Measure(
    id="KP",
    group="fidelity",
    name_fr="Précision sur les connaissances",
    name_en="K-precision",
    definition_fr="part moyenne des mots pleins d'une phrase (racines) présents dans le texte cité",
    definition_en="mean share of the content stems of a statement that the cited text holds",
    formula="mean over s of |stems(s) ∩ stems(C(s))| / |stems(s)|",
    source="Adlakha et al., TACL 2024; floor 0.6",
    reading_fr="Vers 90 % et plus, les phrases parlent avec les mots de leurs sources ; sous 60 %, d'autre chose.",
    reading_en="From 90 % on, statements speak the words of their sources; under 60 %, of something else.",
    score=score,
)
