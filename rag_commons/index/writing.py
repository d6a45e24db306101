"""Writing the store: rows come in for the generation to be published, and what an older one had waits until it is.

The writer holds the lock of the index. Whatever is committed survives a kill; nothing is visible before its generation is published.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from rag_commons.errors import IndexUnusable
from rag_commons.index.blocks import blocks_of
from rag_commons.index.manifest import Count
from rag_commons.index.preparation import Prepared
from rag_commons.index.schema import FORMAT, connect_writer, read_meta, write_meta
from rag_commons.index.store import VISIBLE

KINDS = ("licence", "language", "holder", "collection")
_DOCUMENT = """
INSERT INTO documents(id, added, licence, language, holder, collection, allows, year, characters, text_bytes, text_sha256, content_sha256,
first_block, first_passage, passages, details) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_PASSAGE = "INSERT INTO passages(document, number, start, end, section, page, sha256) VALUES(?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Current:
    """The latest version of a document: its key, the generation it came with, and what it says."""

    key: int
    added: int
    content_sha256: bytes


class StoreWriter:
    """The store, open for the one writer.

    `generation` is the one that is being prepared; `found` is the last document key that an earlier writer gave.
    """

    def __init__(self, path: Path, generation: int) -> None:
        self.path = path
        self.generation = generation
        self.connection = connect_writer(path)
        found = read_meta(self.connection, "format")
        if found != FORMAT:
            raise IndexUnusable(
                f"a store of format {FORMAT} in {path}",
                f"format {found}",
                "write it with the release that made it, or ingest into another folder",
            )
        if read_meta(self.connection, "store") is None:
            write_meta(self.connection, "store", uuid4().hex)
        self.found = self._next("documents") - 1
        self._names: dict[tuple[str, str], int] = {}

    def begin(self) -> None:
        """Start a transaction, unless one is open."""
        if not self.connection.in_transaction:
            self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make what was written since `begin` outlive a kill."""
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file; what was not committed is forgotten."""
        self.connection.close()

    def current(self, identity: str) -> Current | None:
        """Return the latest version of a document, published or not."""
        query = "SELECT key, added, content_sha256 FROM documents WHERE id = ? AND removed IS NULL"
        row = self.connection.execute(query, (identity,)).fetchone()
        return None if row is None else Current(*row)

    def has_text(self, digest: bytes, but: str) -> bool:
        """Whether another document has this very text."""
        query = "SELECT 1 FROM documents WHERE text_sha256 = ? AND removed IS NULL AND id <> ? LIMIT 1"
        return bool(self.connection.execute(query, (digest, but)).fetchone())

    def insert(self, document: Prepared) -> None:
        """Add a document to the generation in preparation."""
        connection = self.connection
        first_block, first_passage = self._next("blocks"), self._next("passages")
        names = [self._name(kind, getattr(document, kind)) for kind in KINDS]
        sizes = (document.allows, document.year, document.characters, document.text_bytes, document.text_sha256, document.content_sha256)
        spans = (first_block, first_passage, len(document.passages), document.details)
        cursor = connection.execute(_DOCUMENT, (document.id, self.generation, *names, *sizes, *spans))
        connection.executemany("INSERT INTO blocks(data) VALUES(?)", ((block,) for block in document.blocks))
        connection.executemany(
            _PASSAGE,
            ((cursor.lastrowid, row.number, row.start, row.end, row.section, row.page, row.sha256) for row in document.passages),
        )
        if document.sketch:
            connection.execute("INSERT INTO sketches VALUES(?, ?)", (cursor.lastrowid, document.sketch))

    def retire(self, key: int) -> None:
        """Take a document out of the generation in preparation; at once when no other generation has it."""
        self.connection.execute("UPDATE documents SET removed = ? WHERE key = ?", (self.generation, key))
        self._delete("key = ? AND added = removed", (key,))

    def remove(self, condition: str, values: Sequence[str]) -> tuple[int, int]:
        """Retire the documents that meet a condition, whatever their generation; return how many documents and passages that is."""
        rows = self.connection.execute(f"SELECT key, id, passages FROM documents WHERE {condition}", tuple(values)).fetchall()
        for key, _, _ in rows:
            self.connection.execute("UPDATE documents SET removed = max(added, ?) WHERE key = ?", (self.generation, key))
            self._delete("key = ? AND added = removed", (key,))
        return len({identity for _, identity, _ in rows}), sum(passages for _, _, passages in rows)

    def resume(self) -> None:
        """Bring what earlier writers left unpublished into the generation in preparation."""
        self.begin()
        for column in ("added", "removed"):
            self.connection.execute(f"UPDATE documents SET {column} = :g WHERE {column} > :g", {"g": self.generation})
        self.commit()

    def postpone(self) -> None:
        """Leave what is in preparation for the generation after this one."""
        for column in ("added", "removed"):
            self.connection.execute(f"UPDATE documents SET {column} = {column} + 1 WHERE {column} = ?", (self.generation,))

    def purge(self, published: int) -> int:
        """Delete what the published generation no longer has; return how many documents that was."""
        self.begin()
        count = self._delete("removed IS NOT NULL AND removed <= ?", (published,))
        columns = " UNION ".join(f"SELECT {kind} FROM documents WHERE {kind} IS NOT NULL" for kind in KINDS)
        self.connection.execute(f"DELETE FROM names WHERE key NOT IN ({columns})")
        self._names.clear()
        self.commit()
        return count

    def compact(self, thorough: bool) -> None:
        """Give back what deletions freed and empty the write-ahead log, so that no file holds what was deleted.

        Deleted bytes are overwritten in any case; `thorough` rewrites the whole file, so that none is left where rows moved.
        """
        self.commit()
        self.connection.execute("VACUUM" if thorough else "PRAGMA incremental_vacuum").fetchall()
        self.connection.execute("PRAGMA busy_timeout=60000").fetchall()
        busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise IndexUnusable(
                "readers that end within a minute", f"one that keeps {self.path} busy", "end it, then run the same command again"
            )

    def pending(self, published: int) -> bool:
        """Whether the store differs from the published generation."""
        query = "SELECT 1 FROM documents WHERE added > :g OR removed IS NOT NULL LIMIT 1"
        return bool(self.connection.execute(query, {"g": published}).fetchone())

    def spans(self, only_added: bool, page: int = 10_000) -> Iterator[tuple[int, int, int]]:
        """Yield (document key, first passage key, passages) of the generation in preparation, in order of key."""
        condition = "added = :generation AND removed IS NULL" if only_added else VISIBLE
        query = f"SELECT key, first_passage, passages FROM documents WHERE key > :after AND {condition} ORDER BY key LIMIT {page}"
        after = 0
        while rows := self.connection.execute(query, {"after": after, "generation": self.generation}).fetchall():
            after = rows[-1][0]
            yield from rows

    def leaving(self) -> list[tuple[int, int, int]]:
        """Return (document key, first passage key, passages) of what was published and leaves."""
        query = "SELECT key, first_passage, passages FROM documents WHERE removed = ? AND added < removed"
        return self.connection.execute(query, (self.generation,)).fetchall()

    def count(self, kind: str | None = None) -> dict[str, Count]:
        """Return the counts of the generation in preparation by licence, language, holder or collection; all under "" without a kind."""
        name, join = ("coalesce(n.name, '')", f"LEFT JOIN names n ON n.key = d.{kind}") if kind else ("''", "")
        query = f"SELECT {name}, count(*), sum(passages), sum(text_bytes) FROM documents d {join} WHERE {VISIBLE} GROUP BY 1 ORDER BY 1"
        rows = self.connection.execute(query, {"generation": self.generation}).fetchall()
        return {str(name): Count(documents, passages, size) for name, documents, passages, size in rows}

    def build_id(self, *identity: str) -> str:
        """Return the id of what the generation in preparation holds and of `identity`: the same whenever and however it was put in."""
        digest = sha256("\n".join(identity).encode())
        for (content,) in self.connection.execute(
            f"SELECT content_sha256 FROM documents WHERE {VISIBLE} ORDER BY id", {"generation": self.generation}
        ):
            digest.update(content)
        return digest.hexdigest()[:16]

    def refuse(self, refusals: Mapping[bytes, str]) -> None:
        """Note the reason of each refusal, once for each fingerprint."""
        self.connection.executemany("INSERT OR IGNORE INTO refusals VALUES(?, ?)", refusals.items())

    def refusals(self) -> dict[str, int]:
        """Return how many documents were refused, by reason."""
        return dict(self.connection.execute("SELECT reason, count(*) FROM refusals GROUP BY reason ORDER BY reason").fetchall())

    def vectors(self, keys: Sequence[int]) -> dict[int, bytes]:
        """Return the kept vectors of these passages (consecutive keys)."""
        return dict(
            self.connection.execute("SELECT passage, data FROM vectors WHERE passage BETWEEN ? AND ?", (min(keys), max(keys))).fetchall()
        )

    def keep_vectors(self, rows: Mapping[int, bytes]) -> None:
        """Keep vectors that were costly to make, half a float a component."""
        self.begin()
        self.connection.executemany("INSERT OR REPLACE INTO vectors VALUES(?, ?)", rows.items())
        self.commit()

    def forget_vectors(self) -> None:
        """Forget every kept vector: another encoder makes others."""
        self.begin()
        self.connection.execute("DELETE FROM vectors")
        self.commit()

    def _delete(self, condition: str, values: Sequence[object]) -> int:
        rows = self.connection.execute(
            f"SELECT key, first_passage, passages, first_block, characters FROM documents WHERE {condition}", tuple(values)
        ).fetchall()
        for key, passage, passages, block, characters in rows:
            self.connection.execute("DELETE FROM blocks WHERE key BETWEEN ? AND ?", (block, block + blocks_of(0, characters)[1]))
            for table, column in (("passages", "key"), ("vectors", "passage")):
                self.connection.execute(f"DELETE FROM {table} WHERE {column} BETWEEN ? AND ?", (passage, passage + passages - 1))
            self.connection.execute("DELETE FROM sketches WHERE document = ?", (key,))
            self.connection.execute("DELETE FROM documents WHERE key = ?", (key,))
        return len(rows)

    def _next(self, table: str) -> int:
        row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return 1 if row is None else int(row[0]) + 1

    def _name(self, kind: str, name: str | None) -> int | None:
        if name is None:
            return None
        if (kind, name) not in self._names:
            self.connection.execute("INSERT OR IGNORE INTO names(kind, name) VALUES(?, ?)", (kind, name))
            row = self.connection.execute("SELECT key FROM names WHERE kind = ? AND name = ?", (kind, name)).fetchone()
            self._names[kind, name] = int(row[0])
        return self._names[kind, name]
