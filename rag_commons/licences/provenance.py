"""Provenance: who made a text, who holds it, where it is, and under what; the input of every notice."""

from dataclasses import dataclass
from typing import Literal

LayerRole = Literal["work", "edition", "transcription", "digitisation"]


@dataclass(frozen=True, slots=True)
class Layer:
    """Another layer of rights to credit beside the text as received (the work under an edition, say)."""

    role: LayerRole
    licence: str
    authors: tuple[str, ...] = ()
    holder: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A community protocol (Local Contexts TK or BC label): shown always, overruled by nothing."""

    uri: str
    community: str
    text: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of where a text comes from. `licence` is an id of the table of rights; dates are YYYY[-MM[-DD]].

    `permalink` leads to this very revision and is None where the revision is unknown.
    """

    title: str
    licence: str
    language: str | None = None
    authors: tuple[str, ...] = ()
    authors_died: int | None = None
    holder: str | None = None
    collection: str | None = None
    url: str | None = None
    permalink: str | None = None
    history_url: str | None = None
    issued: str | None = None
    modified: str | None = None
    retrieved: str | None = None
    rights_note: str | None = None
    layers: tuple[Layer, ...] = ()
    labels: tuple[Label, ...] = ()
    references: tuple[str, ...] = ()
