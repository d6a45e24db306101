"""Mending a line where something was dropped: empty brackets, doubled spaces, commas that follow nothing."""

import re

from rag_commons.sources.wikitext.marks import HOLE

_FILLER = rf"[\s{HOLE};,:/·•–—-]"
_EMPTY_BRACKETS = re.compile(rf"\({_FILLER}*+\)|\[{_FILLER}*+\]|«[\s{HOLE}]*+»|“[\s{HOLE}]*+”")
_AFTER_OPENING = re.compile(rf"\(({_FILLER}++)")
_BEFORE_CLOSING = re.compile(rf"(?<!{_FILLER})({_FILLER}++)\)")
_SPACES = re.compile(r"[ \t]{2,}")
_PASSES = 3


def mend(line: str) -> str:
    """Return the line, trimmed, without its holes nor what they leave behind; text away from holes is untouched."""
    if HOLE in line:
        line = _close(_mend_brackets(line))
    if "  " in line or "\t" in line:
        line = _SPACES.sub(" ", line)
    return line.strip()


def _mend_brackets(line: str) -> str:
    for _ in range(_PASSES):
        line, emptied = _EMPTY_BRACKETS.subn(lambda match: HOLE if HOLE in match[0] else match[0], line)
        if not emptied:
            break
    line = _AFTER_OPENING.sub(lambda match: "(" if HOLE in match[1] else match[0], line)
    return _BEFORE_CLOSING.sub(lambda match: ")" if HOLE in match[1] else match[0], line)


def _close(line: str) -> str:
    first, *rest = line.split(HOLE)
    parts = [first]
    ends_in_space = not first or first[-1].isspace()
    for part in rest:
        if ends_in_space:
            part = part.lstrip()
        if not part:
            continue
        if part[0] in ",.)" and ends_in_space and not part.startswith("..."):
            parts[-1] = parts[-1].rstrip()
        parts.append(part)
        ends_in_space = part[-1].isspace()
    closed = "".join(parts)
    return closed if first.strip() else closed.lstrip(" ,;:.")
