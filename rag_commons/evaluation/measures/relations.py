"""REL: statements that keep who did what, and what bounds it."""

from rag_commons.answering.verification.qualifiers import unbounded
from rag_commons.answering.verification.roles import EXCHANGED, exchanged
from rag_commons.answering.verification.support import unsupported
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedStatement
from rag_commons.evaluation.measures.measure import Measure, Score, share
from rag_commons.evaluation.support import too_long
from rag_commons.text.normal import n0


def score(case: Case) -> Score | None:
    """Score the statements that cite a text."""
    if not case.answered:
        return None
    cited = [one for one in case.statements if case.cited_texts(one)]
    return share(sum(_kept(case, one) for one in cited), len(cited))


def _kept(case: Case, statement: JudgedStatement) -> bool:
    texts = case.cited_texts(statement)
    if any(n0(statement.text).strip() in n0(text) for text in texts):
        return True
    if too_long(statement.text):
        return False
    if exchanged(statement.text, texts) or unbounded(statement.text, texts):
        return False
    titles = {one.provenance.title for _, one in case.resolved(statement)}
    return unsupported(statement.text, texts, title=titles.pop() if len(titles) == 1 else None) != EXCHANGED


MEASURE = Measure(
    id="REL",
    group="fidelity",
    name_fr="Rôles et bornes",
    name_en="Roles and bounds",
    definition_fr=(
        "part des phrases qui gardent les rôles du texte cité (ordre des mots, relatifs, compléments) et ce qui le borne : "
        "« presque », « refusa de », « jusqu'en »"
    ),
    definition_en=(
        "share of the statements that keep the roles of the cited text (order of words, relatives, complements) and what bounds it: "
        "“almost”, “refused to”, “until”"
    ),
    formula="#{s : roles(s) = roles(best sentence of C(s)) ∧ bounds(best sentence) ⊂ bounds(s)} / #{s}",
    source="rag-commons, attribution suite; answers the role drift of its own mutation matrix",
    reading_fr="Sous 100 %, des phrases ont les mots de leur source mais disent autre chose : qui a fait quoi, ou jusqu'où.",
    reading_en="Below 100 %, some statements have the words of their source and say something else: who did what, or how far.",
    score=score,
)
