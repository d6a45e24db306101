"""Slices of the store as the derived indexes take them: passages with their context and search terms. Runs in worker processes."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from rag_commons.index.context import passage_context
from rag_commons.index.details import Details, unpack
from rag_commons.index.schema import connect_reader
from rag_commons.index.store import read_text, whole
from rag_commons.text.analysis import analyse

_SIZE = 1024


@dataclass(frozen=True, slots=True)
class Task:
    """A slice to read: spans of (document key, first passage key, passages); contexts only where vectors are to be made."""

    path: Path
    spans: tuple[tuple[int, int, int], ...]
    contexts: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage for the lexical index: its key, its document's key, and the terms of each field, separated by spaces."""

    key: int
    document: int
    title: str
    section: str
    body: str


@dataclass(frozen=True, slots=True)
class Slice:
    """Passages in order of key, with what the encoder reads for each (empty where no vectors are to be made)."""

    entries: tuple[Entry, ...]
    contexts: tuple[str, ...]


def cut_tasks(path: Path, spans: Iterable[tuple[int, int, int]], contexts: bool) -> Iterator[Task]:
    """Cut spans into tasks of 1,024 passages."""
    waiting: list[tuple[int, int, int]] = []
    room = _SIZE
    for document, first, count in spans:
        while count:
            taken = min(room, count)
            waiting.append((document, first, taken))
            first, count, room = first + taken, count - taken, room - taken
            if not room:
                yield Task(path, tuple(waiting), contexts)
                waiting, room = [], _SIZE
    if waiting:
        yield Task(path, tuple(waiting), contexts)


def read_slice(task: Task) -> Slice:
    """Read and analyse a slice; IndexUnusable when the store is damaged."""
    with whole(task.path):
        connection = connect_reader(task.path)
        try:
            entries: list[Entry] = []
            contexts: list[str] = []
            for span in task.spans:
                for entry, context in _read(connection, *span):
                    entries.append(entry)
                    if task.contexts:
                        contexts.append(context)
        finally:
            connection.close()
    return Slice(tuple(entries), tuple(contexts))


def _read(connection: sqlite3.Connection, document: int, first: int, count: int) -> Iterator[tuple[Entry, str]]:
    first_block, packed = connection.execute("SELECT first_block, details FROM documents WHERE key = ?", (document,)).fetchone()
    details = _details(packed)
    title = details.provenance.title
    terms = " ".join(analyse(title))
    sections = {path: " ".join(analyse(path)) for path in details.paths}
    query = "SELECT key, start, end, section, sha256 FROM passages WHERE key BETWEEN ? AND ? ORDER BY key"
    rows = connection.execute(query, (first, first + count - 1)).fetchall()
    if len(rows) != count:
        raise ValueError(f"document {document} has {len(rows)} of {count} passages")
    begin = min((start for _, start, *_ in rows), default=0)
    text = read_text(connection, first_block, begin, max((end for _, _, end, *_ in rows), default=0))
    for key, start, end, section, digest in rows:
        body = text[start - begin : end - begin]
        if sha256(body.encode()).digest() != digest:
            raise ValueError(f"passage {key} does not match its sha256")
        path = None if section is None else details.paths[section]
        yield Entry(key, document, terms, sections[path] if path else "", " ".join(analyse(body))), passage_context(title, path, body)


@lru_cache(maxsize=8)
def _details(packed: bytes) -> Details:
    return unpack(packed)
