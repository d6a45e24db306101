"""The tables of the store, and the two ways to connect to it.

Keys are never reused (AUTOINCREMENT), so that a passage key kept by someone can only name that passage or nothing. A row is
visible in generation g when `added <= g and (removed is null or removed > g)`. The passages and blocks of a document have
consecutive keys, so that the document's row finds them without an index.

The one surprise: nothing but SQLite may open the store's file in a process that has a connection to it, not even to read its bytes.
Closing it would drop the locks of those connections, and a writer elsewhere would then corrupt what they read.
"""

import os
import sqlite3
from pathlib import Path

FORMAT = "2"

_LATER = "CREATE TABLE IF NOT EXISTS sketches(document INTEGER PRIMARY KEY, data BLOB NOT NULL)"

_TABLES = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE names(key INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE(kind, name));
CREATE TABLE documents(
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER,
    licence INTEGER NOT NULL REFERENCES names(key),
    language INTEGER NOT NULL REFERENCES names(key),
    holder INTEGER REFERENCES names(key),
    collection INTEGER REFERENCES names(key),
    allows INTEGER NOT NULL,
    year INTEGER,
    characters INTEGER NOT NULL,
    text_bytes INTEGER NOT NULL,
    text_sha256 BLOB NOT NULL,
    content_sha256 BLOB NOT NULL,
    first_block INTEGER NOT NULL,
    first_passage INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    details BLOB NOT NULL
);
CREATE INDEX documents_by_id ON documents(id);
CREATE INDEX documents_by_text ON documents(text_sha256);
CREATE INDEX documents_filtered ON documents(added, removed, allows, licence, language, holder, collection, year, first_passage, passages);
CREATE INDEX documents_removed ON documents(removed) WHERE removed IS NOT NULL;
CREATE TABLE blocks(key INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB NOT NULL);
CREATE TABLE passages(
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    section INTEGER,
    page INTEGER,
    sha256 BLOB NOT NULL
);
CREATE TABLE vectors(passage INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE refusals(fingerprint BLOB PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
"""


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open the store for writing, creating it where it is absent. Transactions are explicit; a commit reaches the disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    # what is deleted is overwritten; the file shrinks when asked; readers never wait for the writer
    for pragma in ("auto_vacuum=INCREMENTAL", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'documents'").fetchone():
        # one transaction, so that a store is there with all its tables or with none
        connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}INSERT INTO meta VALUES('format', '{FORMAT}');COMMIT;")
    # stores of this format that were made before it came do without, and so do their readers
    connection.execute(_LATER)
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open the store for reading, from any thread (the caller locks); sqlite3.Error when it is absent or damaged."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?{_mode(path)}", uri=True, check_same_thread=False, isolation_level=None)


def _mode(path: Path) -> str:
    # a folder that can't be written to can't hold the shared memory that readers need beside a writer; nor has it any writer
    return "mode=ro" if os.access(path.parent, os.W_OK) else "mode=ro&immutable=1"


def read_meta(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a line of the store's own notes."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def write_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Set a line of the store's own notes, within the caller's transaction."""
    connection.execute("INSERT INTO meta VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value", (name, value))
