"""Where things lie in `indexes/<name>/`, and the three moves that make them safe: sync, atomic write, one writer at a time.

::

    manifest.json               names the published generation; its presence means that the index is whole
    store.sqlite                the truth: documents, passages, provenance
    store.seal                  size and sha256 of the store as published; gone while a writer works
    dense/<generation>.faiss    made from the store (.safetensors where the encoder is sparse)
    lexical/<generation>/       made from the store
    encoder/<checksum>/         the weights of an encoder adapted to this index, where there is one
    writer.lock                 held (flock) by the one writer
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rag_commons.errors import IndexUnusable

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one index."""

    root: Path

    @property
    def manifest(self) -> Path:
        """The manifest."""
        return self.root / "manifest.json"

    @property
    def store(self) -> Path:
        """The SQLite store."""
        return self.root / "store.sqlite"

    @property
    def seal(self) -> Path:
        """The seal of the store."""
        return self.root / "store.seal"

    @property
    def lock(self) -> Path:
        """The lock file of the writer."""
        return self.root / "writer.lock"

    def dense(self, generation: int) -> Path:
        """Return the dense index of a generation."""
        return self.root / "dense" / f"{generation:08d}.faiss"

    def sparse(self, generation: int) -> Path:
        """Return the sparse index of a generation, which stands for the dense one where the encoder is sparse."""
        return self.root / "dense" / f"{generation:08d}.safetensors"

    def vectors(self, generation: int, sparse: bool) -> Path:
        """Return the dense or sparse index of a generation."""
        return self.sparse(generation) if sparse else self.dense(generation)

    def lexical(self, generation: int) -> Path:
        """Return the folder of the lexical index of a generation."""
        return self.root / "lexical" / f"{generation:08d}"

    def adapted(self, name: str) -> Path:
        """Return the folder of an encoder adapted to this index."""
        return self.root / "encoder" / name

    def sweep(self, keep: int | None, encoder: Path | None = None) -> None:
        """Delete every dense and lexical index but those of the generation to keep, and every adapted encoder but the one to keep."""
        kept = {self.dense(keep), self.sparse(keep), self.lexical(keep), encoder} if keep is not None else set()
        for folder in (self.root / "dense", self.root / "lexical", self.root / "encoder"):
            for path in folder.iterdir() if folder.is_dir() else ():
                if path in kept:
                    continue
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
        for path in self.root.glob("*.tmp"):
            path.unlink()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens meanwhile."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file or a folder's entries are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(path: Path, limit: int | None = None) -> str:
    """Return the sha256 of a file, or of its first `limit` bytes, in hex."""
    digest = sha256()
    left = path.stat().st_size if limit is None else limit
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


@contextmanager
def writer_lock(layout: Layout) -> Iterator[None]:
    """Hold the index for writing; IndexUnusable when another writer does. The lock dies with its process."""
    with layout.lock.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise IndexUnusable(
                f"an index that nobody else is writing ({layout.root})",
                f"it is locked by process {file.read().strip() or 'unknown'}",
                "wait until that ingest, remove or rebuild ends, then try again",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
