"""Support: whether the words that a statement cites hold what it says. The verdict is a reason in French, or None."""

from collections.abc import Iterator

from rag_commons.answering.verification.entailment import Entailment
from rag_commons.answering.verification.rewording import unproved
from rag_commons.evaluation.judged import JudgedAnswer, JudgedCitation, JudgedReference, JudgedStatement
from rag_commons.evaluation.kinds import claims_quote, is_quote
from rag_commons.evaluation.quotes import quoted_spans, stands_in
from rag_commons.text.normal import n0

SUPPORTS = ("verbatim", "entailed")
# the order of words costs their square: nobody writes such a sentence, and a foreign file must not hold up the others
_MOST_WORDS = 400


def refusal_of(statement: JudgedStatement, answer: JudgedAnswer, entailment: Entailment | None = None) -> str | None:
    """Return why a statement is not supported by what it cites, in French, or None."""
    if not statement.text.strip():
        return "phrase vide"
    if answer.abstained:
        return "phrase dans une réponse qui dit s'abstenir"
    if not statement.citations:
        return "aucune citation"
    for citation in statement.citations:
        reason = _citation_refusal(citation, answer)
        if reason:
            return reason
    if is_quote(statement, answer):
        return None
    if claims_quote(statement):
        return "annoncée mot pour mot, la phrase n'est pas sa citation"
    texts = [text for citation in statement.citations for text in _cited_words(citation, answer)]
    for span in quoted_spans(statement.text):
        if not any(stands_in(span, text) for text in texts):
            return f"les mots entre guillemets ne sont pas dans la citation : « {span[:60]} »"
    if too_long(statement.text):
        return f"phrase de plus de {_MOST_WORDS} mots, qu'aucune règle ne suit"
    cited = list(answer.cited(statement))
    titles, sections = [one.provenance.title for one in cited], [one.section for one in cited]
    return unproved(statement.text, texts, titles, sections, entailment)


def too_long(text: str) -> bool:
    """Whether a reworded sentence is too long to be followed."""
    return text.count(" ") > _MOST_WORDS


def missing_of(statement: JudgedStatement) -> tuple[str, ...]:
    """Name, in French, what a statement's citations do not say, without which no answer is strict."""
    named = (("quote", "mots cités"), ("start", "début de la citation"), ("end", "fin de la citation"), ("support", "nature de l'appui"))
    absent = [fr for name, fr in named if any(getattr(citation, name) is None for citation in statement.citations)]
    return tuple(absent)


def _citation_refusal(citation: JudgedCitation, answer: JudgedAnswer) -> str | None:
    found = [one for one in answer.references if citation.ref is not None and one.ref == citation.ref]
    if not found:
        return f"référence inexistante : [{'?' if citation.ref is None else citation.ref}]"
    if len(found) > 1:
        return f"plusieurs références portent le numéro [{citation.ref}]"
    if citation.support is not None and citation.support not in SUPPORTS:
        return f"nature d'appui inconnue : « {citation.support[:40]} »"
    return "".join(_misquoted(citation, found[0], answer)) or None


def _misquoted(citation: JudgedCitation, reference: JudgedReference, answer: JudgedAnswer) -> Iterator[str]:
    """Yield at most one reason."""
    text = reference.text
    if not text:
        yield f"la référence [{citation.ref}] n'a pas de texte"
    elif citation.quote is None:
        return
    elif not n0(citation.quote).strip():
        yield "citation vide"
    elif not stands_in(citation.quote, text):
        elsewhere = any(stands_in(citation.quote, other.text) for other in answer.references if other.text)
        yield (
            f"les mots cités sont ceux d'une autre référence que [{citation.ref}]"
            if elsewhere
            else (f"les mots cités ne sont pas, d'un seul tenant, dans la référence [{citation.ref}]")
        )
    elif citation.start is not None and citation.end is not None:
        inside = 0 <= citation.start < citation.end <= len(text)
        if not inside or n0(text[citation.start : citation.end]) != n0(citation.quote):
            yield "le début et la fin donnés ne sont pas ceux des mots cités"


def _cited_words(citation: JudgedCitation, answer: JudgedAnswer) -> Iterator[str]:
    reference = answer.reference(citation.ref)
    if citation.quote is not None:
        yield citation.quote
    elif reference is not None and reference.text:
        yield reference.text
