"""`index check`: reads every byte of an index and says what is wrong with it."""

import sqlite3
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np

from rag_commons.documents import Document
from rag_commons.errors import CommonsError, IndexUnusable
from rag_commons.index.details import content_sha256, unpack
from rag_commons.index.layout import Layout, file_sha256
from rag_commons.index.manifest import Count, Manifest, read_manifest
from rag_commons.index.opened import Index
from rag_commons.index.preparation import UNDETERMINED, allows_of, year_of
from rag_commons.index.schema import connect_reader
from rag_commons.index.session import read_seal, store_sha256
from rag_commons.index.store import VISIBLE, read_text

_WORST = 100  # problems listed before a check gives up


def check(directory: Path) -> list[str]:
    """Return what is wrong, one line each; IndexUnusable where there is no index at all.

    Files are read against the manifest, texts and records against their sha256, the three parts against one another.
    """
    layout = Layout(Path(directory))
    if not layout.manifest.exists():
        read_manifest(layout)
    problems: list[str] = []
    for problem in _problems(layout):
        problems.append(problem)
        if len(problems) == _WORST:
            return [*problems, "…"]
    return problems


def _problems(layout: Layout) -> Iterator[str]:
    try:
        manifest = read_manifest(layout)
        yield from _files(layout, manifest)
        index = Index.open(layout.root)
    except CommonsError as error:
        yield str(error)
        return
    try:
        connection = connect_reader(layout.store)
        try:
            yield from _store(connection, manifest)
        finally:
            connection.close()
        yield from _keys(index, manifest)
    except (sqlite3.Error, IndexUnusable) as error:
        yield f"store.sqlite: {error}"


def _files(layout: Layout, manifest: Manifest) -> Iterator[str]:
    for record in manifest.files:
        path = layout.root / record.path
        if not path.is_file():
            yield f"{record.path}: missing"
        elif path.stat().st_size != record.size or file_sha256(path) != record.sha256:
            yield f"{record.path}: not as it was written"
    seal = read_seal(layout)
    if seal and layout.store.is_file() and (layout.store.stat().st_size, store_sha256(layout)) != seal and read_seal(layout) == seal:
        yield "store.sqlite: not as it was written"


def _store(connection: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check(20)").fetchall():
        if line != "ok":
            yield f"store.sqlite: {line}"
    generation = {"generation": manifest.generation}
    keys = [key for (key,) in connection.execute(f"SELECT key FROM documents WHERE {VISIBLE} ORDER BY key", generation)]
    total = Count(0, 0, 0)
    for key in keys:
        try:
            total = _plus(total, _document(connection, key))
        except (sqlite3.Error, zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
            yield f"document of key {key}: {type(error).__name__}: {error}"
            return
    if total != manifest.total:
        yield f"store.sqlite: {total}, while the manifest says {manifest.total}"


def _document(connection: sqlite3.Connection, key: int) -> Count:
    """Return the sizes of a document that is whole; ValueError says what is not."""
    identity, block, characters, text_digest, content, allows, year, first, count, packed = connection.execute(_ROW, (key,)).fetchone()
    details = unpack(packed)
    text = read_text(connection, block, 0, characters)
    if sha256(text.encode()).digest() != text_digest:
        raise ValueError(f"the text of {identity!r} does not match its sha256")
    document = Document(identity, text, details.provenance, details.sections, details.pages)
    if content_sha256(document, text_digest) != content:
        raise ValueError(f"the record of {identity!r} does not match its sha256")
    held = details.provenance
    names = connection.execute(_NAMES, (key,)).fetchone()
    if names != (held.licence, held.language or UNDETERMINED, held.holder, held.collection) or (allows, year) != (
        allows_of(held),
        year_of(held),
    ):
        raise ValueError(f"the filters of {identity!r} do not match its record")
    rows = connection.execute(
        "SELECT document, start, end, sha256 FROM passages WHERE key BETWEEN ? AND ?", (first, first + count - 1)
    ).fetchall()
    if len(rows) != count or any(row[0] != key or sha256(text[row[1] : row[2]].encode()).digest() != row[3] for row in rows):
        raise ValueError(f"the passages of {identity!r} do not match their sha256")
    return Count(1, count, len(text.encode()))


_ROW = """
SELECT id, first_block, characters, text_sha256, content_sha256, allows, year, first_passage, passages, details FROM documents WHERE key = ?
"""
_NAMES = """
SELECT l.name, g.name, h.name, c.name FROM documents d JOIN names l ON l.key = d.licence JOIN names g ON g.key = d.language
LEFT JOIN names h ON h.key = d.holder LEFT JOIN names c ON c.key = d.collection WHERE d.key = ?
"""


def _plus(one: Count, other: Count) -> Count:
    return Count(one.documents + other.documents, one.passages + other.passages, one.text_bytes + other.text_bytes)


def _keys(index: Index, manifest: Manifest) -> Iterator[str]:
    """Say where the three parts do not hold the same passages."""
    stored, dense, lexical = index.keys()
    for name, keys in (("dense", dense), ("lexical", lexical)):
        if not np.array_equal(stored, keys):
            yield f"{name} index: {len(keys)} passages, which are not the {len(stored)} of the store"
