"""Reuse: what taking up an answer asks of a person, part by part."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["collection", "adaptation"]


@dataclass(frozen=True, slots=True)
class Part:
    """One reference of an answer and the id of its licence."""

    ref: int
    licence: str


@dataclass(frozen=True, slots=True)
class Reuse:
    """What reuse of a whole answer asks: each part under its own licence (collection), or one outbound licence (adaptation).

    `licence` is None unless all the parts agree; `conflicts` says in plain words what cannot be combined.
    """

    form: Form = "collection"
    licence: str | None = None
    parts: tuple[Part, ...] = ()
    obligations: tuple[str, ...] = ()
    notice: str = ""
    conflicts: tuple[str, ...] = ()
