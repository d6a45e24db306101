"""Whether a cited passage is one that people marked as answering."""

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedReference
from rag_commons.evaluation.questions import Gold
from rag_commons.text.analysis import analyse
from rag_commons.text.normal import find_quote

# a passage that ends inside the gold words still holds most of them
_MIN_SHARED = 0.8


def matches(case: Case, reference: JudgedReference, gold: Gold) -> bool:
    """Whether a reference is in the gold document, where it is known, and holds the gold words, where they are."""
    if gold.document_id is not None and reference.document_id is not None and gold.document_id != reference.document_id:
        return False
    if gold.quote is None:
        return gold.document_id is not None and reference.document_id is not None
    text = case.text_of(reference)
    if not text:
        return False
    if find_quote(gold.quote, text) or find_quote(text, gold.quote):
        return True
    sought = frozenset(analyse(gold.quote))
    return bool(sought) and len(sought & frozenset(analyse(text))) >= _MIN_SHARED * len(sought)
