"""Dump files: bytes, compressed or not, cut into units of whole pages that can be read apart.

A plain, gzip or bz2 file is decompressed here and cut after `</page>`, some megabytes at a time. A multistream bz2, whose streams
hold whole pages, is not even decompressed here: its streams are found by their first ten bytes, and each unit is a range of the
file. Nothing of a file's prolog reaches an XML parser, so no entity that it declares can.
"""

import bz2
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from rag_commons.errors import DocumentRefused

_BLOCK = 1 << 20
_UNIT = 2 << 20
# MediaWiki holds an article to 2 MiB; a page of a history dump may hold many
LONGEST_PAGE = 64 << 20
_LONGEST_RANGE = 512 << 20
_RANGE = 1 << 20
_PAGE, _PAGE_END, _DUMP_END = b"<page>", b"</page>", b"</mediawiki>"
_BZ2_STREAM = re.compile(rb"BZh[1-9]1AY&SY")
_STREAM_MARK = 10
_FOREIGN = {b"7z\xbc\xaf": "7z", b"\xfd7zX": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip"}
DAMAGE = (EOFError, OSError, zlib.error)


@dataclass(frozen=True, slots=True)
class Pages:
    """XML that holds whole pages, perhaps after a prolog."""

    xml: bytes


@dataclass(frozen=True, slots=True)
class Streams:
    """A range of a multistream file: streams to be decompressed where they are read. `last` must end the dump."""

    path: Path
    start: int
    end: int
    last: bool


Unit = Pages | Streams


def iter_units(path: Path) -> Iterator[Unit | DocumentRefused]:
    """Yield the units of a dump file in order, and last the refusal of what is damaged; what came before damage is kept."""
    with path.open("rb") as file:
        magic = file.read(4)
    if foreign := _FOREIGN.get(magic):
        yield DocumentRefused("unknown-format", "a dump in XML, plain, bz2 or gzip", f"{path}: {foreign}", "decompress it first")
        return
    multistream = False
    for unit in _ranges(path) if magic.startswith(b"BZh") else ():
        multistream = True
        yield unit
    if multistream:
        return
    try:
        with _open(path, magic) as dump:
            yield from cut_pages(_blocks(dump), str(path))
    except DAMAGE as error:
        yield damaged(str(path), error)


def read_prolog(path: Path) -> bytes:
    """Return what stands before the first page, or nothing where there is no page in the first megabyte."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        with _open(path, magic) as dump:
            start = dump.read(_BLOCK)
    except DAMAGE:
        return b""
    return start.partition(_PAGE)[0] if _PAGE in start else start[: 64 << 10]


def cut_pages(blocks: Iterator[bytes], where: str, *, whole: bool = True) -> Iterator[Pages | DocumentRefused]:
    """Yield blocks joined and cut after `</page>`; a page without end is refused. `whole`: the dump must end with its end tag."""
    held, seen, cut = bytearray(), 0, False
    damage: Exception | None = None
    while True:
        try:
            block = next(blocks, b"")
        except DAMAGE as error:
            damage, block = error, b""
        if not block:
            break
        held += block
        end = held.rfind(_PAGE_END, max(0, seen - len(_PAGE_END)))
        seen = len(held)
        if end >= 0 and seen >= _UNIT:
            yield Pages(bytes(held[: end + len(_PAGE_END)]))
            del held[: end + len(_PAGE_END)]
            seen, cut = len(held), True
        elif seen > LONGEST_PAGE:
            yield DocumentRefused("page-too-large", f"a page of less than {LONGEST_PAGE} bytes", where, "cut the dump")
            held, seen, cut = bytearray(), 0, True
    yield from _last_pages(bytes(held), cut, whole, where, damage)


def _last_pages(held: bytes, cut: bool, whole: bool, where: str, damage: Exception | None) -> Iterator[Pages | DocumentRefused]:
    """Yield the last whole pages, then one refusal where the dump breaks off, is damaged, or is no dump at all."""
    pages, end, rest = held.rpartition(_PAGE_END)
    if end:
        yield Pages(pages + end)
    if damage is not None:
        yield damaged(where, damage)
    elif not end and not cut and whole and _DUMP_END not in rest:
        yield DocumentRefused("not-a-dump", "a dump in MediaWiki's XML, with pages", where, "name a pages-articles file")
    elif _PAGE in rest or (whole and _DUMP_END not in rest):
        yield DocumentRefused("truncated-file", "a dump that ends with </mediawiki>", f"{where}: it breaks off", "fetch it again")


def decompress_streams(unit: Streams) -> Iterator[bytes]:
    """Yield the bytes of the streams of a range, bounded, whatever they say they hold; raises EOFError, OSError."""
    with unit.path.open("rb") as file:
        file.seek(unit.start)
        rest = file.read(unit.end - unit.start)
    total = 0
    while rest:
        stream = bz2.BZ2Decompressor()
        block = stream.decompress(rest, _BLOCK)
        while True:
            total += len(block)
            if total > _LONGEST_RANGE:
                raise OSError(f"streams that hold more than {_LONGEST_RANGE} bytes")
            if block:
                yield block
            if stream.eof:
                break
            if stream.needs_input:
                raise EOFError("a stream breaks off")
            block = stream.decompress(b"", _BLOCK)
        rest = stream.unused_data


def damaged(where: str, error: Exception) -> DocumentRefused:
    """Return the refusal of what follows damage in a file."""
    return DocumentRefused(
        "damaged-file", "a dump that can be read to its end", f"{where}: {error}", "fetch it again; what came before is kept"
    )


def _open(path: Path, magic: bytes) -> BinaryIO:
    if magic.startswith(b"BZh"):
        return cast(BinaryIO, bz2.open(path))
    return cast(BinaryIO, gzip.open(path)) if magic.startswith(b"\x1f\x8b") else path.open("rb")


def _blocks(dump: BinaryIO) -> Iterator[bytes]:
    while block := dump.read(_BLOCK):
        yield block


def _ranges(path: Path) -> Iterator[Streams]:
    """Yield ranges of streams where the file has several and the first ends between pages; nothing otherwise."""
    with path.open("rb") as file:
        streams = _stream_starts(file)
        start, second = next(streams, None), next(streams, None)
        if start != 0 or second is None or not _ends_between_pages(path, second):
            return
        for boundary in streams:
            if boundary - start >= _RANGE:
                yield Streams(path, start, boundary, last=False)
                start = boundary
        yield Streams(path, start, file.seek(0, 2), last=True)


def _stream_starts(file: BinaryIO) -> Iterator[int]:
    """Yield where the streams of a file begin; ten bytes that could stand there by chance once in 10²³."""
    held, offset = b"", 0
    while block := file.read(_BLOCK):
        held += block
        for stream in _BZ2_STREAM.finditer(held):
            yield offset + stream.start()
        kept = min(len(held), _STREAM_MARK - 1)
        offset += len(held) - kept
        held = held[-kept:]


def _ends_between_pages(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        stream = file.read(min(size, LONGEST_PAGE))
    decompressor = bz2.BZ2Decompressor()
    try:
        start = decompressor.decompress(stream, LONGEST_PAGE)
    except DAMAGE:
        return False
    return decompressor.eof and start.rstrip().endswith((b"</siteinfo>", _PAGE_END))
