"""A page of Wikisource as its reader sees it: text, headings, page marks, and the data that its header carries for export.

Left out: what the wiki marks as not for export, notes, and what is not shown. The one surprise: the number of a scanned page stands in
the middle of a sentence; it becomes a page of the document, and the sentence stays whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from lxml import etree

from rag_commons.documents import Page, Section

_LEFT_OUT = frozenset(
    (
        "ws-noexport ws-summary noprint searchaux mw-editsection reference references mw-references-wrap mw-ref toc mw-empty-elt "
        "mw-cite-backlink"
    ).split()
)
_SILENT = frozenset(("script", "style", "link", "meta", "noscript", "template", "head", "title", "audio", "video", "img", "math", "svg"))
_BLOCKS = frozenset("p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tbody tr caption blockquote center pre section article hr br".split())
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_HEADING = re.compile(r"h([1-6])\Z")
_SCAN = re.compile(r"[^:]{1,30}:(?:.{1,240}?)(?:/([0-9]{1,5}))?\Z", re.DOTALL)
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")


@dataclass(slots=True)
class WikisourcePage:
    """What a rendered page holds. `authors` and `translators` are names, `author_pages` the titles of their own pages."""

    text: str = ""
    sections: list[Section] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    title: str | None = None
    authors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    year: str | None = None
    author_pages: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def read_page(html: str, base: str, author_prefixes: tuple[str, ...] = ("Auteur:", "Author:")) -> WikisourcePage:
    """Return what a rendered page holds; `base` is what the address of a title starts with. Never raises: what is malformed is dropped."""
    root = _parse(html)
    page = WikisourcePage()
    if root is None:
        return page
    data = {str(item.get("id")): " ".join("".join(map(str, item.itertext())).split()) for item in root.iter("span") if item.get("id")}
    page.title = data.get("ws-title") or None
    page.authors, page.translators = _names(data.get("ws-author")), _names(data.get("ws-translator"))
    year = _YEAR.search(data.get("ws-year", ""))
    page.year = year[1] if year else None
    # a header may lead to the last chapter before the table of contents is reached
    contents = [link for item in root.iter("div", "ul", "ol", "table") if "ws-summary" in _classes(item) for link in item.iter("a")]
    titles = dict.fromkeys(str(link.get("title")) for link in (*contents, *root.iter("a")) if link.get("title"))
    page.links = tuple(titles)
    page.author_pages = tuple(title for title in titles if title.startswith(author_prefixes))
    writer = _Writer(page, base)
    writer.read(root)
    writer.finish()
    return page


def _parse(html: str) -> etree._Element | None:
    parser = etree.HTMLParser(no_network=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _names(said: str | None) -> tuple[str, ...]:
    """Return names joined by commas, semicolons or « et »."""
    names = (name.strip(" .") for name in re.split(r"\s*[;,]\s*|\s+(?:et|&)\s+", said or ""))
    return tuple(dict.fromkeys(name for name in names if name))


class _Writer:
    """Writes the text down, white space as one space, blocks as lines, every offset known when it is passed."""

    def __init__(self, page: WikisourcePage, base: str) -> None:
        self._page, self._base = page, base
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""
        self._marks: list[tuple[str, str | None]] = []
        self._heading: list[str] | None = None

    def read(self, element: etree._Element) -> None:
        """Write what an element shows. No deeper than the parser goes: it holds HTML to 256 levels."""
        if not isinstance(element.tag, str) or element.tag in _SILENT or self._is_left_out(element):
            return
        if _is_mark(element):
            self._mark(element)
            return
        block = element.tag in _BLOCKS
        heading = _HEADING.match(element.tag)
        if block:
            self._break()
        before = self._heading
        if heading and before is None:
            self._heading = []
        self._write(element.text or "")
        for number, child in enumerate(element):
            if element.tag == "tr" and number:
                self._write(" ; ")
            self.read(child)
            self._write(child.tail or "")
        if heading and before is None:
            self._end_heading(int(heading[1]))
        if block:
            self._break()

    def finish(self) -> None:
        """Hand the text over; marks after the last word are pages without text, left out."""
        self._page.text = "".join(self._parts)

    def _is_left_out(self, element: etree._Element) -> bool:
        return bool(_classes(element) & _LEFT_OUT) or bool(_HIDDEN.search(element.get("style") or ""))

    def _mark(self, element: etree._Element) -> None:
        title = element.get("data-page-name") or unquote(element.get("title") or "")
        scan = _SCAN.match(title)
        label = element.get("data-page-number") or element.get("id") or (scan[1] if scan else None)
        if label:
            address = self._base + quote(title.replace(" ", "_"), safe="/:,()!*;@") if scan else None
            self._marks.append((label.strip()[:40], address))

    def _break(self) -> None:
        self._gap = "\n" if self._parts else ""

    def _write(self, text: str) -> None:
        words = text.split()
        if text[:1].isspace() and self._parts and not self._gap:
            self._gap = " "
        if not words:
            return
        self._put(" ".join(words))
        if text[-1].isspace():
            self._gap = " "

    def _put(self, words: str) -> None:
        self._parts.append(self._gap + words)
        self._length += len(self._gap) + len(words)
        self._gap = ""
        start = self._length - len(words)
        for label, address in self._marks:
            self._page.pages.append(Page(start, label, url=address))
        self._marks.clear()
        if self._heading is not None:
            if not self._heading:
                self._start = start
            self._heading.append(words)

    def _end_heading(self, level: int) -> None:
        if self._heading:
            self._page.sections.append(Section(self._start, level, " ".join(self._heading)))
        self._heading = None


def _is_mark(element: etree._Element) -> bool:
    return bool({"pagenum", "ws-pagenum"} & _classes(element))


def _classes(element: etree._Element) -> set[str]:
    return set((element.get("class") or "").split())


def iter_subpages(page: WikisourcePage, title: str) -> Iterator[str]:
    """Yield the titles of the subpages of a work that its page links to, in the order of its table of contents."""
    return (link for link in page.links if link.startswith(f"{title}/") and "#" not in link)
