"""Front matter: the YAML at the head of a Markdown file, read as contract 1 would have it in JSON.

Every scalar is read as it is written, so that `issued: 2014-05-01`, `title: 1984` and `language: no` stay words; only the fields that
contract 1 makes numbers become numbers. Aliases are refused: a few lines of them can stand for gigabytes.
"""

import re

import yaml

from rag_commons.errors import DocumentRefused

LONGEST = 64 * 1024
DEEPEST = 16

_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)(?<=\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OPENS = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken, yaml.BlockSequenceStartToken, yaml.BlockMappingStartToken)
_CLOSES = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)
_NUMBERS = {"authors_died": int, "start": int, "level": int, "ocr": float}
_NULLS = ("", "~", "null", "Null", "NULL")


def split_front_matter(text: str) -> tuple[str, str]:
    """Return the YAML at the head of a text and what follows it; no YAML where the text does not begin with a `---` line."""
    found = _FRONT.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def read_yaml(text: str, name: str) -> dict[str, object]:
    """Return the fields of a YAML (or JSON) mapping; raises DocumentRefused naming what it was read from."""
    if len(text) > LONGEST:
        raise _malformed(f"{name} of less than {LONGEST} characters", str(len(text)))
    try:
        _check_tokens(text, name)
        read: object = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _malformed(f"{name} in YAML", " ".join(str(error).split())[:200]) from None
    if read is None or read == "":
        return {}
    if not isinstance(read, dict):
        raise _malformed(f"{name} that is a mapping (key: value)", type(read).__name__)
    return {str(key): _typed(str(key), value) for key, value in read.items()}


def _check_tokens(text: str, name: str) -> None:
    """Refuse, before anything is built, what only an attack writes: aliases, and brackets that pile up."""
    depth = 0
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.AliasToken):
            raise _malformed(f"{name} without YAML aliases", f"*{token.value}")
        depth += isinstance(token, _OPENS) - isinstance(token, _CLOSES)
        if depth > DEEPEST:
            raise _malformed(f"{name} of at most {DEEPEST} levels", "more")


def _typed(key: str, value: object) -> object:
    """Return a value as JSON would have it: null where it says so, a number where contract 1 wants one."""
    if isinstance(value, dict):
        return {str(name): _typed(str(name), item) for name, item in value.items()}
    if isinstance(value, list):
        return [_typed(key, item) for item in value]
    if value in _NULLS:
        return None
    if key in _NUMBERS and isinstance(value, str):
        try:
            return _NUMBERS[key](value)
        except ValueError:
            return value
    return value


def _malformed(expected: str, seen: str) -> DocumentRefused:
    return DocumentRefused("malformed-front-matter", expected, seen, "correct it (the keys are those of contract 1, but 'text')")
