"""The rows of a table file: CSV streamed line by line, JSON and GeoJSON read whole, nested values under dotted names."""

import csv
import json
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources.table_mapping import Reading, Row

if TYPE_CHECKING:
    from _csv import Reader

LARGEST_JSON = 512 * 2**20

_LONGEST_CELL = 16 * 2**20
_SAMPLE = 64 * 2**10
_DELIMITERS = ";,\t|"
_DEEPEST = 6

Rows = Iterator[tuple[str, Row | DocumentRefused]]


def iter_rows(path: Path, reading: Reading) -> tuple[Collection[str], Rows]:
    """Return the columns of a table and its rows, each with where it stands; raises InputError where the file is no such table."""
    if path.suffix.lower() in (".json", ".geojson"):
        rows = [_flat(item) for item in _records(_parsed(path, reading), path, reading.records)]
        columns = {name for row in rows if isinstance(row, dict) for name in row}
        return columns, ((f"row {number}", row) for number, row in enumerate(rows, 1))
    return _csv(path, reading)


def _csv(path: Path, reading: Reading) -> tuple[Collection[str], Rows]:
    delimiter = reading.delimiter or _delimiter(path, reading.encoding)
    lines = _lines(path, reading.encoding)
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(lines, delimiter=delimiter)
    columns = [name.strip() for name in next(_read(rows, path), [])]
    # columns without a name, which spreadsheets leave at the end of lines, can be as many as they like
    repeated = sorted(name for name, count in Counter(columns).items() if count > 1 and name)
    if not any(columns) or repeated:
        seen = f"{path}: {', '.join(repeated[:5])} more than once" if repeated else f"{path} without any"
        raise InputError("a first line with the names of the columns, each once", seen, "correct the first line")
    return columns, _records_of_csv(rows, columns, path)


def _records_of_csv(rows: "Reader", columns: list[str], path: Path) -> Rows:
    for cells in _read(rows, path):
        if not any(cells):
            continue
        where = f"line {rows.line_num}"
        if len(cells) > len(columns):
            yield (
                where,
                DocumentRefused(
                    "malformed-row", f"{len(columns)} cells, as in the first line", str(len(cells)), "quote the cells that hold a delimiter"
                ),
            )
            continue
        yield where, dict(zip(columns, cells, strict=False))


def _read(rows: "Reader", path: Path) -> Iterator[list[str]]:
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise InputError("a CSV file that can be read", f"{path}, line {rows.line_num}: {error}", "correct the line") from None
        if cells is None:
            return
        yield cells


def _lines(path: Path, encoding: str) -> Iterator[str]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from iter(lambda: file.readline(_LONGEST_CELL), "")
    except UnicodeError as error:
        seen = f"{path}: {error.reason} at byte {error.start}" if isinstance(error, UnicodeDecodeError) else f"{path}: {error}"
        raise InputError(f"a file in {encoding}", seen, "say `encoding: latin-1` (or what it is in) in the mapping") from None
    except OSError as error:
        raise InputError("a file that can be read", f"{path}: {error.strerror}", "check the file") from None


def _delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter that the first line holds most of, outside quotes."""
    head = next(_lines(path, encoding), "")[:_SAMPLE]
    bare = "".join(head.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _parsed(path: Path, reading: Reading) -> object:
    try:
        if path.stat().st_size > LARGEST_JSON:
            raise InputError(f"JSON of at most {LARGEST_JSON // 2**20} MiB", str(path), "cut it into smaller files, or give it as CSV")
        return json.loads(path.read_bytes().decode(reading.encoding))
    except OSError as error:
        raise InputError("a file that can be read", f"{path}: {error.strerror}", "check the file") from None
    except UnicodeError as error:
        raise InputError(
            f"a file in {reading.encoding}", f"{path}: {str(error)[:100]}", "say `encoding: latin-1` (or what it is in) in the mapping"
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError("a JSON file that can be read", f"{path}: {str(error)[:160]}", "correct the file") from None


def _records(held: object, path: Path, records: str | None) -> list[object]:
    """Return the rows: at the path that the mapping gives, or a list, or the features of GeoJSON, or the one list of an object."""
    found = held
    for name in records.split(".") if records else ():
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, dict) and not records:
        lists = [value for value in found.values() if isinstance(value, list) and value]
        found = found["features"] if isinstance(found.get("features"), list) else lists[0] if len(lists) == 1 else None
    if not isinstance(found, list):
        seen = f"{path}: {', '.join(map(str, held)) if isinstance(held, dict) else type(held).__name__}"[:200]
        raise InputError("a list of rows", seen, "say where the rows are in the mapping, `records: result.records` for example")
    return found


def _flat(item: object) -> Row | DocumentRefused:
    """Return a record as a row: the properties of a GeoJSON feature under their own names, nested values as `a.b`."""
    if not isinstance(item, dict):
        return DocumentRefused("malformed-row", "an object", type(item).__name__, "leave it out")
    row: Row = {}
    _flatten(item, "", row, _DEEPEST)
    properties = item.get("properties")
    if item.get("type") == "Feature" and isinstance(properties, dict):
        _flatten(properties, "", row, _DEEPEST)
    return row


def _flatten(held: dict[str, object], prefix: str, row: Row, depth: int) -> None:
    for name, value in held.items():
        if isinstance(value, dict) and depth:
            _flatten(value, f"{prefix}{name}.", row, depth - 1)
        else:
            row[f"{prefix}{name}".strip()] = value
