"""A writer's session: the lock, the store open for the next generation, and the leftovers of a killed writer cleared away."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag_commons.errors import IndexUnusable
from rag_commons.index.encoders import adapted_folder
from rag_commons.index.layout import Layout, write_atomically, writer_lock
from rag_commons.index.manifest import Manifest, read_manifest
from rag_commons.index.schema import read_meta
from rag_commons.index.writing import StoreWriter

_HASH = "import hashlib, sys; print(hashlib.file_digest(open(sys.argv[1], 'rb'), 'sha256').hexdigest())"
_OURS = {
    "manifest.json",
    "store.sqlite",
    "store.sqlite-wal",
    "store.sqlite-shm",
    "store.seal",
    "writer.lock",
    "dense",
    "lexical",
    "encoder",
}


@dataclass(frozen=True, slots=True)
class Session:
    """An index that this process alone may write; `manifest` is the published one, None before the first."""

    layout: Layout
    store: StoreWriter
    manifest: Manifest | None


@contextmanager
def writing(directory: Path, create: bool) -> Iterator[Session]:
    """Open an index for writing; IndexUnusable when it is locked, damaged, foreign, or absent and not to be created."""
    layout = Layout(Path(directory))
    try:
        _check_folder(layout, create)
        with writer_lock(layout):
            # whoever had the lock may have published since
            manifest = read_manifest(layout) if layout.manifest.exists() or not create else None
            published = manifest.generation if manifest else 0
            _check_store(layout, manifest)
            layout.seal.unlink(missing_ok=True)
            store = StoreWriter(layout.store, published + 1)
            try:
                _check_identity(layout, store, manifest)
                layout.sweep(published if manifest else None, adapted_folder(layout, manifest.encoder) if manifest else None)
                store.resume()
                if store.purge(published):
                    store.compact(thorough=True)
                yield Session(layout, store, manifest)
                _seal(layout, store)
            finally:
                store.close()
    except sqlite3.Error as error:
        raise IndexUnusable(
            f"a whole store in {layout.store}", str(error), "restore it from a copy, or ingest again into an empty folder"
        ) from error
    except OSError as error:
        raise IndexUnusable(
            f"an index that can be written in {directory}", str(error), "check the path, its permissions and the free space"
        ) from error


def read_seal(layout: Layout) -> tuple[int, str] | None:
    """Return the size and sha256 of the store as published; None while a writer works, or after one was stopped."""
    try:
        seal = json.loads(layout.seal.read_bytes())
        return int(seal["size"]), str(seal["sha256"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(
            f"a whole seal in {layout.seal}", f"a damaged one ({error})", "restore it from a copy, or ingest into another folder"
        ) from None


def store_sha256(layout: Layout) -> str:
    """Return the sha256 of the store's file, read by another process.

    Locks are the process's: closing the file here would release those of every connection that is open here, and a writer
    elsewhere would take the log away from under them (SQLite, "How To Corrupt An SQLite Database File", 2.2).
    """
    try:
        read = subprocess.run([sys.executable, "-I", "-S", "-c", _HASH, str(layout.store)], capture_output=True, check=True, text=True)
    except subprocess.CalledProcessError as error:
        raise IndexUnusable(
            f"a readable {layout.store}", error.stderr.strip().splitlines()[-1], "check the path and its permissions"
        ) from None
    return read.stdout.strip()


def _check_folder(layout: Layout, create: bool) -> None:
    if not create:
        read_manifest(layout)
        return
    layout.root.mkdir(parents=True, exist_ok=True)
    strangers = {path.name for path in layout.root.iterdir()} - _OURS
    if strangers and not layout.store.exists():
        raise IndexUnusable(f"an empty folder or an index in {layout.root}", f"{sorted(strangers)[0]!r} in it", "give another folder")


def _check_store(layout: Layout, manifest: Manifest | None) -> None:
    if manifest and not layout.store.is_file():
        raise IndexUnusable(f"the store {layout.store}", "no such file", "restore it from a copy, or ingest again into an empty folder")


def _check_identity(layout: Layout, store: StoreWriter, manifest: Manifest | None) -> None:
    identity = read_meta(store.connection, "store")
    if manifest and identity != manifest.store_id:
        raise IndexUnusable(
            f"the store of the manifest in {layout.root}", "the store of another index", "put them back together from a copy"
        )


def _seal(layout: Layout, store: StoreWriter) -> None:
    """Note what the store's file is now that nothing is pending."""
    manifest = read_manifest(layout) if layout.manifest.exists() else None
    if manifest is None or store.pending(manifest.generation):
        return
    store.compact(thorough=False)
    seal = {"size": layout.store.stat().st_size, "sha256": store_sha256(layout)}
    write_atomically(layout.seal, (json.dumps(seal) + "\n").encode())
