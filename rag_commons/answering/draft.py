"""Drafts: what a reader proposes before anything is verified, numbered or licensed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol, runtime_checkable

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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reply of a model is: characters read, sentences proposed, and what became of these.

    `statements` are those that may be said, verified; `repaired` counts the sentences whose place a passage's own words took, `dropped`
    those that nothing supports.
    """

    characters: int
    proposed: int
    statements: tuple[DraftStatement, ...]
    repaired: int = 0
    dropped: int = 0


class Reader(Protocol):
    """What turns hits into a draft."""

    mode: Mode

    def read(self, question: str, hits: Sequence[Hit]) -> Draft:
        """Draft an answer to the question from these hits and nothing else."""
        ...


@runtime_checkable
class StreamingReader(Reader, Protocol):
    """A reader whose statements come one by one."""

    def stream(self, question: str, hits: Sequence[Hit], stop: Event | None = None) -> Iterator[Progress | Draft]:
        """Yield the progress of the draft, then the draft; once `stop` is set, the draft is what was verified before."""
        ...
