"""Mappings: what a person says of the columns of a table, read once and applied to each row."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from rag_commons.errors import InputError
from rag_commons.sources.cells import cell_text
from rag_commons.sources.contract import KEYS

_READING = ("encoding", "delimiter", "records")
_TEXTS = ("text", "authors", "references")
_COLUMN = re.compile(r"\{([^{}]+)\}")
_MAPPED = tuple(key for key in KEYS if key not in ("sections", "pages"))
_WHOLE = ("layers", "labels")
_SEVERAL = re.compile(r"\s*[;|]\s*")

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is to be read: encoding, delimiter (None: found), path of the rows in a JSON object (None: found)."""

    encoding: str = "utf-8-sig"
    delimiter: str | None = None
    records: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A value with columns in braces."""

    text: str
    columns: tuple[str, ...]

    def fill(self, row: Row, read: Callable[[object], str] = cell_text) -> str | None:
        """Return the text with the columns of a row in it; None where one of them is empty."""
        cells = {column: read(row.get(column)) for column in self.columns}
        if not all(cells.values()):
            return None
        return _COLUMN.sub(lambda found: cells[found[1].strip()], self.text)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read a table, and the templates or constants that make a document of a row, by key of contract 1."""

    reading: Reading
    templates: dict[str, tuple[Template, ...]]
    constants: dict[str, object]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that templates name, each once."""
        return tuple(dict.fromkeys(name for held in self.templates.values() for template in held for name in template.columns))

    def apply(self, row: Row) -> dict[str, object]:
        """Return the object of contract 1 that a row makes."""
        made = dict(self.constants)
        for key, templates in self.templates.items():
            values = [value for value in (template.fill(row, cell_text if key == "text" else _line) for template in templates) if value]
            if key == "text":
                made[key] = "\n\n".join(values)
            elif key in _TEXTS:
                made[key] = [one for value in values for one in _SEVERAL.split(value) if one]
            else:
                made[key] = _number(values[0]) if key == "authors_died" and values else next(iter(values), None)
        return made


def read_columns(fields: dict[str, object], constants: dict[str, str | None], where: str) -> Mapping:
    """Return the mapping that the fields of a mapping file make; `constants` come before them; raises InputError."""
    fields = fields | {key: value for key, value in constants.items() if value is not None}
    unknown = [key for key in fields if key not in _MAPPED + _READING]
    if unknown:
        known = ", ".join((*_MAPPED, *_READING))
        raise InputError(f"keys of a mapping among {known}", f"{where}: {', '.join(key[:40] for key in unknown[:5])}", "rename them")
    lacking = [key for key in ("id", "title", "text", "licence") if not fields.get(key)]
    if lacking:
        raise InputError("id, title, text and licence in a mapping", f"{where} without {', '.join(lacking)}", "add them")
    templates = {key: _templates(value, f"{where}: {key}") for key, value in fields.items() if key in _MAPPED and key not in _WHOLE}
    held = {key: value for key, value in fields.items() if key in _WHOLE}
    return Mapping(_reading(fields, where), templates, held)


def _templates(value: object, where: str) -> tuple[Template, ...]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    made: list[Template] = []
    for item in values:
        if not isinstance(item, str | int):
            raise InputError("text, with columns in braces, or a list of texts", f"{where}: {type(item).__name__}", "correct the mapping")
        names = tuple(name.strip() for name in _COLUMN.findall(str(item)))
        made.append(Template(str(item), names))
    return tuple(made)


def _reading(fields: dict[str, object], where: str) -> Reading:
    encoding, delimiter, records = (fields.get(key) for key in _READING)
    name = str(encoding or "utf-8")
    try:
        if not codecs.lookup(name)._is_text_encoding:
            raise LookupError
    except (LookupError, ValueError):
        raise InputError("an encoding of text (utf-8, latin-1, cp1252…)", f"{where}: {name[:40]!r}", "correct it") from None
    mark = None if delimiter in (None, "") else str(delimiter).replace("\\t", "\t")
    if mark is not None and (len(mark) != 1 or mark in '"\r\n'):
        raise InputError("a delimiter of one character (; , or \\t)", f"{where}: {mark[:20]!r}", "correct it")
    known = "utf-8-sig" if codecs.lookup(name).name == "utf-8" else name
    return Reading(known, mark, None if records in (None, "") else str(records))


def _line(value: object) -> str:
    return " ".join(cell_text(value).split())


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text
