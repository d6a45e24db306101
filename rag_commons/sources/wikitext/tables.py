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
_DASH = "–"
DASHES = frozenset("-–—−")


@dataclass(slots=True)
class Cell:
    """One cell: its text as lines come in, whether it is a header, how many columns and rows it spans, whether its ground has a colour."""

    header: bool = False
    columns: int = 1
    rows: int = 1
    lines: list[str] = field(default_factory=list)
    tinted: bool = False

    def text(self) -> str:
        """Return the cell on one line; « – » where it holds but a dash."""
        if len(self.lines) == 1 and BREAK not in self.lines[0]:
            only = mend(self.lines[0]).lstrip("*#:; ")
            return _DASH if only in DASHES and only else only
        parts = [mend(part).lstrip("*#:; ") for line in self.lines for part in line.split(BREAK)]
        return _join([part for part in parts if part and part not in DASHES]) or (_DASH if any(parts) else "")


@dataclass(slots=True)
class Table:
    """A table under construction: its caption and its rows of cells."""

    caption: str = ""
    rows: list[list[Cell]] = field(default_factory=list)
    _tinted: bool = False

    def add_row(self, style: str = "") -> None:
        """Begin a row; `style` is what its attributes say."""
        self._tinted = is_tinted(style)
        if not self.rows or self.rows[-1]:
            self.rows.append([])

    def add_cell(self, cell: Cell) -> Cell:
        """Add a cell to the last row."""
        if not self.rows:
            self.rows.append([])
        cell.tinted = cell.tinted or self._tinted
        self.rows[-1].append(cell)
        return cell

    def to_lines(self) -> list[str]:
        """Return the table as lines of text."""
        lines = [self.caption] if self.caption else []
        headers: list[str] = []
        above_is_header = False
        self._find_headers()
        for row in _grid(self.rows):
            texts = ["" if text == _DASH else text for _, text, _ in row]
            if not any(texts):
                continue
            if not all(header for header, text, _ in row if text) and not (above_is_header and _goes_on(row, headers)):
                lines.append(_row_line(row, headers))
                above_is_header = False
            elif len(row) > 1 and len({text for text in texts if text}) == 1:  # a title across the table
                lines.append(next(filter(None, texts)))
                headers = []
            else:
                headers = _stacked(headers, texts) if above_is_header else texts
                above_is_header = True
        return [line for line in lines if line]

    def _find_headers(self) -> None:
        """Take the first row for headers in a table that has none, where it alone has a ground of its own and no cell empty."""
        if any(cell.header for row in self.rows for cell in row):
            return
        tinted = [row for row in self.rows if row and all(cell.tinted for cell in row)]
        if len(tinted) == 1 and tinted[0] is next(filter(None, self.rows)) and len(tinted[0]) > 1 and all(cell.lines for cell in tinted[0]):
            for cell in tinted[0]:
                cell.header = True


def is_tinted(style: str) -> bool:
    """Say whether attributes of a row or a cell give its ground a colour."""
    return "bgcolor" in style or "background" in style


def parse_cell(attributes_and_text: str, header: bool) -> Cell:
    """Return the cell that a piece of wikitext makes: `attributes | text`, or the text alone."""
    attributes, bar, text = attributes_and_text.partition("|")
    if not bar:
        return Cell(header, lines=[attributes])
    columns = rows = 1
    for name, count in _SPAN.findall(attributes[:400]) if "span" in attributes.lower() else ():
        span = max(1, min(int(count), _MAX_SPAN))
        columns, rows = (span, rows) if name.lower() == "col" else (columns, span)
    return Cell(header, columns, rows, [text], is_tinted(attributes[:400]))


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


def _goes_on(row: list[_Laid], headers: list[str]) -> bool:
    """Say whether a row goes on with the headers above: the only headers in it are those that reach down into it."""
    reaching = [text == headers[place] for place, (header, text, _) in enumerate(row) if header] if len(row) == len(headers) else []
    return any(reaching) and all(reaching)


def _stacked(above: list[str], below: list[str]) -> list[str]:
    """Join two rows of headers: « Catholiques, nombre » where the upper one spans columns."""
    if len(above) != len(below):
        return below
    return [low if high in ("", low) else f"{high}, {low}" if low else high for high, low in zip(above, below, strict=True)]


def _row_line(row: list[tuple[bool, str, bool]], headers: list[str]) -> str:
    cells = [(place, header, text) for place, (header, text, first) in enumerate(row) if first and text and text != _DASH]
    if len(headers) == len(row) and len(row) > 1:
        parts = [_pair(headers[place], text) if headers[place] != text else text for place, _, text in cells]
        return _SEPARATOR.join(parts)
    if cells and len(row) > 2 and any(text == _DASH for _, text, _ in row[: cells[-1][0]]):  # the dash tells which column is which
        return _SEPARATOR.join(text for _, text, first in row[: cells[-1][0] + 1] if first and text)
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
