"""Dumps of a Wikipedia (pages-articles XML; plain, gzip or bz2, multistream or not) → one document an article.

All cores read pages; documents come in the order of the dump, and only a few units are in memory at a time. What is no article
(redirects, disambiguation, other namespaces) is refused by that name. The one surprise: the name of the file (`frwiki-…`) is
believed before the dump's own `siteinfo`, which is wrong in dumps that were made with other tools.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources.dump_pages import PageReader
from rag_commons.sources.dump_streams import Pages, Streams, Unit, cut_pages, decompress_streams, iter_units, read_prolog
from rag_commons.sources.files import FoundFile, find_files, leads_out, unreadable
from rag_commons.sources.option_values import read_day, read_namespaces
from rag_commons.sources.pool import Task, Told, count_workers, read_in_order, tell
from rag_commons.sources.wikis import Wiki, find_wiki

SUFFIXES = (".xml", ".bz2", ".gz")
_FILE_NAME = re.compile(r"([a-z][a-z0-9_]{1,20}wiki)[-_.]")
_DATABASE = re.compile(rb"<dbname>\s*([a-z][a-z0-9_]{1,20})\s*</dbname>")


def iter_documents(
    paths: Sequence[str | Path],
    *,
    wiki: str | None = None,
    namespace: str = "0",
    since: str | None = None,
    workers: int | str | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the articles of dumps, and the refusals; raises InputError at once for a path that leads nowhere or an unknown wiki.

    `wiki` (frwiki) overrules what the files say; `namespace` is one or more numbers joined by commas; `since` (YYYY-MM-DD) passes
    over articles last revised before that day; `workers` is the number of processes (all cores,
    unless there is little to read).
    """
    given = _wikipedia(wiki) if wiki else None
    wanted, first_day = read_namespaces(namespace), read_day(since, "since")
    files = [file for file in find_files(paths, SUFFIXES) if _is_dump(file)]
    if not files:
        raise InputError("dumps of articles (*.xml, *.xml.bz2, *.xml.gz)", "none among the files given", "name a pages-articles file")
    count = count_workers(workers, (file.path for file in files))
    return read_in_order(chain.from_iterable(_tasks(file, given, wanted, first_day) for file in files), count)


def _wikipedia(name: str) -> Wiki:
    found = find_wiki(name)
    if found.project != "Wikipédia":
        raise InputError("the database name of a Wikipedia (frwiki, brwiki)", f"{name!r}, which is {found.project}", "correct the name")
    return found


def _is_dump(file: FoundFile) -> bool:
    """Say whether a file is one of pages: in a folder of dumps there are indexes and tables beside."""
    return ".xml" in file.name.lower() and "-index" not in file.name.lower()


def _tasks(file: FoundFile, given: Wiki | None, wanted: frozenset[str], since: str | None) -> Iterator[Task | DocumentRefused]:
    if file.outside:
        yield leads_out(file)
        return
    where = file.path.name
    try:
        wiki = given or _wiki_of(file.path)
        reader = PageReader(wiki, where, wanted, since)
        for unit in iter_units(file.path):
            yield unit if isinstance(unit, DocumentRefused) else partial(_read_unit, reader, unit)
    except InputError as error:
        yield DocumentRefused("unknown-wiki", error.expected, f"{where}: {error.seen}", "say which with --wiki (frwiki, brwiki)")
    except OSError as error:
        yield unreadable(str(file.path), error)


def _wiki_of(path: Path) -> Wiki:
    """Return the wiki that a file's name tells, else its siteinfo; raises InputError."""
    named = _FILE_NAME.match(path.name)
    if named:
        return _wikipedia(named[1])
    said = _DATABASE.search(read_prolog(path))
    return _wikipedia(said[1].decode() if said else "")


def _read_unit(reader: PageReader, unit: Unit) -> list[Document | Told]:
    """Return what a unit holds; runs in a worker."""
    parts: Iterable[Pages | DocumentRefused] = [unit] if isinstance(unit, Pages) else _pages_of(unit)
    return tell(item for part in parts for item in (reader.read(part.xml) if isinstance(part, Pages) else [part]))


def _pages_of(unit: Streams) -> Iterator[Pages | DocumentRefused]:
    return cut_pages(decompress_streams(unit), unit.path.name, whole=unit.last)
