"""Reading the store: passages, documents and what filters leave, as a generation sees them.

One connection behind a lock serves all threads: a passage costs a tenth of a millisecond. A passage's sha256 is checked whenever
it is read.
"""

import json
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from rag_commons.documents import Document, Passage, passage_id
from rag_commons.errors import IndexUnusable
from rag_commons.index.allowed import Allowed, Years, allow_spans
from rag_commons.index.blocks import BLOCK, blocks_of, unpack_head, unpack_text
from rag_commons.index.details import Details, unpack
from rag_commons.index.schema import FORMAT, connect_reader, read_meta
from rag_commons.licences.provenance import Provenance

VISIBLE = "added <= :generation AND (removed IS NULL OR removed > :generation)"
_REMEMBERED = 512
_PASSAGES = f"""
SELECT p.key, p.document, p.number, p.start, p.end, p.section, p.page, p.sha256, d.id, d.text_sha256, d.first_block, d.details
FROM passages p JOIN documents d ON d.key = p.document WHERE p.key IN (SELECT value FROM json_each(:keys)) AND {VISIBLE}
"""


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Say that the store is damaged where reading it fails."""
    try:
        yield
    except (sqlite3.Error, zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise IndexUnusable(
            f"a whole store in {path}", f"{type(error).__name__}: {error}", "restore it from a copy, or ingest into another folder"
        ) from None


class Store:
    """An opened store. Every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._details: OrderedDict[int, Details] = OrderedDict()
        if not path.is_file():
            raise IndexUnusable(f"the store {path}", "no such file", "restore it from a copy, or ingest again into an empty folder")
        with whole(path):
            self._connection = connect_reader(path)
            found, self.identity = read_meta(self._connection, "format"), read_meta(self._connection, "store")
        if found != FORMAT:
            raise IndexUnusable(
                f"a store of format {FORMAT} in {path}",
                f"format {found}",
                "open it with the release that wrote it, or ingest into another folder",
            )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _one_state(self) -> Iterator[None]:
        """Read several statements of one state of the store: a writer may wipe out a text between its record and its blocks."""
        with self._lock, whole(self._path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def passage(self, key: int, generation: int) -> tuple[Passage, Provenance] | None:
        """Return a passage and where it comes from; None when this generation has no such passage."""
        return self.passages([key], generation).get(key)

    def passages(self, keys: Sequence[int], generation: int) -> dict[int, tuple[Passage, Provenance]]:
        """Return passages and where they come from, by key, less those that this generation has not."""
        with self._one_state():
            rows = self._connection.execute(_PASSAGES, {"keys": json.dumps(list(keys)), "generation": generation}).fetchall()
            return {row[0]: self._read(*row) for row in rows}

    def _read(
        self,
        key: int,
        document: int,
        number: int,
        start: int,
        end: int,
        section: int | None,
        page: int | None,
        digest: bytes,
        identity: str,
        text_digest: bytes,
        first_block: int,
        packed: bytes,
    ) -> tuple[Passage, Provenance]:
        details = self._details_of(document, packed)
        text = read_text(self._connection, first_block, start, end)
        if sha256(text.encode()).digest() != digest:
            raise ValueError(f"passage {key} does not match its sha256")
        passage = Passage(
            id=passage_id(identity, text_digest.hex(), number),
            document_id=identity,
            number=number,
            start=start,
            end=end,
            text=text,
            sha256=digest.hex(),
            section=None if section is None else details.paths[section],
            page=None if page is None else details.pages[page],
        )
        return passage, details.provenance

    def document(self, identity: str, generation: int) -> Document | None:
        """Return a document; None when this generation has no such document."""
        with self._one_state():
            row = self._connection.execute(
                f"SELECT first_block, characters, text_sha256, details FROM documents WHERE id = :id AND {VISIBLE}",
                {"id": identity, "generation": generation},
            ).fetchone()
            if row is None:
                return None
            first_block, characters, digest, packed = row
            text, details = read_text(self._connection, first_block, 0, characters), unpack(packed)
            if sha256(text.encode()).digest() != digest:
                raise ValueError(f"document {identity!r} does not match its sha256")
        return Document(identity, text, details.provenance, details.sections, details.pages)

    def holds(self, identity: str, generation: int) -> bool:
        """Whether this generation has the document."""
        return bool(self._rows(f"SELECT 1 FROM documents WHERE id = :id AND {VISIBLE}", {"id": identity, "generation": generation}))

    def document_ids(self, generation: int) -> list[str]:
        """Return the ids of all documents, in order of entry."""
        rows = self._rows(f"SELECT id FROM documents WHERE {VISIBLE} ORDER BY key", {"generation": generation})
        return [str(identity) for (identity,) in rows]

    def document_passages(self, identity: str, generation: int) -> range:
        """Return the keys of a document's passages, in order of the text."""
        query = f"SELECT first_passage, passages FROM documents WHERE id = :id AND {VISIBLE}"
        with self._lock, whole(self._path):
            row = self._connection.execute(query, {"id": identity, "generation": generation}).fetchone()
        return range(row[0], row[0] + row[1]) if row else range(0)

    def keys(self, generation: int) -> NDArray[np.int64]:
        """Return the keys of all passages, in order."""
        rows = self._rows(f"SELECT first_passage, passages FROM documents WHERE {VISIBLE} ORDER BY key", {"generation": generation})
        spans = np.array(rows, dtype=np.int64).reshape(-1, 2)
        return np.concatenate([np.empty(0, dtype=np.int64), *(np.arange(first, first + count) for first, count in spans)])

    def same_text(self, key: int, generation: int) -> tuple[str, ...]:
        """Return the ids of the other documents that have the text of this passage's document."""
        query = f"""
        SELECT id FROM documents WHERE {VISIBLE} AND key <> (SELECT document FROM passages WHERE key = :key)
        AND text_sha256 = (SELECT d.text_sha256 FROM passages p JOIN documents d ON d.key = p.document WHERE p.key = :key) ORDER BY id
        """
        return tuple(str(identity) for (identity,) in self._rows(query, {"key": key, "generation": generation}))

    def allowed(self, conditions: Sequence[tuple[str, Sequence[str]]], allows: int, years: Years, generation: int) -> Allowed:
        """Return the passages whose document meets every condition (a column and the values it may have), use and bound of years."""
        query = f"SELECT key, first_passage, passages FROM documents WHERE {VISIBLE} AND (allows & :allows) = :allows"
        values: dict[str, object] = {"generation": generation, "allows": allows}
        for number, (column, wanted) in enumerate(conditions):
            query += f" AND {_CONDITIONS[column].format(number)}"
            values[f"wanted{number}"] = json.dumps(list(wanted))
        for bound, comparison in zip(years, (">=", "<="), strict=True):
            if bound is not None:
                query += f" AND year {comparison} {bound:d}"
        rows = np.array(self._rows(query, values), dtype=np.int64).reshape(-1, 3)
        return allow_spans(rows[:, 0], rows[:, 1], rows[:, 2])

    def _rows(self, query: str, values: dict[str, object]) -> list[tuple[object, ...]]:
        with self._lock, whole(self._path):
            return self._connection.execute(query, values).fetchall()

    def _details_of(self, document: int, packed: bytes) -> Details:
        """Unpack the record of a document, or remember it: keys are never reused and rows never change."""
        details = self._details.get(document)
        if details is None:
            details = self._details[document] = unpack(packed)
            if len(self._details) > _REMEMBERED:
                self._details.popitem(last=False)
        else:
            self._details.move_to_end(document)
        return details


def read_text(connection: sqlite3.Connection, first_block: int, start: int, end: int) -> str:
    """Return `text[start:end]` of the document whose blocks start there."""
    first, last = blocks_of(start, end)
    rows = connection.execute(
        "SELECT data FROM blocks WHERE key BETWEEN ? AND ? ORDER BY key", (first_block + first, first_block + last)
    ).fetchall()
    if not rows:
        return ""
    *whole_blocks, (tail,) = rows
    text = "".join(unpack_text(data) for (data,) in whole_blocks) + unpack_head(tail, end - last * BLOCK)
    return text[start - first * BLOCK : end - first * BLOCK]


def _named(column: str) -> str:
    values = "(SELECT value FROM json_each(:wanted{0}))"
    return f"{column} IN (SELECT key FROM names WHERE kind = '{column}' AND name IN {values})"


_CONDITIONS = {column: _named(column) for column in ("licence", "language", "holder", "collection")} | {
    "id": "id IN (SELECT value FROM json_each(:wanted{0}))",
    "not id": "key NOT IN (SELECT key FROM documents WHERE id IN (SELECT value FROM json_each(:wanted{0})))",
}
