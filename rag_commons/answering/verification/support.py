"""Support: whether the words that a reworded statement cites hold what it says. A reason in French, or None.

One cited sentence must hold the whole statement (one from each passage where several are cited): numbers with what they count, names,
denials, roles, and nearly every other word. What is taken for true is narrow on purpose: a rewording that this cannot follow is refused.
"""

from collections.abc import Sequence

from rag_commons.answering.verification.facts import sentences_of
from rag_commons.answering.verification.relations import misfit
from rag_commons.answering.verification.words import tokens_of
from rag_commons.text.normal import n0

_EDGES = ' .!?…;«»"“”'
_MOST_SENTENCES = 5


def unsupported(statement: str, cited: Sequence[str], *, title: str | None = None, section: str | None = None) -> str | None:
    """Return the first fact, denial or relation of a statement that the cited words do not hold, in French, or None."""
    sentences = [[sentence for sentence in sentences_of(text) if sentence.strip()] for text in cited]
    if _stands(statement, cited, sentences):
        return None
    context = " ; ".join(one for one in (title, section) if one)
    windows = _windows(statement, sentences)
    if not windows:
        return "la citation est vide"
    first = None
    for window in windows:
        reason = misfit(statement, window, context)
        if reason is None:
            return None
        first = first or reason
    return first


def _stands(statement: str, cited: Sequence[str], sentences: Sequence[Sequence[str]]) -> bool:
    """Whether the statement is whole sentences of the citation, word for word."""
    words = n0(statement).strip(_EDGES)
    if any(words == n0(text).strip(_EDGES) for text in cited):
        return bool(words)
    said = [n0(one).strip(_EDGES) for one in sentences_of(statement)]
    held = {n0(one).strip(_EDGES) for texts in sentences for one in texts}
    return bool(said) and all(one in held for one in said)


def _windows(statement: str, sentences: Sequence[Sequence[str]]) -> list[str]:
    """Return what may hold the statement, the likeliest first."""
    here = {token.key for token in tokens_of(statement)}

    def shared(sentence: str) -> int:
        return len(here & {token.key for token in tokens_of(sentence)})

    ranked = [sorted(texts, key=lambda one: (-shared(one), len(one)))[:_MOST_SENTENCES] for texts in sentences]
    windows = sorted((one for texts in ranked for one in texts), key=lambda one: -shared(one))
    best = [texts[0] for texts in ranked if texts]
    return [*windows, " ".join(best)] if len(best) > 1 else windows
