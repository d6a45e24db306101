"""A scanned book of Wikisource by its index page (`Livre:…`): its pages in order, as they were transcribed.

The header and footer of a page (noinclude) are the book's furniture, no text of it. Pages that nobody has transcribed are left out, and
how many were not read again is told.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag_commons.documents import Page
from rag_commons.sources.loose_json import part, parts, text
from rag_commons.sources.mediawiki import MediaWiki, batches
from rag_commons.sources.wikitext import read_wikitext

INDEX_PREFIXES = ("livre:", "index:")
_NOT_TRANSCLUDED = re.compile(r"<noinclude>.*?(?:</noinclude>|\Z)", re.DOTALL | re.IGNORECASE)
_LEVEL = re.compile(r"<pagequality\s+level=\"([0-4])\"", re.IGNORECASE)
# a word cut at the end of a page: {{tiret|déb|but}} there, {{tiret2|déb|but}} on the next
_CUT = re.compile(r"\{\{\s*(tiret2?)\s*\|([^{}|]{1,60})\|([^{}|]{1,60})\}\}", re.IGNORECASE)
_FIELD = re.compile(r"^\s*\|\s*([A-Za-zÀ-ÿ_ ]{1,40}?)\s*=\s*(.*?)\s*$", re.MULTILINE)
_LINK = re.compile(r"\[\[([^\[\]|]{1,200})(?:\|([^\[\]]{1,200}))?\]\]")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
_READ_AGAIN = 3


@dataclass(frozen=True, slots=True)
class Scan:
    """The page of a scanned book: its title on the wiki, its text, the level of its correction (0 to 4), its last change."""

    title: str
    text: str
    level: int
    changed: str
    runs_on: bool


@dataclass(frozen=True, slots=True)
class BookData:
    """What an index page says of its book."""

    title: str | None
    authors: tuple[str, ...]
    translators: tuple[str, ...]
    author_pages: tuple[str, ...]
    year: str | None


def iter_scans(wiki: MediaWiki, index: str, wiki_id: str) -> Iterator[Scan]:
    """Yield the pages of a book that have a text, in the order of the book; raises FetchFailed."""
    titles: list[str] = []
    for said in wiki.query(list="proofreadpagesinindex", prppiititle=index, prppiiprop="ids|title"):
        titles += filter(None, (text(page, "title") for page in parts(said, "proofreadpagesinindex")))
    for batch in batches(titles):
        found: dict[str, Scan] = {}
        for page in wiki.pages({"titles": "|".join(batch)}, prop="revisions", rvprop="timestamp|content", rvslots="main"):
            title, revision = text(page, "title") or "", (parts(page, "revisions") or [{}])[0]
            source = text(part(revision, "slots", "main"), "content")
            if source:
                found[title] = _scan(title, source, text(revision, "timestamp") or "", wiki_id)
        yield from (found[title] for title in batch if title in found and found[title].text and found[title].level)


def put_together(scans: list[Scan], address: Callable[[str], str]) -> tuple[str, tuple[Page, ...]]:
    """Return the text of a book and its pages; a paragraph goes on over the page unless the page ends or begins one."""
    parts_: list[str] = []
    pages: list[Page] = []
    length = 0
    for number, scan in enumerate(scans):
        gap = "" if not number else " " if scans[number - 1].runs_on and not scan.text.startswith("\n") else "\n"
        written = scan.text.strip()
        pages.append(Page(length + len(gap), scan.title.rpartition("/")[2][:40] or str(number + 1), url=address(scan.title)))
        parts_.append(gap + written)
        length += len(gap) + len(written)
    return "".join(parts_), tuple(pages)


def correction_note(scans: list[Scan]) -> str | None:
    """Say how many pages were not read again by a second person, or nothing."""
    raw = sum(scan.level < _READ_AGAIN for scan in scans)
    return f"Transcription à relire pour {raw} page(s) sur {len(scans)}." if raw else None


def read_book_data(source: str) -> BookData:
    """Return what the wikitext of an index page says of its book."""
    fields = {name.lower(): value for name, value in _FIELD.findall(source)}

    def names(key: str) -> tuple[str, ...]:
        shown = _LINK.sub(lambda link: link[2] or link[1].rpartition(":")[2], fields.get(key, ""))
        return tuple(dict.fromkeys(name.strip() for name in re.split(r"[;,]| et ", shown) if name.strip()))

    linked = (link for key in ("auteur", "author", "traducteur", "translator") for link, _ in _LINK.findall(fields.get(key, "")))
    title = _LINK.sub(lambda link: link[2] or link[1], fields.get("titre") or fields.get("title") or "")
    year = _YEAR.search(fields.get("annee") or fields.get("année") or fields.get("year") or "")
    return BookData(
        title.strip() or None,
        names("auteur") or names("author"),
        names("traducteur") or names("translator"),
        tuple(dict.fromkeys(linked)),
        year[1] if year else None,
    )


def _scan(title: str, source: str, changed: str, wiki_id: str) -> Scan:
    level = _LEVEL.search(source)
    body = _NOT_TRANSCLUDED.sub("", source)
    body = _CUT.sub(lambda cut: "" if cut[1].lower() == "tiret2" else cut[2] + cut[3], body)
    runs_on = not re.search(r"\n\s*\n?\s*\Z|\{\{\s*nop\s*\}\}\s*\Z", body)
    read = read_wikitext(body, wiki_id, title).text
    begins = "\n" if re.match(r"\s*\n", body) else ""
    return Scan(title, begins + read if read else "", int(level[1]) if level else 1, changed, runs_on)
