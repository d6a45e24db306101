"""QF: quotes that are, word for word, in the passage that they cite."""

from collections.abc import Iterator

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedStatement
from rag_commons.evaluation.kinds import is_quote
from rag_commons.evaluation.measures.measure import Measure, Score, share
from rag_commons.evaluation.quotes import Failure, failure, quoted_spans, same_words, stands_in


def score(case: Case) -> Score | None:
    """Score the quotes of an answer."""
    if not case.answered:
        return None
    judged = [wrong is None for statement in case.statements for wrong in _quotes(case, statement)]
    return share(sum(judged), len(judged))


def failures(case: Case) -> list[Failure]:
    """Class the quotes that are not in the passage that they cite."""
    pool = [text for _, text in case.pool()]
    found = []
    for statement in case.statements:
        cited = case.cited_texts(statement)
        found += [failure(words, cited, pool) for words in _quotes(case, statement) if words is not None]
    return found


def _quotes(case: Case, statement: JudgedStatement) -> Iterator[str | None]:
    """Yield, for each quote of a statement, None where it is faithful, else the words that are not."""
    whole = case.answer is not None and is_quote(statement, case.answer)
    counted = False
    for citation, reference in case.resolved(statement):
        if citation.quote is None:
            continue
        counted = True
        if not stands_in(citation.quote, case.text_of(reference)):
            yield citation.quote
        elif citation.support == "verbatim" and not same_words(statement.text, citation.quote):
            yield statement.text
        else:
            yield None
    if whole:
        if not counted:
            yield None
        return
    texts = case.cited_texts(statement)
    # what cites nothing is the affair of COV
    for span in quoted_spans(statement.text) if texts else ():
        yield None if any(stands_in(span, text) for text in texts) else span


MEASURE = Measure(
    id="QF",
    group="fidelity",
    name_fr="Fidélité des citations",
    name_en="Quote fidelity",
    definition_fr=(
        "part des citations dont les mots sont d'un seul tenant, après N0, dans le passage qu'elles citent ; une phrase "
        "dite mot pour mot doit être sa citation"
    ),
    definition_en=(
        "share of the quotes whose words are contiguous, after N0, in the passage that they cite; a statement said to "
        "be verbatim must be its quote"
    ),
    formula="#{q : N0(q) contiguous in N0(p), p ∈ C(q)} / #{q}",
    source="verbatim gates (fabricated, frankenquote, misattributed); RAGAS quoted_spans joins all passages and reads no guillemets",
    reading_fr="Sous 100 %, des mots entre guillemets ne sont pas ceux de la source.",
    reading_en="Below 100 %, some quoted words are not those of the source.",
    score=score,
)
