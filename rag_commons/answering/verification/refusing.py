"""Verification: whether a draft statement may leave, judged against the passages that it cites."""

from collections.abc import Sequence

from rag_commons.answering.draft import DraftStatement
from rag_commons.answering.verification.entailment import Entailment
from rag_commons.answering.verification.planted import planted
from rag_commons.answering.verification.rewording import unproved
from rag_commons.documents import Hit, text_sha256
from rag_commons.text.normal import n0


def refusal(statement: DraftStatement, hits: Sequence[Hit], entailment: Entailment | None = None) -> str | None:
    """Return why the statement may not leave, in French, or None when its citations support it."""
    if not statement.quotes:
        return "aucune citation"
    retrieved = {hit.passage.id: hit.passage for hit in hits}
    for quote in statement.quotes:
        passage = retrieved.get(quote.hit.passage.id)
        if passage is None:
            return "le passage cité n'a pas été trouvé pour cette question"
        if passage.sha256 != text_sha256(passage.text):
            return "le passage cité a été altéré"
        if not 0 <= quote.start < quote.end <= len(passage.text):
            return "les mots cités sont hors du passage"
        if planted(passage.text, quote.start, quote.end):
            return "les mots cités donnent un ordre à qui les lit, ou disent des droits que la notice seule dit"
        if statement.support == "verbatim" and n0(statement.text) != n0(quote.text):
            return "la phrase n'est pas la citation mot pour mot"
    if statement.support == "verbatim":
        return None
    cited = [quote.hit for quote in statement.quotes]
    return unproved(
        statement.text,
        [quote.text for quote in statement.quotes],
        [hit.provenance.title for hit in cited],
        [hit.passage.section for hit in cited],
        entailment,
    )
