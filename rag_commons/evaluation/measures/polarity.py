"""POL: statements that deny where their best sentence denies, and only there."""

from rag_commons.answering.verification.facts import best_sentence, denies, sentences_of
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedStatement
from rag_commons.evaluation.measures.measure import Measure, Score, share
from rag_commons.text.analysis import analyse
from rag_commons.text.normal import n0


def score(case: Case) -> Score | None:
    """Score the statements that cite a text."""
    if not case.answered:
        return None
    cited = [one for one in case.statements if case.cited_texts(one)]
    return share(sum(_same_polarity(case, one) for one in cited), len(cited))


def _same_polarity(case: Case, statement: JudgedStatement) -> bool:
    texts = case.cited_texts(statement)
    if any(n0(statement.text).strip() in n0(text) for text in texts):
        return True
    sentences = [(sentence, frozenset(analyse(sentence))) for text in texts for sentence in sentences_of(text)]
    best = best_sentence(frozenset(analyse(statement.text)), sentences)
    return best is not None and denies(best) == denies(statement.text)


MEASURE = Measure(
    id="POL",
    group="fidelity",
    name_fr="Polarité",
    name_en="Polarity parity",
    definition_fr=(
        "part des phrases qui portent une négation si et seulement si la phrase la plus proche du texte cité en porte une (indicatif)"
    ),
    definition_en="share of the statements that hold a negation if and only if the closest sentence of the cited text does (advisory)",
    formula="#{s : neg(s) ⇔ neg(best sentence of C(s))} / #{s}",
    source="rag-commons, attribution suite; a heuristic",
    reading_fr="Sous 100 %, des phrases nient peut-être ce que leur source affirme, ou l'inverse.",
    reading_en="Below 100 %, some statements may deny what their source states, or the reverse.",
    score=score,
)
