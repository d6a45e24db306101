"""Dumps of a Wikipedia (pages-articles XML; plain, gzip or bz2, multistream or not) → one document an article.

All cores read pages; documents come in the order of the dump, and only a few units are in memory at a time. What is no article
(redirects, disambiguation, other namespaces) is refused by that name. The one surprise: the name of the file (`frwiki-…`) is
believed before the dump's own `siteinfo`, which is wrong in dumps that were made with other tools.
"""

import os
import re
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError, UsageError
from rag_commons.sources.dump_pages import PageReader
from rag_commons.sources.dump_streams import Pages, Streams, Unit, cut_pages, decompress_streams, iter_units, read_prolog
from rag_commons.sources.files import FoundFile, find_files, leads_out, unreadable
from rag_commons.sources.wikis import Wiki, find_wiki

SUFFIXES = (".xml", ".bz2", ".gz")
_FILE_NAME = re.compile(r"([a-z][a-z0-9_]{1,20}wiki)[-_.]")
_DATABASE = re.compile(rb"<dbname>\s*([a-z][a-z0-9_]{1,20})\s*</dbname>")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNITS_PER_WORKER = 3
# below this, starting processes takes longer than reading (bytes, as they lie on the disk)
_WORTH_A_POOL = 8 << 20

# A refusal as it travels between processes: exceptions of several arguments do not.
_Told = tuple[str, str, str, str]
_Read = Document | _Told
_Task = Callable[[], list[_Read]]


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
    namespaces = frozenset(part.strip() for part in namespace.split(","))
    if not all(part.isdecimal() for part in namespaces):
        raise UsageError("numbers of namespaces joined by commas (0, 0,14)", repr(namespace), "correct --namespace")
    if since is not None and not _DAY.fullmatch(since):
        raise UsageError("a day, YYYY-MM-DD", repr(since), "correct --since")
    files = [file for file in find_files(paths, SUFFIXES) if _is_dump(file)]
    if not files:
        raise InputError("dumps of articles (*.xml, *.xml.bz2, *.xml.gz)", "none among the files given", "name a pages-articles file")
    size = sum(file.path.stat().st_size for file in files)
    count = _workers(workers) if workers else os.cpu_count() or 1 if size >= _WORTH_A_POOL else 1
    return _in_order(chain.from_iterable(_tasks(file, given, namespaces, since) for file in files), count)


def _wikipedia(name: str) -> Wiki:
    found = find_wiki(name)
    if found.project != "Wikipédia":
        raise InputError("the database name of a Wikipedia (frwiki, brwiki)", f"{name!r}, which is {found.project}", "correct the name")
    return found


def _workers(said: int | str) -> int:
    try:
        return max(1, int(said))
    except ValueError:
        raise UsageError("a number of processes", repr(said), "correct --workers") from None


def _is_dump(file: FoundFile) -> bool:
    """Say whether a file is one of pages: in a folder of dumps there are indexes and tables beside."""
    return ".xml" in file.name.lower() and "-index" not in file.name.lower()


def _tasks(file: FoundFile, given: Wiki | None, namespaces: frozenset[str], since: str | None) -> Iterator[_Task | DocumentRefused]:
    if file.outside:
        yield leads_out(file)
        return
    where = file.path.name
    try:
        wiki = given or _wiki_of(file.path)
        reader = PageReader(wiki, where, namespaces, since)
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


def _read_unit(reader: PageReader, unit: Unit) -> list[_Read]:
    """Return what a unit holds; runs in a worker."""
    found: list[_Read] = []
    for part in [unit] if isinstance(unit, Pages) else _pages_of(unit):
        items = reader.read(part.xml) if isinstance(part, Pages) else [part]
        for item in items:
            found.append(item if isinstance(item, Document) else (item.reason, item.expected, item.seen, item.todo))
    return found


def _pages_of(unit: Streams) -> Iterator[Pages | DocumentRefused]:
    return cut_pages(decompress_streams(unit), unit.path.name, whole=unit.last)


def _in_order(tasks: Iterator[_Task | DocumentRefused], workers: int) -> Iterator[Document | DocumentRefused]:
    """Yield the results of tasks in their order: in this process, or in a pool of others."""
    if workers == 1:
        for task in tasks:
            yield from [task] if isinstance(task, DocumentRefused) else map(_told, task())
        return
    # a fresh interpreter each: forking a process that has threads can hang
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_parent)
    try:
        yield from _pooled(pool, tasks, workers * _UNITS_PER_WORKER)
    except BrokenProcessPool as error:
        raise InputError(
            "worker processes that live to the end",
            str(error),
            "give them more memory, guard the start of your script, or ask for 1 worker",
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _pooled(pool: ProcessPoolExecutor, tasks: Iterator[_Task | DocumentRefused], ahead: int) -> Iterator[Document | DocumentRefused]:
    waiting: deque[Future[list[_Read]] | DocumentRefused] = deque()
    for task in chain(tasks, [None]):
        if task is not None:
            waiting.append(task if isinstance(task, DocumentRefused) else pool.submit(task))
        while waiting and (task is None or len(waiting) >= ahead):
            result = waiting.popleft()
            yield from [result] if isinstance(result, DocumentRefused) else map(_told, result.result())


def _told(item: _Read) -> Document | DocumentRefused:
    return item if isinstance(item, Document) else DocumentRefused(*item)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
