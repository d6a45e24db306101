"""Tables as lines a person can read: « Clé : valeur » where there are headers, cells joined by « ; » elsewhere.

The same grid serves wikitext tables and HTML ones. Spans are honoured up to a bound, so that no cell can be made endless.
"""

import re
from dataclasses import dataclass, field

from rag_commons.sources.wikitext.holes import mend
from rag_commons.sources.wikitext.marks import BREAK

_MAX_SPAN = 40
_MAX_COLUMNS = 100
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,3})", re.IGNORECASE)
_SEPARATOR = " ; "
_NOTHING = frozenset("-–—−")


@dataclass(slots=True)
class Cell:
    """One cell: its text as lines come in, whether it is a header, how many columns and rows it spans."""

    header: bool = False
    columns: int = 1
    rows: int = 1
    lines: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the cell on one line."""
        if len(self.lines) == 1 and BREAK not in self.lines[0]:
            only = mend(self.lines[0]).lstrip("*#:; ")
            return "" if only in _NOTHING else only
        parts = [mend(part).lstrip("*#:; ") for line in self.lines for part in line.split(BREAK)]
        return _join([part for part in parts if part and part not in _NOTHING])


@dataclass(slots=True)
class Table:
    """A table under construction: its caption and its rows of cells."""

    caption: str = ""
    rows: list[list[Cell]] = field(default_factory=list)

    def add_row(self) -> None:
        """Begin a row."""
        if not self.rows or self.rows[-1]:
            self.rows.append([])

    def add_cell(self, cell: Cell) -> Cell:
        """Add a cell to the last row."""
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(cell)
        return cell

    def to_lines(self) -> list[str]:
        """Return the table as lines of text."""
        lines = [self.caption] if self.caption else []
        headers: list[str] = []
        above_is_header = False
        for row in _grid(self.rows):
            texts = [text for _, text, _ in row]
            if not any(texts):
                continue
            if not all(header for header, text, _ in row if text):
                lines.append(_row_line(row, headers))
                above_is_header = False
            elif len(row) > 1 and len({text for text in texts if text}) == 1:  # a title across the table
                lines.append(next(filter(None, texts)))
                headers = []
            else:
                headers = _stacked(headers, texts) if above_is_header else texts
                above_is_header = True
        return [line for line in lines if line]


def parse_cell(attributes_and_text: str, header: bool) -> Cell:
    """Return the cell that a piece of wikitext makes: `attributes | text`, or the text alone."""
    attributes, bar, text = attributes_and_text.partition("|")
    if not bar:
        return Cell(header, lines=[attributes])
    columns = rows = 1
    for name, count in _SPAN.findall(attributes[:400]):
        span = max(1, min(int(count), _MAX_SPAN))
        columns, rows = (span, rows) if name.lower() == "col" else (columns, span)
    return Cell(header, columns, rows, [text])


_Laid = tuple[bool, str, bool]


def _grid(rows: list[list[Cell]]) -> list[list[_Laid]]:
    """Lay cells on a grid: (header, text, first place of the cell) by row, spans filled in."""
    grid: list[list[_Laid]] = []
    hanging: dict[int, tuple[int, bool, str]] = {}
    for cells in rows:
        line: list[_Laid] = []
        below: dict[int, tuple[int, bool, str]] = {}
        for cell in cells:
            _hang(line, hanging, below)
            text = cell.text()
            for column in range(min(cell.columns, _MAX_COLUMNS - len(line))):
                if cell.rows > 1:
                    below[len(line)] = (cell.rows - 1, cell.header, text)
                line.append((cell.header, text, column == 0))
        _hang(line, hanging, below)
        hanging = below
        grid.append(line)
    return grid


def _hang(line: list[_Laid], hanging: dict[int, tuple[int, bool, str]], below: dict[int, tuple[int, bool, str]]) -> None:
    """Fill the places at the end of a line that cells of the rows above reach down to."""
    while len(line) in hanging:
        left, header, text = hanging[len(line)]
        if left > 1:
            below[len(line)] = (left - 1, header, text)
        line.append((header, text, True))


def _stacked(above: list[str], below: list[str]) -> list[str]:
    """Join two rows of headers: « Catholiques, nombre » where the upper one spans columns."""
    if len(above) != len(below):
        return below
    return [low if high in ("", low) else f"{high}, {low}" if low else high for high, low in zip(above, below, strict=True)]


def _row_line(row: list[tuple[bool, str, bool]], headers: list[str]) -> str:
    cells = [(place, header, text) for place, (header, text, first) in enumerate(row) if first and text]
    if len(headers) == len(row) and len(row) > 1:
        parts = [_pair(headers[place], text) if headers[place] != text else text for place, _, text in cells]
        return _SEPARATOR.join(parts)
    if len(cells) > 1 and (cells[0][1] or len(cells) == 2):
        return _pair(cells[0][2], _SEPARATOR.join(text for _, _, text in cells[1:]))
    if len(cells) == 1 and cells[0][2].endswith(":") and len(row) > 1:  # what it introduced was dropped
        return ""
    return _SEPARATOR.join(text for _, _, text in cells)


def _pair(key: str, value: str) -> str:
    return f"{key.rstrip(' :')} : {value}" if key else value


def _join(parts: list[str]) -> str:
    joined = ""
    for part in parts:
        if joined:
            joined += " " if part.startswith("(") or joined.endswith((",", ":", ";", "(")) else ", "
        joined += part
    return joined
