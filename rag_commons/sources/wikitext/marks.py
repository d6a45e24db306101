"""One-character marks that stand in for something while wikitext is being read.

They are Unicode noncharacters: no author writes them, and each stands for exactly one character, so that putting the
characters back at the end moves no offset.
"""

import re

HOLE = "\ufdd0"
"""Where something was dropped: spacing and empty brackets are mended around holes, and nowhere else."""

BREAK = "\ufdd1"
"""A `<br>`: a line break in prose, a comma in a cell."""

CELL = "\ufdd2"
"""The end of an HTML table cell."""

_PROTECTED = "[]{}|='*#:;<>!&_-"
_PROTECT = {ord(char): 0xFDD3 + place for place, char in enumerate(_PROTECTED)}
_RESTORE = {mark: char for char, mark in _PROTECT.items()} | {ord(HOLE): None, ord(BREAK): " ", ord(CELL): " "}

_PROTECTED_MARK = re.compile(f"[{chr(min(_PROTECT.values()))}-{chr(max(_PROTECT.values()))}]")


def protect(text: str) -> str:
    """Return the text with each character that wikitext gives a meaning replaced by its mark."""
    return text.translate(_PROTECT)


def protect_argument(text: str) -> str:
    """Return the text with `|` and `=` replaced by their marks, so that it can stand in a template's argument."""
    if "|" in text or "=" in text:
        return text.replace("|", chr(_PROTECT[ord("|")])).replace("=", chr(_PROTECT[ord("=")]))
    return text


def restore(text: str) -> str:
    """Return the text with protected characters put back; its length changes only where a hole was left."""
    return text.translate(_RESTORE)


def is_marked(text: str) -> bool:
    """Say whether the text holds a protected character: most lines hold none, and are spared the putting back."""
    return _PROTECTED_MARK.search(text) is not None
