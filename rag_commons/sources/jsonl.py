"""Documents in JSON Lines, plain or gzipped: contract 1, one document a line.

A line that cannot be read is refused with its file and number, and the next one is read; of a damaged archive, what came before
the damage is kept.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from io import BufferedIOBase
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources.contract import document_from_json, locate, repeated
from rag_commons.sources.files import FoundFile, find_files, leads_out, unreadable

SUFFIXES = (".jsonl", ".jsonl.gz")
# far above any book; a line without end would fill the memory
LONGEST_LINE = 256 * 1024 * 1024

_GZIP = b"\x1f\x8b"


def iter_documents(paths: Sequence[str | Path]) -> Iterator[Document | DocumentRefused]:
    """Yield the documents of files and folders, and the refusals; raises InputError at once for a path that leads nowhere."""
    return _documents(find_files(paths, SUFFIXES))


def _documents(files: list[FoundFile]) -> Iterator[Document | DocumentRefused]:
    seen: set[str] = set()
    for file in files:
        for where, item in _items(file):
            if isinstance(item, Document) and item.id in seen:
                yield repeated(item.id, where)
                continue
            if isinstance(item, Document):
                seen.add(item.id)
            yield item


def _items(file: FoundFile) -> Iterator[tuple[str, Document | DocumentRefused]]:
    where, number = str(file.path), 0
    if file.outside:
        yield where, leads_out(file)
        return
    try:
        with _open(file.path) as lines:
            for number, line in enumerate(_lines(lines), 1):
                here = f"{where}:{number}"
                if line is None:
                    yield here, _malformed(f"a line of less than {LONGEST_LINE} bytes", f"{here}: a longer one")
                elif line.strip():
                    yield here, _document(line, here)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield where, _damaged(f"{where}, after line {number}: {error}")
    except OSError as error:
        yield where, unreadable(where, error)


def _open(path: Path) -> BufferedIOBase:
    with path.open("rb") as file:
        zipped = file.read(2) == _GZIP
    return gzip.open(path) if zipped or path.suffix.lower() == ".gz" else path.open("rb")


def _lines(file: BufferedIOBase) -> Iterator[bytes | None]:
    """Yield the lines of a file, None for one that is too long."""
    line = file.readline(LONGEST_LINE).removeprefix(b"\xef\xbb\xbf")
    while line:
        whole = True
        while len(line) >= LONGEST_LINE and not line.endswith(b"\n"):
            whole = False
            line = file.readline(LONGEST_LINE)
        yield line if whole else None
        line = file.readline(LONGEST_LINE)


def _document(line: bytes, where: str) -> Document | DocumentRefused:
    try:
        obj: object = json.loads(line.decode())
    except UnicodeDecodeError as error:
        return _malformed("a line in UTF-8", f"{where}: byte {error.object[error.start]:#04x} at {error.start}")
    except (ValueError, RecursionError) as error:
        return _malformed("a line that is one JSON object", f"{where}: {error}")
    try:
        return document_from_json(obj)
    except DocumentRefused as error:
        return locate(error, where)


def _malformed(expected: str, seen: str) -> DocumentRefused:
    return DocumentRefused("malformed-line", expected, seen, "correct the line; the others are read all the same")


def _damaged(seen: str) -> DocumentRefused:
    return DocumentRefused("damaged-file", "a whole gzip file", f"{seen}; what came before is kept", "fetch the file again")
