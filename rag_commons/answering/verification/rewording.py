"""Rewordings: every rule that a sentence of one's own must pass, in order, against the words that it cites."""

from collections.abc import Iterable, Sequence

from rag_commons.answering.verification.entailment import Entailment, unentailed
from rag_commons.answering.verification.qualifiers import unbounded
from rag_commons.answering.verification.roles import exchanged
from rag_commons.answering.verification.support import unsupported


def unproved(
    text: str,
    cited: Sequence[str],
    titles: Iterable[str | None],
    sections: Iterable[str | None],
    entailment: Entailment | None = None,
) -> str | None:
    """Return why the cited words do not hold what the sentence says, in French, or None.

    `titles` and `sections` are those of the passages cited: one that all share may say of whom a sentence speaks.
    """
    return (
        unsupported(text, cited, title=_shared(titles), section=_shared(sections))
        or exchanged(text, cited)
        or unbounded(text, cited)
        or unentailed(text, cited, entailment)
    )


def _shared(names: Iterable[str | None]) -> str | None:
    known = set(names)
    return known.pop() if len(known) == 1 else None
