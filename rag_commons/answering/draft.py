"""Drafts: what a reader proposes before anything is verified, numbered or licensed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag_commons.answers import Mode, Support
from rag_commons.documents import Hit


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a hit's passage; `start` and `end` are character offsets in the passage's text."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The quoted words, as they stand in the passage."""
        return self.hit.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """One sentence that a reader proposes, with the quotes that it rests on."""

    text: str
    quotes: tuple[Quote, ...]
    support: Support = "verbatim"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader proposes; without statements it abstains and `reason` says why, in French.

    With statements, `reason` says what the reader could not do as asked; `mode` is that of another reader that took its place.
    """

    statements: tuple[DraftStatement, ...] = ()
    reason: str | None = None
    mode: Mode | None = None


class Reader(Protocol):
    """What turns hits into a draft."""

    mode: Mode

    def read(self, question: str, hits: Sequence[Hit]) -> Draft:
        """Draft an answer to the question from these hits and nothing else."""
        ...
