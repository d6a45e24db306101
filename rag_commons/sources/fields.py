"""The typed fields of a JSON object: what is read is of the type that was asked for, or the document is refused by name."""

from collections.abc import Sequence

from rag_commons.errors import DocumentRefused


def invalid(name: str, expected: str, seen: str) -> DocumentRefused:
    """Return the refusal of a field that is there but is not what it must be."""
    return DocumentRefused(f"invalid:{name}", f"{name}: {expected}", seen, f"correct {name!r} (contract 1 of DESIGN.md)")


class Fields:
    """A JSON object whose keys are known; `null` and blank optional values read as absent."""

    def __init__(self, obj: object, name: str, keys: Sequence[str]) -> None:
        if not isinstance(obj, dict):
            raise invalid(name, "a JSON object", _kind(obj))
        unknown = sorted(str(key) for key in obj if key not in keys)
        if unknown:
            raise DocumentRefused(
                "unknown-key",
                f"{name}: keys among {', '.join(keys)}",
                ", ".join(repr(key[:40]) for key in unknown[:5]),
                "rename the key or leave it out",
            )
        self._obj = obj
        self._name = name

    def text(self, key: str, blank: str | None = None) -> str:
        """Return a text that must be there and not be blank; `blank` is the reason of refusal otherwise."""
        value = self._obj.get(key)
        if value is not None and not isinstance(value, str):
            raise invalid(self._path(key), "a string", _kind(value))
        if value is None or not value.strip():
            reason = f"missing:{key}" if value is None or not blank else blank
            raise DocumentRefused(
                reason, f"{self._name}: a {key!r} that is not empty", "none" if value is None else repr(value[:20]), f"give {key!r}"
            )
        return value

    def text_or_none(self, key: str) -> str | None:
        """Return a text, or None where it is absent or blank."""
        value = self._obj.get(key)
        if value is not None and not isinstance(value, str):
            raise invalid(self._path(key), "a string or null", _kind(value))
        return value if value and value.strip() else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none blank; empty where it is absent."""
        values = self._list(key)
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise invalid(self._path(key), "a list of strings, none empty", _kind(value))
        return tuple(str(value) for value in values)

    def integer(self, key: str) -> int:
        """Return a whole number that must be there."""
        value = self.integer_or_none(key)
        if value is None:
            raise invalid(self._path(key), "a whole number", "none")
        return value

    def integer_or_none(self, key: str) -> int | None:
        """Return a whole number, or None where it is absent."""
        value = self._obj.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**53:
            raise invalid(self._path(key), "a whole number or null", _kind(value))
        return value

    def number_or_none(self, key: str) -> float | None:
        """Return a number, or None where it is absent."""
        value = self._obj.get(key)
        if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
            raise invalid(self._path(key), "a number or null", _kind(value))
        return value

    def objects(self, key: str, keys: Sequence[str]) -> "list[Fields]":
        """Return a list of objects with known keys; empty where it is absent."""
        return [Fields(value, f"{key}[{at}]", keys) for at, value in enumerate(self._list(key))]

    def _list(self, key: str) -> list[object]:
        value = self._obj.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise invalid(self._path(key), "a list or null", _kind(value))
        return value

    def _path(self, key: str) -> str:
        return key if self._name == "document" else f"{self._name.partition('[')[0]}.{key}"


def _kind(value: object) -> str:
    return f"{type(value).__name__} {str(value)[:40]!r}"
