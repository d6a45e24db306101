"""Judged answers: what any system said, as read from its own file, with what was missing or wrong kept beside it.

The one surprise: a value of the wrong type reads as absent and leaves a problem, so that nothing that a system writes stops a judgement.
"""

from dataclasses import dataclass, field
from typing import Literal

from rag_commons.licences.provenance import Provenance

Format = Literal["contract", "trec"]


@dataclass(frozen=True, slots=True)
class JudgedCitation:
    """A marker as emitted. `ref` is None when it is no whole number; `start` and `end` are offsets in the reference's text."""

    ref: int | None
    quote: str | None = None
    start: int | None = None
    end: int | None = None
    support: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedStatement:
    """A sentence with its markers."""

    text: str
    citations: tuple[JudgedCitation, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedReference:
    """A source as shown. `provenance.licence` is the id as written, which the table of rights may not hold."""

    ref: int | None
    text: str | None
    provenance: Provenance
    passage_id: str | None = None
    document_id: str | None = None
    start: int | None = None
    end: int | None = None
    section: str | None = None
    licence_kind: str | None = None
    licence_name: str | None = None
    licence_url: str | None = None
    notice: str | None = None
    sha256: str | None = None
    problems: tuple[str, ...] = ()

    @property
    def key(self) -> str | None:
        """What names the passage: its id, else that of its document."""
        return self.passage_id or self.document_id


@dataclass(frozen=True, slots=True)
class JudgedReuse:
    """What the answer says of its own reuse."""

    form: str | None
    licence: str | None
    parts: tuple[tuple[int | None, str | None], ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer as emitted; `problems` are what is missing or wrong in it as a whole, in French.

    `seen` holds the ids of the passages that were retrieved; None where the system does not say.
    """

    id: str | None
    question: str | None = None
    language: str | None = None
    abstained: bool | None = None
    reason: str | None = None
    statements: tuple[JudgedStatement, ...] = ()
    references: tuple[JudgedReference, ...] = ()
    seen: tuple[str, ...] | None = None
    reuse: JudgedReuse | None = None
    format: Format = "contract"
    problems: tuple[str, ...] = field(default=())

    @property
    def silent(self) -> bool:
        """Whether nothing was said: an abstention, whatever the system calls it."""
        return not self.statements

    def reference(self, ref: int | None) -> JudgedReference | None:
        """Return the first reference of that number."""
        return next((one for one in self.references if ref is not None and one.ref == ref), None)

    def cited(self, statement: JudgedStatement) -> tuple[JudgedReference, ...]:
        """Return the references that a statement's markers lead to, each once, in order."""
        found = dict.fromkeys(citation.ref for citation in statement.citations)
        return tuple(reference for ref in found if (reference := self.reference(ref)))
