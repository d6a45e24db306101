"""What changed in a source since it was last read: documents, refusals, deletions, and checkpoints to go on from.

`iter_changes(known, state, **options)` of a source yields them in order. When a `Checkpoint` comes, all that came before it may be
considered done: whoever keeps the state keeps it then, and not before, so that an update that is cut short loses nothing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Deletion:
    """A document that its source no longer has: `reason` is a short key (`deleted`, `missing`, `redirect`)."""

    document_id: str
    reason: str = "deleted"


@dataclass(frozen=True, slots=True)
class State:
    """Where a source was left: the paths and options it was read with, and the day from which changes are asked (YYYY-MM-DD)."""

    source: str
    paths: tuple[str, ...]
    since: str | None = None
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state to keep once all that came before it is kept."""

    state: State


_PASSING = ("fetch:", "incomplete:", "malformed:", "unreachable:")


def withdrawal(document_id: str, refusal: DocumentRefused) -> Deletion | None:
    """Return the deletion of a known document that is refused today (an opt-out, another licence), None where the refusal may pass."""
    return None if refusal.reason.startswith(_PASSING) else Deletion(document_id, refusal.reason)


Known = Iterable[tuple[str, Provenance]]
Change = Document | DocumentRefused | Deletion | Checkpoint


def state_to_json(state: State) -> str:
    """Return a state as a line of JSON."""
    plain = {"source": state.source, "paths": list(state.paths), "since": state.since, "options": dict(state.options)}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def state_from_json(text: str) -> State:
    """Return the state of a line of JSON; raises InputError."""
    try:
        plain = json.loads(text)
        source, paths, since, options = plain["source"], plain["paths"], plain["since"], plain["options"]
        whole = isinstance(source, str) and isinstance(since, str | None) and all(isinstance(path, str) for path in paths)
        if not whole or not all(isinstance(value, str) for value in options.values()):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError("the state of a source, as an earlier run wrote it", repr(text[:80]), "ingest the source again") from None
    return State(source, tuple(paths), since, tuple(sorted(options.items())))
