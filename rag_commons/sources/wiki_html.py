"""A rendered wiki page (Parsoid or the classic parser) → readable text with its sections.

What surrounds the text goes: notes, banners, navigation, images and their captions, edit links, coordinates. Infoboxes become
« Clé : valeur » lines and tables theirs, as for wikitext.
"""

from lxml import etree

from rag_commons.sources.wikitext.holes import mend
from rag_commons.sources.wikitext.lines import Line, finish
from rag_commons.sources.wikitext.marks import BREAK, HOLE
from rag_commons.sources.wikitext.name_lists import read_pairs
from rag_commons.sources.wikitext.numbers import superscript
from rag_commons.sources.wikitext.reading import ReadableText
from rag_commons.sources.wikitext.tables import DASHES, Cell, Table, is_tinted

_DROPPED_TAGS = frozenset("head style script figure link meta audio video img map noscript template svg object iframe button input".split())
_DROPPED_CLASSES = frozenset(read_pairs("html_classes.txt", "dropped"))
_NOTES = frozenset(read_pairs("html_classes.txt", "notes"))
_DROPPED_IDS = frozenset(("coordinates", "sous_titre_h1", "toc", "siteSub", "contentSub"))
_BLOCKS = frozenset("p div ul ol dl li dt dd section blockquote pre center hr article header main body details summary address".split())
_HEADINGS = {"h1": 1, "h2": 1, "h3": 2, "h4": 3, "h5": 4, "h6": 5}
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": None, "\u200e": None, "\u00ad": None, "\ufeff": None})


def read_wiki_html(html: str) -> ReadableText:
    """Return what a reader sees of the text of a rendered page. Never raises: HTML that is no page reads as no text."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, remove_comments=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return ReadableText("") if root is None else read_wiki_tree(root)


def read_wiki_tree(root: etree._Element) -> ReadableText:
    """Return what a reader sees of the text of a rendered page that is parsed already."""
    page = _Page()
    page.read(root)
    return ReadableText(*finish(page.lines))


class _Page:
    """A page being read: finished lines, the pieces of the line in hand, the tables that are open."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._tables: list[tuple[Table, bool]] = []
        self._cells: list[Cell] = []

    def read(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        dropped: etree._Element | None = None
        for event, element in walk:
            if event == "start":
                said = _instead(element)
                if said is None:
                    self._start(element)
                    self._write(element.text)
                else:
                    self._pieces.append(said)
                    dropped = element
                    walk.skip_subtree()
            else:
                if element is dropped:
                    dropped = None
                else:
                    self._end(element)
                self._write(element.tail)
        self._flush()

    def _write(self, text: str | None) -> None:
        if text:
            self._pieces.append(text.translate(_SPACES))

    def _start(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag == "br":
            if self._cells:
                self._pieces.append(BREAK)
            else:
                self._flush()
        elif tag == "table":
            self._flush()
            self._tables.append((Table(), "infobox" in (element.get("class") or "")))
            self._cells.append(Cell())
        elif tag in _BLOCKS or tag in _HEADINGS or tag in ("tr", "td", "th", "caption"):
            self._flush()
            if self._tables and tag == "tr":
                self._tables[-1][0].add_row(_ground(element))
            elif self._tables and tag in ("td", "th"):
                cell = Cell(tag == "th", _span(element, "colspan"), _span(element, "rowspan"), tinted=is_tinted(_ground(element)))
                self._cells[-1] = self._tables[-1][0].add_cell(cell)

    def _end(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag in _HEADINGS and not self._tables:
            title = self._take()
            if title:
                self.lines.append((_HEADINGS[tag], title))
        elif tag == "caption" and self._tables:
            self._tables[-1][0].caption = mend(self._take().replace(BREAK, " "))
        elif tag == "table" and self._tables:
            self._flush()
            self._close_table()
        elif tag in _BLOCKS or tag in ("tr", "td", "th"):
            self._flush()
            if tag in ("p", "ul", "ol", "dl") and not self._tables:
                self.lines.append((0, ""))

    def _close_table(self) -> None:
        table, infobox = self._tables.pop()
        self._cells.pop()
        if infobox:
            table.caption = ""
            table.rows = [
                row for row in table.rows if len(row) == 2 and row[0].header and all(cell.text() not in ("", *DASHES) for cell in row)
            ]
        lines = table.to_lines()
        if self._tables:
            self._cells[-1].lines.extend(lines)
        elif lines:
            self.lines += [(0, ""), *((0, line) for line in lines), (0, "")]

    def _take(self) -> str:
        text = mend(" ".join("".join(self._pieces).split()))
        self._pieces.clear()
        return text

    def _flush(self) -> None:
        text = self._take()
        if not text or not (any(map(str.isalnum, text)) or (self._cells and text in DASHES)):
            return
        if self._cells:
            self._cells[-1].lines.append(text)
        else:
            self.lines.append((0, text))


def _instead(element: etree._Element) -> str | None:
    """Return what stands in place of an element that is not read as it is; None for one that is."""
    tag = str(element.tag)
    classes = (element.get("class") or "").split()
    if tag == "math" or "mwe-math-element" in classes:
        formula = element if tag == "math" else element.find(".//math")
        return (formula.get("alttext") or HOLE).removeprefix("{\\displaystyle ").removesuffix("}") if formula is not None else HOLE
    if not _NOTES.isdisjoint(classes):
        return ""
    if _is_dropped(element, tag, classes):
        return HOLE
    if tag == "a" and (element.get("href") or "").startswith(("./Module:", "/wiki/Module:")):  # « [modifier] » of data kept apart
        return HOLE
    if tag == "sup" and not len(element) and (element.text or "").strip().lstrip("-−+").isdecimal():
        return superscript((element.text or "").strip())
    return None


def _is_dropped(element: etree._Element, tag: str, classes: list[str]) -> bool:
    if tag in _DROPPED_TAGS or not _DROPPED_CLASSES.isdisjoint(classes) or element.get("id") in _DROPPED_IDS:
        return True
    if (element.get("typeof") or "").startswith(("mw:File", "mw:Extension/ref", "mw:Extension/gallery", "mw:Extension/timeline")):
        return True
    return element.get("role") == "navigation" or "display:none" in (element.get("style") or "").replace(" ", "")


def _ground(element: etree._Element) -> str:
    """Return the attributes that may colour the ground of a row or a cell."""
    return f"{element.get('style') or ''}{' bgcolor' if element.get('bgcolor') else ''}"


def _span(element: etree._Element, name: str) -> int:
    said = element.get(name) or ""
    return max(1, min(int(said), 40)) if said.isascii() and said.isdigit() and len(said) < 4 else 1
