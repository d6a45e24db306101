"""Origins: which documents came from which reading of a source, so that an update knows what it may take away.

One file a reading, `sources/<digest>.json.gz` beside the store: the source's state, the policy it came in under and the ids it gave.
They hold no text. The store stays the truth: an id that was removed since simply names nothing.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rag_commons.errors import IndexUnusable, InputError
from rag_commons.index.layout import write_atomically
from rag_commons.sources.changes import State, state_from_json, state_to_json

_FOLDER = "sources"


@dataclass(frozen=True, slots=True)
class Origin:
    """One reading of a source: where it was left, the policy of the time, and the ids of the documents that came."""

    state: State
    policy: str
    ids: frozenset[str]


def keep_origin(directory: Path, state: State, policy: str, ids: Iterable[str]) -> None:
    """Keep what a reading gave, in the place of an earlier reading of the same source, paths and options."""
    folder = directory / _FOLDER
    folder.mkdir(exist_ok=True)
    plain = {"state": state_to_json(state), "policy": policy, "ids": sorted(ids)}
    write_atomically(folder / f"{_digest(state)}.json.gz", gzip.compress(json.dumps(plain, ensure_ascii=False).encode(), mtime=0))


def iter_origins(directory: Path, source: str) -> Iterator[Origin]:
    """Yield the readings of a source that an index keeps; IndexUnusable when one is damaged."""
    folder = directory / _FOLDER
    for path in sorted(folder.glob("*.json.gz")) if folder.is_dir() else ():
        try:
            plain = json.loads(gzip.decompress(path.read_bytes()))
            origin = Origin(state_from_json(plain["state"]), str(plain["policy"]), frozenset(map(str, plain["ids"])))
        except (OSError, EOFError, ValueError, KeyError, TypeError, InputError) as error:
            raise IndexUnusable(f"what an ingest kept in {path}", str(error)[:80], "delete that file and ingest the source again") from None
        if origin.state.source == source:
            yield origin


def _digest(state: State) -> str:
    return sha256(json.dumps([state.source, state.paths, state.options]).encode()).hexdigest()[:16]
