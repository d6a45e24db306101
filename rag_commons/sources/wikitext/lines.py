"""Lines of wikitext → the final text: headings with their exact offsets, lists and tables as lines.

What is dropped here: headings over nothing, and sections that hold only the apparatus (notes, external links).
"""

from collections.abc import Iterable, Iterator

from rag_commons.documents import Section
from rag_commons.sources.wikitext.holes import mend
from rag_commons.sources.wikitext.marks import BREAK, CELL, HOLE, is_marked, restore
from rag_commons.sources.wikitext.name_lists import read_pairs
from rag_commons.sources.wikitext.tables import Cell, Table, parse_cell

_MAX_NESTING = 8
_APPARATUS = frozenset(read_pairs("names.txt", "apparatus"))


Line = tuple[int, str]
"""A finished line: its level, 0 for text and 1 or more for a heading (`== … ==` is 1), and its text."""


def assemble(text: str) -> tuple[str, tuple[Section, ...]]:
    """Return the final text of wikitext whose links and templates are plain, and its sections, each starting at its heading."""
    return finish(_finished(text), marked=is_marked(text))


def finish(lines: Iterable[Line], *, marked: bool = False) -> tuple[str, tuple[Section, ...]]:
    """Return lines as one text, and its sections; `marked` where protected characters must be put back."""
    parts: list[str] = []
    sections: list[Section] = []
    length = 0
    for level, line in _spaced(_kept(lines), marked):
        if level:
            sections.append(Section(length, level, line))
        parts.append(line)
        length += len(line) + 1
    return "\n".join(parts), tuple(sections)


def _finished(text: str) -> Iterator[Line]:
    """Yield lines with tables, lists and headings made plain; an empty line stands for a blank."""
    tables: list[Table] = []
    cells: list[Cell] = []
    for raw in text.split("\n"):
        line = raw.strip()
        head = line[:2]
        if head == "{|" or (head[:1] in (":", "*") and line.lstrip(":* ").startswith("{|")):
            if len(tables) < _MAX_NESTING:
                tables.append(Table())
                cells.append(Cell())
        elif tables:
            if head == "==" and (heading := _heading(line)):
                yield from _closed(tables, cells)
                yield heading
            elif head == "|}":
                _close_innermost(tables, cells)
                if not tables:
                    yield from ((0, done) for done in cells.pop().lines)
            else:
                _table_line(tables[-1], cells, line)
        elif not line:
            yield 0, ""
        elif head[0] not in "=;|!-" and BREAK not in line and CELL not in line and HOLE not in line:  # nine lines in ten
            item = line.lstrip("*#:; ") if head[0] in "*#:" else line
            if item:
                yield 0, item if "  " not in item else mend(item)
        else:
            yield from _plain(line)
    yield from _closed(tables, cells)


def _close_innermost(tables: list[Table], cells: list[Cell]) -> None:
    """Close a table: its lines go to the cell around it, or, for an outermost one, to a last cell."""
    lines = tables.pop().to_lines()
    cells.pop()
    if tables:
        cells[-1].lines.extend(lines)
    else:
        cells.append(Cell(lines=lines))


def _closed(tables: list[Table], cells: list[Cell]) -> Iterator[Line]:
    """Close the tables that the text left open."""
    while tables:
        _close_innermost(tables, cells)
    while cells:
        yield from ((0, line) for line in cells.pop().lines)


def _table_line(table: Table, cells: list[Cell], line: str) -> None:
    first = line[:1]
    if line.startswith("|+"):
        table.caption = mend(line[2:].rpartition("|")[2].replace(BREAK, " "))
    elif line.startswith("|-"):
        table.add_row(line)
        cells[-1] = Cell()
    elif first in ("|", "!"):
        pieces = line[1:].replace("!!", "||").split("||") if first == "!" else line[1:].split("||")
        for piece in pieces:
            cells[-1] = table.add_cell(parse_cell(piece, header=first == "!"))
    elif line:
        cells[-1].lines.append(line)


def _plain(line: str) -> Iterator[Line]:
    first = line[0]
    if first == "=" and (heading := _heading(line)):
        yield heading
        return
    if first in "*#:;|!-":
        line = _list_line(line)
    if CELL in line:
        line = line.replace(CELL, " ; ")
    for part in line.split(BREAK):
        had_hole = HOLE in part
        part = mend(part)
        if part and not (had_hole and not any(map(str.isalnum, part))):
            yield 0, part


def _list_line(line: str) -> str:
    """Return a list item without its markers; a row or rule that belongs to nothing is dropped."""
    if line[0] in "|!" or line.startswith("----"):
        return "" if line[0] != "!" else line
    if line[0] == "-":
        return line
    if line[0] == ";" and not line.startswith(("; :", ";:")):
        term, colon, definition = line.lstrip("*#:; ").partition(" : ")
        return f"{term} : {definition}" if colon else term
    return line.lstrip("*#:; ")


def _heading(line: str) -> Line | None:
    line = line.strip(HOLE + " ")
    marks = min(len(line) - len(line.lstrip("=")), len(line) - len(line.rstrip("=")), 6)
    title = mend(line[marks:-marks].replace(BREAK, " ")) if marks and len(line) > 2 * marks else ""
    return (max(marks - 1, 1), title) if title else None


def _kept(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines without the apparatus and without headings over nothing."""
    skipped = 0
    waiting: list[Line] = []
    for line in lines:
        level, text = line
        if level:
            if skipped and level > skipped:
                continue
            skipped = level if text.rstrip(" :.").lower() in _APPARATUS else 0
            while waiting and waiting[-1][0] >= level:
                waiting.pop()
            if not skipped:
                waiting.append(line)
        elif not skipped:
            if waiting and text:
                yield from waiting
                waiting.clear()
            yield line


def _spaced(lines: Iterable[Line], marked: bool) -> Iterator[tuple[int, str]]:
    """Yield lines with their marks put back, one blank line at most between two and one before a heading."""
    started = blank = False
    for level, line in lines:
        text = restore(line).strip() if marked and is_marked(line) else line
        if not text:
            blank = True
            continue
        if started and (blank or level):
            yield 0, ""
        started, blank = True, False
        yield level, text
