"""A template call: its name and arguments, as MediaWiki numbers them."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

_NAMESPACE = re.compile(r"(?:modèle|template|patrom|modèl|plantilla|txantiloi|modely|schabloun|vorlage|subst|msg|raw) ?: ?", re.IGNORECASE)
_NAME_SPACES = re.compile(r"[\s_]+")


class Call(NamedTuple):
    """A template call, arguments already plain, unnamed ones keyed by number; `name` is in lower case, `written` is not."""

    name: str
    written: str
    arguments: dict[str, str]

    def get(self, *keys: str) -> str:
        """Return the first of these arguments that is not empty, or the empty text."""
        for key in keys:
            if value := self.arguments.get(key):
                return value
        return ""

    def unnamed(self) -> list[str]:
        """Return the unnamed arguments in order, trimmed, empty ones included."""
        values: list[str] = []
        while (value := self.arguments.get(str(len(values) + 1))) is not None:
            values.append(value)
        return values


Handler = Callable[[Call], str | None]
"""What a template says in the text; None or nothing where it says nothing."""


def parse_call(body: str) -> Call:
    """Return the call that stands between two pairs of braces."""
    name, *parts = body.split("|")
    arguments: dict[str, str] = {}
    number = 0
    for part in parts:
        key, equals, value = part.partition("=")
        if equals:
            arguments[key.strip()] = value.strip()
        else:
            number += 1
            arguments[str(number)] = part.strip()
    written = template_name(name)
    return Call(written.lower(), written, arguments)


@lru_cache(maxsize=4096)
def template_name(raw: str) -> str:
    """Return a template's name with single spaces and straight apostrophes, without the name of its namespace."""
    name = _NAME_SPACES.sub(" ", raw).strip().replace("’", "'")
    return _NAMESPACE.sub("", name, count=1) if ":" in name else name
