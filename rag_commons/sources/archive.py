"""A zip from outside, read in memory by the names it lists: nothing is written, and nothing is larger than it may be."""

import posixpath
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from rag_commons.errors import DocumentRefused

MOST_FILES = 20_000
LARGEST_FILE = 64 << 20
LARGEST = 256 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError, UnicodeError)


class Archive:
    """A zip file; what a name may lead to is only what the archive itself holds, so a path that climbs out leads nowhere."""

    def __init__(self, path: Path) -> None:
        self._where = path.name
        self._left = LARGEST
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise self._damaged(error) from None
        if len(self._zip.infolist()) > MOST_FILES:
            self._zip.close()
            raise DocumentRefused("too-large", f"an archive of at most {MOST_FILES} files", self._where, "leave it out")
        self._names = set(self._zip.namelist())

    def __enter__(self) -> Self:
        """Return itself: the file is closed at the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self._zip.close()

    def holds(self, name: str) -> bool:
        """Tell whether the archive lists a name."""
        return name in self._names

    def read(self, name: str) -> bytes:
        """Return what a name holds; raises DocumentRefused (`missing-part`, `too-large`, `encrypted-file`, `damaged-file`)."""
        if name not in self._names:
            raise DocumentRefused("missing-part", f"{self._where}: a part named {name[:120]!r}", "none", "fetch the file again")
        if self._zip.getinfo(name).flag_bits & 0x1:
            raise DocumentRefused("encrypted-file", "a file without a password", self._where, "save it without protection")
        bound = min(LARGEST_FILE, self._left)
        try:
            # never what the archive says of sizes: it is read, and stops, at the bound
            with self._zip.open(name) as part:
                data = part.read(bound + 1)
        except _DAMAGE as error:
            raise self._damaged(error) from None
        if len(data) > bound:
            raise DocumentRefused("too-large", f"parts of at most {bound >> 20} MiB", f"{self._where}: {name[:120]}", "leave it out")
        self._left -= len(data)
        return data

    def _damaged(self, error: Exception) -> DocumentRefused:
        seen = f"{self._where}: {' '.join(str(error).split())[:120]}"
        return DocumentRefused("damaged-file", "a zip file that can be read", seen, "fetch the file again")


def inside(base: str, reference: str) -> str:
    """Return the name that a reference leads to from the part `base` of an archive, its fragment left out."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(reference.partition("#")[0]))).lstrip("/")
