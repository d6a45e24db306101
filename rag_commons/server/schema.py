"""What the API answers, for OpenAPI and for MCP: contract 3 and what is made of its parts. Nothing here travels inside the house."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LicenceShape(_Shape):
    """A licence or a rights status."""

    id: str
    kind: Literal["licence", "public-domain", "rights-statement", "terms"]
    name: str
    url: str | None


class LayerShape(_Shape):
    """Another layer of rights to credit beside the text as received."""

    role: Literal["work", "edition", "transcription", "digitisation"]
    licence: str
    authors: list[str]
    holder: str | None
    url: str | None


class LabelShape(_Shape):
    """A community label, shown always."""

    uri: str
    community: str
    text: str


class PassageShape(_Shape):
    """An exact span of a document, with its provenance and the notice that its licence asks for."""

    passage_id: str
    document_id: str
    text: str
    start: int
    end: int
    section: str | None
    page: str | None
    title: str
    authors: list[str]
    holder: str | None
    collection: str | None
    url: str | None
    permalink: str | None
    language: str | None
    licence: LicenceShape
    layers: list[LayerShape]
    labels: list[LabelShape]
    issued: str | None
    modified: str | None
    retrieved: str | None
    rights_note: str | None
    notice: str
    sha256: str


class ReferenceShape(PassageShape):
    """A cited passage, numbered."""

    ref: int


class HitShape(PassageShape):
    """A passage that was found."""

    rank: int
    score: float


class HitsShape(_Shape):
    """Passages that were found, best first, and how many the filters left aside."""

    question: str
    left_aside: int
    hits: list[HitShape]


class QuoteShape(_Shape):
    """Where words lie in a passage: `text[start:end] == quote`."""

    quote: str
    start: int
    end: int


class CitedShape(_Shape):
    """A passage to be cited; `quote` is null unless words were given and are there word for word."""

    reference: ReferenceShape
    quote: QuoteShape | None


class CitationShape(QuoteShape):
    """The words of a reference that a statement rests on."""

    ref: int
    support: Literal["verbatim", "entailed"]


class StatementShape(_Shape):
    """A sentence of an answer."""

    text: str
    citations: list[CitationShape]


class SeenShape(_Shape):
    """A passage that was retrieved."""

    passage_id: str
    document_id: str
    title: str
    score: float


class PartShape(_Shape):
    """The licence of a reference."""

    ref: int
    licence: str


class ReuseShape(_Shape):
    """What taking up the answer asks for."""

    form: Literal["collection", "adaptation"]
    licence: str | None
    parts: list[PartShape]
    obligations: list[str]
    notice: str
    conflicts: list[str]


class IndexNameShape(_Shape):
    """An index at one state of its content."""

    name: str
    build: str


class TimingsShape(_Shape):
    """Milliseconds spent."""

    retrieve: float
    read: float
    verify: float


class AnswerShape(_Shape):
    """An answer: every statement leads to the exact words of a passage, or there is none and a reason."""

    version: Annotated[Literal[1], Field(alias="schema")]
    id: str | None
    created: str
    index: IndexNameShape
    question: str
    language: str
    mode: Literal["extractive", "generative"]
    abstained: bool
    reason: str | None
    statements: list[StatementShape]
    references: list[ReferenceShape]
    seen: list[SeenShape]
    reuse: ReuseShape
    timings_ms: TimingsShape


class RecitedShape(_Shape):
    """What became of a citation of a link."""

    statement: int
    ref: int
    passage_id: str
    document_id: str
    state: Literal["unchanged", "modified", "removed"]


class ReopenedShape(_Shape):
    """An answer made again from its link: what still stands, and what became of each citation."""

    build: str
    answer: AnswerShape
    citations: list[RecitedShape]


class FailureShape(_Shape):
    """Why there is no answer, in one line and in its three parts."""

    error: str
    expected: str
    seen: str
    to_do: str
