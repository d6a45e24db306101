"""Flow: the text of a document as it is written down from lines, blocks and pages, every offset known when it is passed.

The one surprise: what separates two pieces is decided when the second comes, so that a word cut at the end of a line or page is
joined and the page that begins inside it starts exactly there.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from rag_commons.documents import Page, Section
from rag_commons.sources.hyphenation import MARKS, Cut, cut_at

Break = Literal["no", "", " ", "\n", "\n\n"]

_ORDER: tuple[Break, ...] = ("no", "", " ", "\n", "\n\n")
_LONGEST_TITLE = 300
# what a sentence that goes on over the page may end with, beside letters and digits
_GOES_ON = ",;-’'&"


@dataclass(slots=True)
class _Heading:
    level: int
    part: int
    start: int = -1


class Flow:
    """Text being written; `spellings` gives the words of the document (hyphenation.lazy_spellings)."""

    def __init__(self, spellings: Callable[[], Collection[str]]) -> None:
        self._spellings = spellings
        self._parts: list[str] = []
        self._tail = ""
        self._length = 0
        self._break: Break = ""
        self._line: Cut | None = None
        self._runs_on = False
        self._waiting: list[tuple[str, float | None, str | None]] = []
        self._heading: _Heading | None = None
        self.sections: list[Section] = []
        self.pages: list[Page] = []

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def is_spelled(self, word: str) -> bool:
        """Say whether the document holds a word, given in lower case."""
        return word in self._spellings()

    def write(self, text: str) -> int:
        """Write text, its runs of white space as one space, and return the offset it starts at (where blank: would start at)."""
        core = " ".join(text.split())
        if not core:
            if text:
                self._widen(" ")
            return self._length
        if text[0].isspace():
            self._widen(" ")
        start = self._put(core)
        if text[-1].isspace():
            self._widen(" ")
        return start

    def end_line(self, cut: Cut | None = None) -> None:
        """End a line: `word` or `compound` where the source says that a word goes on, else the mark at its end decides."""
        if self._line in (None, "none") or cut in ("word", "compound"):
            self._line = cut or "none"
        self._widen(" ")

    def begin_block(self, wide: bool = False) -> None:
        """Begin a paragraph or a line of verse, which may still be what goes on from the page before."""
        self._widen("\n\n" if wide else "\n")

    def end_block(self, wide: bool = False) -> None:
        """End a paragraph or a line of verse (a line break), `wide` with a blank line."""
        self._line, self._runs_on = None, False
        self._widen("\n\n" if wide else "\n")

    def begin_page(self, label: str, ocr: float | None = None, url: str | None = None, runs_on: bool = False) -> None:
        """Begin a page; `runs_on` where it follows the last one and a paragraph may go on from one to the other."""
        self._waiting.append((label, ocr, url))
        self._runs_on = runs_on
        self._widen(" ")

    def begin_heading(self, level: int) -> None:
        """Begin a heading, which becomes a section when `end_heading` comes."""
        self._heading = _Heading(level, len(self._parts))
        self._runs_on = False

    def end_heading(self) -> None:
        """End a heading: a section of this title starts where the heading started."""
        heading, self._heading = self._heading, None
        if heading is None or heading.start < 0:
            return
        title = " ".join("".join(self._parts[heading.part :]).split())
        if len(title) <= _LONGEST_TITLE:
            self.sections.append(Section(heading.start, heading.level, title))

    def finish(self) -> str:
        """Place the pages that hold no text at the end, and return the whole text."""
        self._place_pages()
        return self.text

    def _widen(self, wanted: Break) -> None:
        if self._length and _ORDER.index(wanted) > _ORDER.index(self._break):
            self._break = wanted

    def _put(self, core: str) -> int:
        separator = self._separator(core) if self._length else ""
        if separator:
            self._append(separator)
        self._place_pages()
        if self._heading is not None and self._heading.start < 0:
            self._heading.start, self._heading.part = self._length, len(self._parts)
        start = self._length
        self._append(core)
        self._break, self._line, self._runs_on = "", None, False
        return start

    def _separator(self, core: str) -> str:
        """Settle what comes between the text so far and the next words; a mark that cuts a word is taken away."""
        block = self._break in ("\n", "\n\n")
        told = self._line in ("word", "compound")
        goes_on = block and self._heading is None and (self._runs_on or told)
        if block and not goes_on:
            return self._break
        if self._line is not None or goes_on:
            cut = self._line if told else cut_at(self._tail, core, self._spellings)
            if cut in ("word", "compound"):
                self._cut(keep=cut == "compound")
                return ""
        if goes_on:
            last = self._tail[-1:]
            return " " if core[0].islower() and (last.isalnum() or last in _GOES_ON) else self._break
        return self._break

    def _cut(self, keep: bool) -> None:
        last = self._parts[-1]
        if last[-1] in MARKS:
            self._parts[-1] = last[:-1] + ("-" if keep else "")
            self._length -= 0 if keep else 1
            self._tail = self._tail[:-1] + ("-" if keep else "")

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._tail = (self._tail + text)[-80:]

    def _place_pages(self) -> None:
        for label, ocr, url in self._waiting:
            self.pages.append(Page(self._length, label, ocr, url))
        self._waiting.clear()
