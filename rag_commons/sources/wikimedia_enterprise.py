"""Articles of Wikimedia Enterprise: objects (.json), lines of them (.ndjson, .jsonl, gzipped or not) and snapshots (.tar.gz).

The licence, the editor and the revision are those that the object states. Its HTML is preferred to its wikitext: there the wiki
has said itself what its templates say. A page has the same document id here as in a dump of its wiki.
"""

import gzip
import json
import re
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, cast
from urllib.parse import quote, urlsplit

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.resolve import Resolution, resolve_licence
from rag_commons.sources.contract import check_document
from rag_commons.sources.files import FoundFile, find_files, leads_out, unreadable
from rag_commons.sources.loose_json import Object, number, part, parts, text
from rag_commons.sources.option_values import read_day, read_namespaces
from rag_commons.sources.pool import Task, Told, count_workers, read_in_order, tell
from rag_commons.sources.wiki_html import read_wiki_html
from rag_commons.sources.wikis import Wiki, find_wiki, is_wikimedia
from rag_commons.sources.wikitext import ReadableText, read_wikitext

SUFFIXES = (".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz", ".jsonl.gz", ".tar.gz", ".tgz")
AUTHORS = "Contributrices et contributeurs de {project}"
# the longest articles are some 20 MB of HTML
LONGEST_LINE = 96 << 20
_BATCH = 4 << 20
_DAMAGE = (EOFError, OSError, zlib.error, tarfile.TarError)
_DISAMBIGUATION = re.compile(r"[^:]{1,20}:(?:homonymie.*|paronymie|disambig.*|disheñvelout|desambiguaci.*|argipen|omonimia)", re.IGNORECASE)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]{2,39}:[0-9A-Fa-f:]{0,39}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}")

_Line = tuple[str, bytes]


def iter_documents(
    paths: Sequence[str | Path], *, namespace: str = "0", since: str | None = None, workers: int | str | None = None
) -> Iterator[Document | DocumentRefused]:
    """Yield the articles of files and folders, and the refusals; raises InputError at once for a path that leads nowhere.

    `namespace` is one or more numbers joined by commas; `since` (YYYY-MM-DD) passes over articles last modified before that day;
    `workers` is the number of processes (all cores, unless there is little to read).
    """
    files = find_files(paths, SUFFIXES)
    wanted, first_day = read_namespaces(namespace), read_day(since, "since")
    tasks = chain.from_iterable(_tasks(file, wanted, first_day or "") for file in files)
    return read_in_order(tasks, count_workers(workers, (file.path for file in files)))


def _tasks(file: FoundFile, namespaces: frozenset[str], since: str) -> Iterator[Task | DocumentRefused]:
    if file.outside:
        yield leads_out(file)
        return
    batch: list[_Line] = []
    size = 0
    for line in _lines_or_damage(file.path):
        if isinstance(line, DocumentRefused):
            yield line
            continue
        batch.append(line)
        size += len(line[1])
        if size >= _BATCH:
            yield partial(_read_batch, batch, namespaces, since)
            batch, size = [], 0
    if batch:
        yield partial(_read_batch, batch, namespaces, since)


def _lines_or_damage(path: Path) -> Iterator[_Line | DocumentRefused]:
    """Yield the lines of a file, and last the refusal of what can't be read; what came before is kept."""
    try:
        yield from _lines(path)
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno:
            yield unreadable(str(path), error)
        else:
            yield DocumentRefused("damaged-file", "a file readable to its end", f"{path}: {error}", "fetch it again")


def _lines(path: Path) -> Iterator[_Line | DocumentRefused]:
    """Yield the JSON of a file object by object, with where it is; a file of one object on many lines is one."""
    with _open(path) as lines:
        if not path.name.endswith((".tar.gz", ".tgz", ".tar")):
            yield from _split(lines, path.name)
            return
        # unzipped apart: tarfile takes a zipped archive that breaks off between two members for a whole one
        with tarfile.open(fileobj=lines, mode="r|") as archive:
            for member in archive:
                inside = archive.extractfile(member) if member.isfile() and member.name.endswith((".ndjson", ".json", ".jsonl")) else None
                if inside is not None:
                    yield from _split(inside, f"{path.name}:{member.name}")


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path)) if zipped else path.open("rb")


def _split(lines: IO[bytes], where: str) -> Iterator[_Line | DocumentRefused]:
    first = lines.readline(LONGEST_LINE)
    if not first:
        yield DocumentRefused("empty-file", "articles, one a line", where, "fetch the file again")
    if first.rstrip().endswith((b"{", b"[", b",")):  # one object or list, laid out for the eye
        whole = first + lines.read(LONGEST_LINE)
        yield (where, whole) if len(whole) < LONGEST_LINE else _too_long(where)
        return
    count, line = 1, first
    while line:
        here = f"{where}:{count}"
        if len(line) >= LONGEST_LINE and not line.endswith(b"\n"):
            yield _too_long(here)
            while line and not line.endswith(b"\n"):
                line = lines.readline(LONGEST_LINE)
        elif line.strip():
            yield here, line
        count, line = count + 1, lines.readline(LONGEST_LINE)


def _too_long(where: str) -> DocumentRefused:
    return DocumentRefused("line-too-long", f"an article of less than {LONGEST_LINE} bytes", where, "leave it out")


def _read_batch(batch: list[_Line], namespaces: frozenset[str], since: str) -> list[Document | Told]:
    """Return what lines hold; runs in a worker."""
    return tell(item for where, line in batch for item in _read_line(line, where, namespaces, since))


def _read_line(line: bytes, where: str, namespaces: frozenset[str], since: str) -> Iterator[Document | DocumentRefused]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    for article in found if isinstance(found, list) else [found]:
        if not isinstance(article, dict):
            yield DocumentRefused("malformed-json", "an article object of Wikimedia Enterprise", where, "fetch the file again")
        elif not since or (text(article, "date_modified") or since)[:10] >= since:
            yield read_article(article, where, namespaces)


def read_article(article: Object, where: str, namespaces: frozenset[str] = frozenset({"0"})) -> Document | DocumentRefused:
    """Return the document of an article object, or its refusal."""
    try:
        document = _document(article, where, namespaces)
        check_document(document)
    except DocumentRefused as refusal:
        return refusal
    return document


def _document(article: Object, where: str, namespaces: frozenset[str]) -> Document:
    title, page = text(article, "name"), number(article, "identifier")
    if title is None or page is None:
        raise DocumentRefused("malformed-article", "an article object with name and identifier", where, "fetch the file again")
    here = f"{where}: {title[:120]}"
    if str(number(part(article, "namespace"), "identifier") or 0) not in namespaces:
        raise DocumentRefused("namespace", f"a page of namespace {', '.join(sorted(namespaces))}", here, "nothing, unless you want it")
    if text(part(article, "event"), "type") == "delete":
        raise DocumentRefused("deleted", "an article that its wiki still has", here, "nothing")
    if any(_DISAMBIGUATION.fullmatch(text(template, "name") or "") for template in parts(article, "templates")):
        raise DocumentRefused("disambiguation", "an article", f"{here}: a disambiguation page", "nothing, unless you want it")
    wiki = _wiki(article, here)
    licence = _licence(article)
    read = _body(article, wiki, title, here)
    return Document(f"{wiki.id}/{page}", read.text, _provenance(article, wiki, title, licence), read.sections)


def _wiki(article: Object, here: str) -> Wiki:
    try:
        return find_wiki(text(part(article, "is_part_of"), "identifier") or "")
    except InputError as error:
        raise DocumentRefused("unknown-wiki", error.expected, f"{here}: {error.seen}", "fetch the file again") from None


def _licence(article: Object) -> Resolution:
    """Return the licence that the object states; of several, reusers may choose."""
    stated = parts(article, "license")
    named = [text(licence, "identifier") or text(licence, "url") or text(licence, "name") for licence in stated]
    return resolve_licence(" OR ".join(name for name in named if name))


def _body(article: Object, wiki: Wiki, title: str, here: str) -> ReadableText:
    body = part(article, "article_body")
    if html := text(body, "html"):
        return read_wiki_html(html)
    if wikitext := text(body, "wikitext"):
        return read_wikitext(wikitext, wiki.id, title)
    raise DocumentRefused("missing:article_body", "an article with its HTML or its wikitext", here, "ask for article_body")


def _provenance(article: Object, wiki: Wiki, title: str, licence: Resolution) -> Provenance:
    version = part(article, "version")
    revision, editor = number(version, "identifier"), _editor(part(version, "editor"))
    modified = text(article, "date_modified") or ""
    address = text(article, "url") or ""
    host = urlsplit(address).hostname or "" if address.startswith("https://") else ""
    host = host if is_wikimedia(host) else wiki.host
    name = quote(title.replace(" ", "_"), safe="/:,()!*;@~$")
    index = f"https://{host}/w/index.php?title={name}"
    said = f"Révision {revision} par {editor}." if editor and revision else None
    notes = [note for note in (licence.note, said) if note]
    return Provenance(
        title=title,
        licence=licence.id,
        language=wiki.language or text(part(article, "in_language"), "identifier"),
        authors=(AUTHORS.format(project=wiki.project),),
        holder=wiki.name,
        collection=_collection(wiki),
        url=f"https://{host}/wiki/{name}",
        permalink=f"{index}&oldid={revision}" if revision else None,
        history_url=f"{index}&action=history",
        modified=modified[:10] if _TIME.match(modified) else None,
        rights_note=" ".join(notes) or None,
    )


def _editor(editor: Object) -> str | None:
    """Return the name of the last editor; an address in place of a name is nobody's to publish."""
    name = " ".join((text(editor, "name") or "").split())[:100]
    return None if not name or editor.get("is_anonymous") is True or _ADDRESS.fullmatch(name) else name


def _collection(wiki: Wiki) -> str:
    """Return the name that dumps of a Wikipedia are collected under, « wikipedia-fr »; that of the database for other projects."""
    return f"wikipedia-{wiki.id.removesuffix('wiki').replace('_', '-')}" if wiki.project == "Wikipédia" else wiki.id
