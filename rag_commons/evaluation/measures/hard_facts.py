"""HF: statements whose numerals, dates and proper names are all in the cited text."""

from rag_commons.answering.verification.facts import foreign_facts
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedStatement
from rag_commons.evaluation.measures.measure import Measure, Score, share


def score(case: Case) -> Score | None:
    """Score the statements that cite a text; those that cite none are the affair of COV."""
    if not case.answered:
        return None
    cited = [one for one in case.statements if case.cited_texts(one)]
    return share(sum(not foreign_facts(one.text, context_of(case, one)) for one in cited), len(cited))


def context_of(case: Case, statement: JudgedStatement) -> tuple[str, ...]:
    """Return the cited texts with the titles and headings above them."""
    shown = (one for _, one in case.resolved(statement))
    headings = [heading for one in shown for heading in (one.provenance.title, one.section) if heading]
    return (*case.cited_texts(statement), *headings)


MEASURE = Measure(
    id="HF",
    group="fidelity",
    name_fr="Faits durs",
    name_en="Hard facts",
    definition_fr="part des phrases dont tous les nombres, dates et noms propres sont dans le texte cité ou dans son titre",
    definition_en="share of the statements whose numerals, dates and proper names are all in the cited text or its title",
    formula="#{s : facts(s) ⊂ facts(C(s))} / #{s}",
    source="rag-commons, attribution suite; after FActScore's atomic facts (Min et al. 2023), without a model",
    reading_fr="Sous 100 %, des nombres ou des noms viennent d'ailleurs que de la source.",
    reading_en="Below 100 %, some numbers or names come from elsewhere than the source.",
    score=score,
)
