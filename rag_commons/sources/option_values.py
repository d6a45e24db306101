"""Options of a source as the front doors hand them on: words, read as numbers and truths."""

import re
from collections.abc import Generator, Iterator
from datetime import date

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError, UsageError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUE = frozenset(("true", "yes", "oui", "1", "on"))
_FALSE = frozenset(("false", "no", "non", "0", "off"))


def whole(value: int | str | None, name: str) -> int | None:
    """Return the whole number, 0 or more, of an option, None where it is not given; raises InputError."""
    if value is None:
        return None
    said = str(value).strip()
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise InputError(f"--set {name}=…: a whole number, 0 or more", repr(said[:40]), "correct it")
    return int(said)


def read_namespaces(value: str) -> frozenset[str]:
    """Return the numbers of namespaces that an option names; raises UsageError."""
    named = frozenset(part.strip() for part in value.split(","))
    if not all(part.isascii() and part.isdigit() for part in named):
        raise UsageError("numbers of namespaces joined by commas (0, 0,14)", repr(value[:40]), "correct --set namespace=…")
    return named


def read_day(value: str | None, name: str) -> str | None:
    """Return the day of an option, None where it is not given; raises UsageError."""
    if value is None:
        return None
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise UsageError("a day, YYYY-MM-DD", repr(value[:40]), f"correct --set {name}=…")


def truth(value: bool | str, name: str) -> bool:
    """Return the truth of an option (oui, non, true, false); raises InputError."""
    said = str(value).strip().lower()
    if said not in _TRUE | _FALSE:
        raise InputError(f"--set {name}=…: oui or non", repr(said[:40]), "correct it")
    return said in _TRUE


def at_most(items: Generator[Document | DocumentRefused], limit: int | None) -> Iterator[Document | DocumentRefused]:
    """Yield items until so many documents have come, then end what gives them: connections are closed."""
    count = 0
    try:
        for item in items:
            yield item
            count += isinstance(item, Document)
            if limit is not None and count >= limit:
                return
    finally:
        items.close()
