"""Fields of a foreign JSON object, read one by one: what has the wrong type is absent and noted, never an exception."""

from collections.abc import Iterator

_LONGEST = 1_000_000


class Fields:
    """An object from outside and the problems met while reading it, each a few words of French."""

    def __init__(self, row: object, where: str = "") -> None:
        self.row = row if isinstance(row, dict) else {}
        self.problems: list[str] = []
        self._where = f"{where} : " if where else ""
        if not isinstance(row, dict):
            self.note(f"un objet est attendu, {_kind(row)} est donné")

    def note(self, problem: str) -> None:
        """Keep a problem."""
        self.problems.append(f"{self._where}{problem}")

    def has(self, name: str) -> bool:
        """Whether the key is there with a value."""
        return self.row.get(name) is not None

    def text(self, name: str) -> str | None:
        """Return a string, or None."""
        value = self.row.get(name)
        if value is None:
            return None
        if isinstance(value, str) and len(value) <= _LONGEST:
            return self._written(name, value)
        self.note(f"« {name} » n'est pas un texte")
        return None

    def _written(self, name: str, value: str) -> str:
        """Return a text that UTF-8 can write: half a character, which JSON allows, becomes « ? »."""
        written = value.encode("utf-8", "replace").decode()
        if written != value:
            self.note(f"« {name} » contient une moitié de caractère")
        return written

    def identifier(self, name: str) -> str | None:
        """Return an id as text: systems write strings or whole numbers."""
        value = self.row.get(name)
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else self.text(name)

    def integer(self, name: str) -> int | None:
        """Return a whole number, or None; true and 1.0 are none."""
        value = self.row.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.note(f"« {name} » n'est pas un nombre entier")
        return None

    def boolean(self, name: str) -> bool | None:
        """Return true, false or None."""
        value = self.row.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.note(f"« {name} » n'est ni vrai ni faux")
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the strings of a list."""
        items = self._list(name)
        kept = tuple(self._written(name, item) for item in items if isinstance(item, str))
        if len(kept) < len(items):
            self.note(f"« {name} » contient autre chose que des textes")
        return kept

    def objects(self, name: str) -> Iterator["Fields"]:
        """Yield each item of a list as fields that note their problems here."""
        for number, item in enumerate(self._list(name), 1):
            fields = Fields(item, f"{self._where}{name} {number}")
            yield fields
            self.problems += fields.problems

    def items(self, name: str) -> list[object]:
        """Return a list as it is."""
        return self._list(name)

    def child(self, name: str) -> "Fields | None":
        """Return an object as fields, None where there is none."""
        value = self.row.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.note(f"« {name} » n'est pas un objet")
            return None
        return Fields(value, f"{self._where}{name}")

    def _list(self, name: str) -> list[object]:
        value = self.row.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note(f"« {name} » n'est pas une liste")
            return []
        return value


def _kind(value: object) -> str:
    names = {str: "un texte", int: "un nombre", float: "un nombre", list: "une liste", bool: "un booléen", type(None): "rien"}
    return names.get(type(value), type(value).__name__)
