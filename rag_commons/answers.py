"""Answers: statements, citations and references, and their JSON form (schema 1)."""

from dataclasses import dataclass, field
from typing import Literal

from rag_commons.documents import Hit, Passage
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.reuse import Reuse

Support = Literal["verbatim", "entailed"]
Mode = Literal["extractive", "generative"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quoted span of a reference: `quote == reference.passage.text[start:end]`."""

    ref: int
    quote: str
    start: int
    end: int
    support: Support = "verbatim"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer with the citations that support it (at least one)."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited passage, numbered from 1, with the notice that its licence asks for."""

    ref: int
    passage: Passage
    provenance: Provenance
    notice: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent in each step."""

    retrieve: float = 0.0
    read: float = 0.0
    verify: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader made of the hits for one question; without statements it is an abstention, with its reason.

    `seen` holds every hit that was retrieved, cited or not.
    """

    question: str
    created: str
    index_name: str
    index_build: str
    statements: tuple[Statement, ...] = ()
    references: tuple[Reference, ...] = ()
    seen: tuple[Hit, ...] = ()
    reuse: Reuse = field(default_factory=Reuse)
    id: str | None = None
    language: str = "fr"
    mode: Mode = "extractive"
    reason: str | None = None
    timings: Timings = Timings()

    @property
    def abstained(self) -> bool:
        """Whether nothing was answered."""
        return not self.statements
