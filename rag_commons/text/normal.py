"""N0: the only normalisation allowed when quotes are compared. It never touches case, accents, digits or letters.

N0 is NFC, U+2019 read as an apostrophe, soft hyphens removed, and every run of white space made one space. Line breaks and tabs
are white space here as NBSP and NNBSP are: a quote that was re-wrapped is still the same words. Soft hyphens go first, since one
may stand between a letter and its combining accent.
"""

import re
import unicodedata
from functools import cache

_SOFT_HYPHEN = "\u00ad"
_APOSTROPHE = "\u2019"
_SPACES = re.compile(r"\s{2,}|[^\S ]")
_TYPOGRAPHY = re.compile(f"[\\s{_SOFT_HYPHEN}]{{2,}}|[^\\S ]|[{_SOFT_HYPHEN}{_APOSTROPHE}]")
# the few characters that NFC joins to the one before though they are no combining marks: vowel signs of Indic scripts, Hangul
_JOINING = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1b35\U00011127\U0001133e\U00011357"
    "\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
) | {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}


def n0(text: str) -> str:
    """Return a text as quotes are compared."""
    text = text.replace(_APOSTROPHE, "'").replace(_SOFT_HYPHEN, "")
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text))


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Return the offsets in `text`, as given, of the first place that holds the quote after N0; None where there is none.

    A letter never matches without the accents that follow it, nor an accent without its letter.
    """
    sought, held = n0(quote), n0(text)
    if not sought.strip():
        return None
    at = _find_whole(sought, held, 0)
    if at < 0 or held == text:
        return None if at < 0 else (at, at + len(sought))
    starts, ends = _offsets(text)
    while at >= 0:
        start, end = starts[at], ends[at + len(sought) - 1]
        if start >= 0 and end >= 0:
            return start, end
        at = _find_whole(sought, held, at + 1)
    return None


def _find_whole(sought: str, held: str, at: int) -> int:
    """Return the next place of a quote that cuts no letter from its combining accents, or -1."""
    while (at := held.find(sought, at)) >= 0:
        after = held[at + len(sought) : at + len(sought) + 1]
        if not unicodedata.combining(sought[0]) and not (after and unicodedata.combining(after)):
            break
        at += 1
    return at


def _offsets(text: str) -> tuple[list[int], list[int]]:
    """Return, for each character of N0, where what it comes from starts and ends in the text; -1 inside an indivisible group."""
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end in _changes(text):
        starts.extend(range(done, start))
        ends.extend(range(done + 1, start + 1))
        length = len(n0(text[start:end]))
        if length:
            starts += [start] + [-1] * (length - 1)
            ends += [-1] * (length - 1) + [end]
        done = end
    starts.extend(range(done, len(text)))
    ends.extend(range(done + 1, len(text) + 1))
    return starts, ends


def _changes(text: str) -> list[tuple[int, int]]:
    """Return the spans that N0 changes, each of which can be normalised alone."""
    if unicodedata.is_normalized("NFC", text.replace(_SOFT_HYPHEN, "")):
        return [match.span() for match in _TYPOGRAPHY.finditer(text)]
    return [match.span() for match in _groups().finditer(text) if n0(match.group()) != match.group()]


@cache
def _groups() -> re.Pattern[str]:
    """Return what splits any text into groups that NFC never joins: a character with its marks, or a run of white space."""
    marks = "".join(c for c in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(c)) + "".join(_JOINING)
    space = f"\\s{_SOFT_HYPHEN}"
    return re.compile(f"[^{space}](?:{_SOFT_HYPHEN}*[{marks}])+|[{space}]{{2,}}|.", re.DOTALL)
