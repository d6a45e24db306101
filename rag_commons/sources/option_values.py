"""Options of a source as the front doors hand them on: words, read as numbers and truths."""

from collections.abc import Generator, Iterator

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError

_TRUE = frozenset(("true", "yes", "oui", "1", "on"))
_FALSE = frozenset(("false", "no", "non", "0", "off"))


def whole(value: int | str | None, name: str) -> int | None:
    """Return the whole number, 0 or more, of an option, None where it is not given; raises InputError."""
    if value is None:
        return None
    said = str(value).strip()
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise InputError(f"--{name}: a whole number, 0 or more", repr(said[:40]), "correct it")
    return int(said)


def truth(value: bool | str, name: str) -> bool:
    """Return the truth of an option (oui, non, true, false); raises InputError."""
    said = str(value).strip().lower()
    if said not in _TRUE | _FALSE:
        raise InputError(f"--{name}: oui or non", repr(said[:40]), "correct it")
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
