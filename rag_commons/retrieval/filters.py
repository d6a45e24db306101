"""Filters: what a question may be answered from."""

from dataclasses import dataclass

from rag_commons.licences.combination import Permission


@dataclass(frozen=True, slots=True)
class Filters:
    """Exact names; several of one kind are alternatives, kinds add up.

    `allow` asks a use of the licences of every layer. `years` are from and to, both included; None sets no bound, and a bound leaves
    out what has no date. `document_ids` None sets no bound, an empty tuple leaves nothing.
    """

    licences: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    allow: tuple[Permission, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    document_ids: tuple[str, ...] | None = None
    exclude_document_ids: tuple[str, ...] = ()
