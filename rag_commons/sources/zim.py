"""ZIM files of Kiwix → one document an article, under the licence that the archive states.

They are read with libzim, which is under GPL-3 and therefore optional: `pip install "rag-commons[zim]"`. Redirects, pictures and
styles are passed over. The licence is that of the archive's metadata; a person may give one only where the archive states none.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.licences.resolve import resolve_licence
from rag_commons.sources.file_content import day_of
from rag_commons.sources.files import FoundFile, find_files, leads_out
from rag_commons.sources.languages import language_tag
from rag_commons.sources.option_values import at_most, whole
from rag_commons.sources.optional import optional_library
from rag_commons.sources.pool import Task, Told, count_workers, read_in_order, tell
from rag_commons.sources.zim_page import Page, ZimArchive, read_zim_page

SUFFIXES = (".zim", ".zimaa")
LONGEST_PAGE = 32 << 20
_BATCH = 4 << 20
_HTML = ("text/html", "application/xhtml+xml")
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f<>\"]+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# what a ZIM file made before 2021 keeps its articles under
_ARTICLES = "A/"


def iter_documents(
    paths: Sequence[str | Path],
    *,
    licence: str | None = None,
    language: str | None = None,
    holder: str | None = None,
    collection: str | None = None,
    limit: int | str | None = None,
    workers: int | str | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the articles of ZIM files and folders of them, and the refusals.

    `licence` holds only where an archive states none; `language`, `holder` and `collection` come before what it states; `limit` is a
    number of documents, `workers` one of processes. Raises InputError at once where libzim is absent or a path leads nowhere.
    """
    reader = optional_library("libzim.reader", "zim", "libzim (under GPL-3), which reads ZIM files")
    files, most = find_files(paths, SUFFIXES), whole(limit, "limit")
    given = {"licence": licence, "language": language, "holder": holder, "collection": collection}
    tasks = chain.from_iterable(_tasks(file, reader, given) for file in files)
    found = read_in_order(tasks, 1 if most is not None else count_workers(workers, (file.path for file in files)))
    return at_most((item for item in found), most)


def _tasks(file: FoundFile, reader: ModuleType, given: dict[str, str | None]) -> Iterator[Task | DocumentRefused]:
    if file.outside:
        yield leads_out(file)
        return
    try:
        with _damage_refused(file.path):
            opened = reader.Archive(file.path)
            known = _known(opened, file.path, given)
    except DocumentRefused as refusal:
        yield refusal
        return
    batch: list[Page] = []
    size = 0
    for page in _pages(opened, file.path):
        if isinstance(page, DocumentRefused):
            yield page
            continue
        batch.append(page)
        size += len(page[2])
        if size >= _BATCH:
            yield partial(_read_batch, batch, known)
            batch, size = [], 0
    if batch:
        yield partial(_read_batch, batch, known)


def _read_batch(batch: list[Page], archive: ZimArchive) -> list[Document | Told]:
    """Return what pages hold; runs in a worker."""
    return tell(read_zim_page(page, archive) for page in batch)


# libzim has no types
def _pages(opened: Any, path: Path) -> Iterator[Page | DocumentRefused]:  # noqa: ANN401
    """Yield the pages of an archive: path, title, HTML. One that cannot be read is a refusal, and the next is read."""
    for number in range(opened.entry_count):
        try:
            with _damage_refused(path):
                page = _page(opened, number)
        except DocumentRefused as refusal:
            yield refusal
            continue
        if page is not None:
            yield page


def _page(opened: Any, number: int) -> Page | None:  # noqa: ANN401
    entry = opened._get_entry_by_id(number)
    name = str(entry.path)
    old = not opened.has_new_namespace_scheme
    if entry.is_redirect or (old and not name.startswith(_ARTICLES)):
        return None
    item = entry.get_item()
    if item.mimetype.partition(";")[0].strip().lower() not in _HTML:
        return None
    name = name.removeprefix(_ARTICLES) if old else name
    if item.size > LONGEST_PAGE:
        raise DocumentRefused("too-large", f"a page of at most {LONGEST_PAGE >> 20} MiB", name[:200], "nothing")
    return name, str(entry.title), bytes(item.content)


def _known(opened: Any, path: Path, given: dict[str, str | None]) -> ZimArchive:  # noqa: ANN401
    """Return what the metadata of an archive say; raises DocumentRefused for a licence that is missing or not of the table."""

    def said(key: str) -> str | None:
        if key not in opened.metadata_keys:
            return None
        return " ".join(bytes(opened.get_metadata(key)).decode("utf-8", "replace").replace("\0", "").split())[:500] or None

    stated = said("License") or given["licence"]
    if not stated:
        todo = "give the one that its publisher states, --set licence=…"
        raise DocumentRefused("missing:licence", "a ZIM file that states its licence (M/License)", path.name, todo)
    source = said("Source")
    host = _host(source)
    name = said("Name") or path.name.partition(".")[0]
    return ZimArchive(
        name=name,
        licence=resolve_licence(stated),
        language=given["language"] or language_tag(said("Language")),
        creator=said("Creator"),
        publisher=given["holder"] or said("Publisher"),
        host=host,
        source=source if source and _ADDRESS.fullmatch(source) else f"https://{host}/" if host else None,
        retrieved=day_of(said("Date")),
        collection=given["collection"] or said("Title") or name,
    )


def _host(source: str | None) -> str | None:
    """Return the host of the site that an archive was made from, whether its metadata give an address or a name."""
    try:
        said = source or ""
        host = urlsplit(said if "//" in said else f"//{said}").hostname or ""
    except ValueError:
        return None
    return host if _HOST.fullmatch(host) else None


@contextmanager
def _damage_refused(path: Path) -> Iterator[None]:
    """Turn the errors of libzim, which are RuntimeErrors of its C++ mostly, into a refusal."""
    try:
        yield
    except (RuntimeError, KeyError, IndexError, ValueError, UnicodeError, MemoryError, OverflowError) as error:
        seen = f"{path.name}: {' '.join(str(error).split())[:160]}"
        raise DocumentRefused("damaged-file", "a ZIM file that can be read", seen, "fetch it again, and compare its checksum") from None
