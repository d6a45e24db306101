"""How fast a Wikipedia dump is read: articles and megabytes of wikitext a second and a core, beside decompression and mwparserfromhell.

    python eval/bench_dump.py frwiki-latest-pages-articles.xml.bz2
    python eval/bench_dump.py samples/ --megabytes 64

A dump smaller than `--megabytes` (of wikitext) is repeated in a temporary file until it is as large. Megabytes are of UTF-8.
"""

import argparse
import bz2
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from xml.etree.ElementTree import fromstring

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources.dump_streams import Pages, cut_pages, decompress_streams, iter_units
from rag_commons.sources.wikipedia_dump import iter_documents
from rag_commons.sources.wikitext import read_wikitext

PAGE = re.compile(rb"<page>.*?</page>", re.DOTALL)
MEGA = 1_000_000
T = TypeVar("T")


def raw_pages(path: Path) -> Iterator[bytes]:
    for unit in iter_units(path):
        if isinstance(unit, DocumentRefused):
            continue
        for pages in [unit] if isinstance(unit, Pages) else cut_pages(decompress_streams(unit), path.name, whole=False):
            if isinstance(pages, Pages):
                yield from (page[0] for page in PAGE.finditer(pages.xml))


def grow(paths: list[Path], megabytes: int, folder: Path) -> Path:
    """Write a dump of at least so many megabytes: streams of 100 pages, numbered anew so that each is a document of its own."""
    pages = [page for path in paths for page in raw_pages(path)]
    target, size, number, streams = megabytes * MEGA, 0, 0, [bz2.compress(b"<mediawiki><siteinfo></siteinfo>\n")]
    path = folder / "frwiki-repeated-pages-articles.xml.bz2"
    with path.open("wb") as file:
        file.write(streams[0])
        held = []
        while size < target:
            for page in pages:
                number += 1
                held.append(re.sub(rb"<id>\d+</id>", b"<id>%d</id>" % number, page, count=1))
                size += len(page)
                if len(held) == 100:
                    file.write(bz2.compress(b"\n".join(held)))
                    held = []
        file.write(bz2.compress(b"\n".join(held)) + bz2.compress(b"</mediawiki>\n"))
    return path


def seconds(work: Callable[[], T], clock: Callable[[], float] = time.process_time) -> tuple[float, T]:
    """Return the seconds of this process's core, which other programs do not change; of several processes, those of the wall."""
    start = clock()
    result = work()
    return clock() - start, result


def say(name: str, took: float, megabytes: float, articles: int | None = None) -> None:
    rate = f"{articles / took:10,.0f} articles/s" if articles else " " * 21
    print(f"{name:44}{megabytes / took:9.1f} MB/s {rate}", flush=True)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dump", type=Path, help="a dump, or a folder of them")
    parser.add_argument("--megabytes", type=int, default=48, help="repeat a smaller dump until it is this large")
    parser.add_argument("--workers", type=int, default=0, help="also read with so many processes")
    parser.add_argument("--oracle-megabytes", type=float, default=1.0, help="how much mwparserfromhell reads")
    asked = parser.parse_args(argv)
    paths = sorted(asked.dump.glob("*wiki*.xml*")) if asked.dump.is_dir() else [asked.dump]
    with tempfile.TemporaryDirectory() as folder:
        own = len(paths) == 1 and paths[0].stat().st_size > asked.megabytes * MEGA // 3
        path = paths[0] if own else grow(paths, asked.megabytes, Path(folder))
        measure(path, asked)


def measure(path: Path, asked: argparse.Namespace) -> None:
    took, size = seconds(lambda: decompressed(path))
    print(f"{path.name}: {size / MEGA:.1f} MB of XML, {path.stat().st_size / MEGA:.1f} MB on the disk")
    say("decompression alone, of XML", took, size / MEGA)
    sources = [text for page in raw_pages(path) if (text := fromstring(page).findtext("revision/text"))]
    megabytes = sum(len(text.encode()) for text in sources) / MEGA
    took, _ = seconds(lambda: [read_wikitext(text) for text in sources])
    say("wikitext alone, one core", took, megabytes, len(sources))
    took, count = seconds(lambda: documents(path, 1))
    say("the whole source, one core", took, megabytes, count)
    if asked.workers > 1:
        others = resource.getrusage(resource.RUSAGE_CHILDREN)
        own, (took, count) = seconds(lambda: seconds(lambda: documents(path, asked.workers), time.perf_counter))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        children = after.ru_utime + after.ru_stime - others.ru_utime - others.ru_stime
        say(f"the whole source, {asked.workers} processes, by the wall clock", took, megabytes, count)
        # what the busiest core works, were each process alone on one
        say(f"the whole source, {asked.workers} processes, by cores", max(own, children / asked.workers), megabytes, count)
    oracle(sources, asked.oracle_megabytes)


def decompressed(path: Path) -> int:
    with bz2.open(path) if path.name.endswith(".bz2") else path.open("rb") as file:
        return sum(len(block) for block in iter(lambda: file.read(1 << 20), b""))


def documents(path: Path, workers: int) -> int:
    return sum(isinstance(item, Document) for item in iter_documents([path], wiki="frwiki", workers=workers))


def oracle(sources: list[str], limit: float) -> None:
    try:
        import mwparserfromhell
    except ImportError:
        print("mwparserfromhell is not installed: pip install mwparserfromhell")
        return
    some, size = [], 0
    for text in sources:
        if size >= limit * MEGA:
            break
        some.append(text)
        size += len(text.encode())
    took, _ = seconds(lambda: [mwparserfromhell.parse(text).strip_code() for text in some])
    say("mwparserfromhell's strip_code, one core", took, size / MEGA, len(some))


if __name__ == "__main__":
    main(sys.argv[1:])
