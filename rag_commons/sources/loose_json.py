"""JSON of a service, read leniently: what is not there, or not of the type asked for, reads as absent."""

import json
import re

from rag_commons.sources.fetching import Fetched, FetchFailed

Object = dict[str, object]

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read_object(fetched: Fetched) -> Object:
    """Return the JSON object of an answer; anything else is a failure that may pass (an answer cut short, a page of error)."""
    try:
        found = json.loads(fetched.body)
        if _SURROGATE.search(fetched.body):
            found = _whole_characters(found)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        seen = repr(fetched.body[:60])
        raise FetchFailed("malformed", f"a JSON object from {fetched.url[:200]}", seen, "run it again later", passing=True)
    return found


def part(value: Object, *keys: str) -> Object:
    """Return the object at a path of keys, empty where there is none."""
    for key in keys:
        found = value.get(key)
        value = found if isinstance(found, dict) else {}
    return value


def parts(value: Object, key: str) -> list[Object]:
    """Return the objects of the list at a key."""
    found = value.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def text(value: Object, key: str) -> str | None:
    """Return the text at a key, None where it is absent or blank."""
    found = value.get(key)
    return found if isinstance(found, str) and found.strip() else None


def number(value: Object, key: str) -> int | None:
    """Return the whole number at a key."""
    found = value.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def texts(value: Object, key: str) -> list[str]:
    """Return the texts at a key: one text, or those of a list."""
    found = value.get(key)
    listed = found if isinstance(found, list) else [found]
    return [item for item in listed if isinstance(item, str) and item.strip()]


def _whole_characters(value: object) -> object:
    """Return a value with each half of a character, which nothing can write, replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {str(_whole_characters(key)): _whole_characters(item) for key, item in value.items()}
    return value
