"""Headings: what cuts a document into bodies, spans of text that passages never cross.

They come from `document.sections` or, without sections, from Markdown `#` lines outside code fences. A heading line belongs to no
body, nor does the front matter that some Markdown keeps at its head.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag_commons.documents import Document, Section

_MARKDOWN = re.compile(r"^ {0,3}(?:(#{1,6})[ \t]+([^\n]*)|(```+|~~~+)[^\n]*)$", re.MULTILINE)
_CLOSING_MARKS = re.compile(r"\s+#+\s*\Z")
# a key has no space before its colon, as a French sentence would
_KEY = r"[A-Za-z][\w.-]*:(?:[ \t\r][^\n]*)?\n"
_FRONT_MATTER = re.compile(rf"\A---[ \t\r]*\n{_KEY}(?:{_KEY}|[ \t#-][^\n]*\n|\r?\n){{0,100}}?(?:---|\.\.\.)[ \t\r]*(?:\n|\Z)")
_MARKS = "#=*_ \t\r"
_LONGEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Body:
    """A span between headings, and the path of headings above it, joined by " > "."""

    start: int
    end: int
    section: str | None


@dataclass(frozen=True, slots=True)
class _Heading:
    start: int
    end: int
    level: int
    title: str


def iter_bodies(document: Document) -> Iterator[Body]:
    """Yield the spans of a document between its headings, in order; all of it where there is nothing but headings."""
    text = document.text
    headings = _given(text, document.sections) if document.sections else _marked(text)
    front = None if document.sections else _FRONT_MATTER.match(text)
    start = front.end() if front else 0
    path: list[_Heading] = []
    title = _plain(document.provenance.title)
    empty = True
    for heading in (*headings, None):
        end = len(text) if heading is None else heading.start
        if text[start:end].strip():
            names = [above.title for above in path if _plain(above.title) != title]
            yield Body(start, end, " > ".join(names) or None)
            empty = False
        if heading is not None:
            path = [above for above in path if above.level < heading.level] + [heading]
            start = heading.end
    if empty and text.strip():
        yield Body(0, len(text), None)


def first_heading(text: str) -> str | None:
    """Return the title of the first Markdown heading."""
    headings = _marked(text)
    return headings[0].title if headings else None


def _marked(text: str) -> list[_Heading]:
    if "#" not in text:
        return []
    headings: list[_Heading] = []
    fence = ""
    for match in _MARKDOWN.finditer(text):
        marks, title, opening = match.groups()
        if opening:
            fence = "" if opening.startswith(fence) and fence else fence or opening
        elif not fence and (title := _CLOSING_MARKS.sub("", title).strip(_MARKS)):
            headings.append(_Heading(match.start(), match.end(), len(marks), title))
    return headings


def _given(text: str, sections: Sequence[Section]) -> list[_Heading]:
    return [_Heading(item.start, _heading_end(text, item), item.level, " ".join(item.title.split())) for item in sections]


def _heading_end(text: str, section: Section) -> int:
    """Return where the lines that hold a section's title end, or its start where its text does not repeat the title."""
    sought = _plain(section.title)
    head = text[section.start : section.start + 200]
    begin = end = section.start + len(head) - len(head.lstrip())
    for _ in range(_LONGEST_HEADING):
        found = text.find("\n", end)
        end = len(text) if found < 0 else found
        seen = _plain(text[begin : min(end, begin + 2 * len(section.title) + 200)])
        if seen == sought:
            return end
        if not sought.startswith(seen):
            break
        end += 1
    return section.start


def _plain(title: str) -> str:
    return " ".join(title.strip(_MARKS).split()).casefold()
