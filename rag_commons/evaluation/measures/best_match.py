"""ARG: statements whose closest passage, of all those retrieved, is one that they cite."""

from itertools import pairwise

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedStatement
from rag_commons.evaluation.measures.measure import Measure, Score, share
from rag_commons.text.analysis import analyse


def score(case: Case) -> Score | None:
    """Score the statements that cite a text."""
    if not case.answered:
        return None
    pool = {key: _grams(text) for key, text in case.pool()}
    cited = [one for one in case.statements if case.cited_texts(one)]
    return share(sum(_closest_is_cited(case, one, pool) for one in cited), len(cited))


def _closest_is_cited(case: Case, statement: JudgedStatement, pool: dict[str, frozenset[tuple[str, ...]]]) -> bool:
    grams = _grams(statement.text)
    overlap = {key: len(grams & held) for key, held in pool.items()}
    own = [len(grams & _grams(text)) for text in case.cited_texts(statement)]
    # passages that share as much are as close
    return max(own) >= max(overlap.values(), default=0) > 0


def _grams(text: str) -> frozenset[tuple[str, ...]]:
    """Return stems and pairs of neighbouring stems: pairs part passages of one subject."""
    terms = analyse(text)
    return frozenset([*((term,) for term in terms), *pairwise(terms)])


MEASURE = Measure(
    id="ARG",
    group="fidelity",
    name_fr="Attribution au plus proche",
    name_en="Arg-max attribution",
    definition_fr="part des phrases dont le passage le plus proche, parmi ceux retrouvés, est cité",
    definition_en="share of the statements whose closest passage, of those retrieved, is cited",
    formula="#{s : argmax over p ∈ R of overlap(s, p) ∈ C(s)} / #{s}",
    source="rag-commons, attribution suite",
    reading_fr="Sous 100 %, des phrases citent un autre passage que celui dont elles viennent.",
    reading_en="Below 100 %, some statements cite another passage than the one that they come from.",
    score=score,
)
