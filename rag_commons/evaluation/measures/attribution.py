"""AC: citations whose notice shows every field that the rights require."""

from collections import Counter

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.credits import lacking, required
from rag_commons.evaluation.judged import JudgedReference
from rag_commons.evaluation.measures.measure import Measure, Score, share
from rag_commons.evaluation.policy import adapted
from rag_commons.licences.provenance import Provenance


def score(case: Case) -> Score | None:
    """Score the citations of an answer that lead to a reference."""
    if not case.answered or case.answer is None:
        return None
    reworded = adapted(case.answer)
    complete = [_complete(case, one, reworded) for statement in case.statements for _, one in case.resolved(statement)]
    return share(sum(complete), len(complete))


def fields(case: Case) -> tuple["Counter[str]", "Counter[str]"]:
    """Count, over the references cited, how often each field is required and how often shown."""
    asked, shown = Counter[str](), Counter[str]()
    reworded = adapted(case.answer) if case.answer else frozenset[int]()
    for reference in case.cited():
        rights = case.rights_of(reference)
        if rights is None:
            continue
        wanted = required(rights, reference.ref in reworded)
        asked.update(wanted)
        shown.update(set(wanted) - set(_lacking(reference, rights, reworded)))
    return asked, shown


def _complete(case: Case, reference: JudgedReference, reworded: frozenset[int]) -> bool:
    rights = case.rights_of(reference)
    return rights is not None and bool(reference.notice) and not _lacking(reference, rights, reworded)


def _lacking(reference: JudgedReference, rights: Provenance, reworded: frozenset[int]) -> tuple[str, ...]:
    return lacking(reference.notice or "", rights, reference.ref in reworded)


MEASURE = Measure(
    id="AC",
    group="rights",
    name_fr="Complétude de l'attribution",
    name_en="Attribution completeness",
    definition_fr=(
        "part des citations dont la mention montre tout ce que les droits exigent, tel que le registre le donne : "
        "auteur, titre, source, licence, date, mention, modification"
    ),
    definition_en=(
        "share of the citations whose notice shows all that the rights require, as the registry gives it: author, "
        "title, source, licence, date, statement, change"
    ),
    formula="#{c : required(REG(c)) ⊂ notice(c)} / #{c}",
    source="rag-commons, attribution suite; table of rights",
    reading_fr="Sous 100 %, des auteurs ou des institutions ne sont pas crédités comme leur licence l'exige.",
    reading_en="Below 100 %, some authors or institutions are not credited as their licence requires.",
    score=score,
)
