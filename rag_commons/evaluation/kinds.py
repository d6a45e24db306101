"""Kinds of segments: a sentence is a quote when it is, and only when it is, the words of a passage that it cites.

What the system says of it (`support`) is a claim to check, not the kind.
"""

from rag_commons.evaluation.judged import JudgedAnswer, JudgedStatement
from rag_commons.evaluation.quotes import same_words, stands_in
from rag_commons.text.normal import n0
from rag_commons.text.sentences import sentence_spans


def is_quote(statement: JudgedStatement, answer: JudgedAnswer) -> bool:
    """Whether the sentence says word for word what a quote of its citations says, or, without quotes, whole sentences of a passage."""
    for citation in statement.citations:
        reference = answer.reference(citation.ref)
        if reference is None or not reference.text:
            continue
        if citation.quote is not None:
            if same_words(statement.text, citation.quote) and stands_in(citation.quote, reference.text):
                return True
        elif holds_sentences(statement.text, reference.text):
            return True
    return False


def claims_quote(statement: JudgedStatement) -> bool:
    """Whether the system says that the sentence is word for word."""
    return any(citation.support == "verbatim" for citation in statement.citations)


def holds_sentences(statement: str, text: str) -> bool:
    """Whether the statement is one or several whole, neighbouring sentences of the text."""
    sought = n0(statement).strip()
    spans = sentence_spans(text)
    starts = {n0(text[start:]).strip()[: len(sought)] for start, _ in spans}
    if sought not in starts:
        return False
    return any(n0(text[:end]).rstrip().endswith(sought) for _, end in spans)
