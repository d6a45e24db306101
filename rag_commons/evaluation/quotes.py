"""Quotes: whether the words are those of the passage, and how they fail.

A quote is contiguous in its passage after N0, and cuts no word nor number. The failures follow the taxonomy of verbatim gates:
*misattributed* (another known passage holds it), *frankenquote* (two or three pieces of the passages, spliced), *altered* (at most a
tenth of it edited), *fabricated* (the rest).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from rag_commons.text.normal import find_quote, n0

Failure = Literal["misattributed", "frankenquote", "altered", "fabricated"]
FAILURES: tuple[Failure, ...] = ("misattributed", "frankenquote", "altered", "fabricated")

_MAX_EDIT = 0.10
_MAX_PIECES = 3
_MIN_PIECE_WORDS = 3
_LONGEST_EDIT = 600
_GROUP_AFTER = re.compile(r"[.,]\d|[ \u00a0\u202f]\d{3}(?!\d)")
_GROUP_BEFORE = re.compile(r"(?<!\d)\d{1,3}[.,\u00a0\u202f ]$")
_GROUP = re.compile(r"\d{3}(?!\d)")
_LAST_FIGURES = re.compile(r"\d+$")
_SPAN = re.compile(r"«\s*([^«»]+?)\s*»|“\s*([^“”]+?)\s*”|\"\s*([^\"]+?)\s*\"")


def stands_in(quote: str, text: str) -> bool:
    """Whether a text holds a quote word for word, at a place where no word and no number is cut."""
    sought = n0(quote).strip()
    held, at = text, 0
    while sought:
        found = find_quote(sought, held[at:])
        if found is None:
            return False
        start, end = at + found[0], at + found[1]
        if not cuts(text, start, end):
            return True
        at = start + 1
    return False


def cuts(text: str, start: int, end: int) -> bool:
    """Whether a span begins or ends inside a word or a number."""
    if start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        return True
    if end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        return True
    if text[end - 1].isdigit() and _GROUP_AFTER.match(text, end):
        # « en 1905 120 personnes » is two numbers: a group has at most three digits before it
        lead = _LAST_FIGURES.search(text[start:end])
        return text[end] in ".," or (lead is not None and len(lead.group()) <= 3)
    return bool(_GROUP.match(text, start)) and bool(_GROUP_BEFORE.search(text[max(0, start - 5) : start]))


def same_words(statement: str, quote: str) -> bool:
    """Whether a statement is a quote and nothing more; guillemets around it and a final stop are not words."""
    return _bare(statement) == _bare(quote) != ""


def quoted_spans(text: str) -> tuple[str, ...]:
    """Return what a sentence puts between quotation marks, from four words on: shorter is a title or a word set apart."""
    spans = (next(filter(None, match.groups())) for match in _SPAN.finditer(text))
    return tuple(span for span in spans if len(span.split()) >= 4)


def failure(quote: str, cited: Sequence[str], others: Iterable[str]) -> Failure:
    """Class a quote that no cited text holds."""
    if any(stands_in(quote, text) for text in others):
        return "misattributed"
    sought = n0(quote).strip()
    if any(_nearly(sought, n0(text)) for text in cited):
        return "altered"
    if _spliced(sought, [n0(text) for text in cited]):
        return "frankenquote"
    return "fabricated"


def _bare(text: str) -> str:
    return n0(text).strip().strip('«»“”" ').rstrip(".!?… ").strip('«»“”" ')


def _nearly(quote: str, text: str) -> bool:
    """Whether some stretch of the text is the quote with at most a tenth of its characters edited."""
    if not quote or len(quote) > _LONGEST_EDIT:
        return False
    # an edit distance with a free start and a free end in the text (Sellers 1980)
    row = [0] * (len(text) + 1)
    for i, letter in enumerate(quote, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(text, 1):
            cost = min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
            before, row[j] = row[j], cost
    return min(row) <= _MAX_EDIT * len(quote)


def _spliced(quote: str, texts: Sequence[str]) -> bool:
    """Whether a quote is two or three stretches of the texts, each of some words."""
    rest = quote
    for _ in range(_MAX_PIECES):
        piece = max((_prefix(rest, text) for text in texts), key=len, default="")
        if len(piece.split()) < _MIN_PIECE_WORDS and len(piece) < len(rest):
            return False
        rest = rest[len(piece) :].lstrip(" ,;:….[]()")
        if not rest:
            return True
    return False


def _prefix(quote: str, text: str) -> str:
    """Return the longest beginning of the quote, in whole words, that the text holds."""
    low, high = 0, len(quote)
    while low < high:
        middle = (low + high + 1) // 2
        if quote[:middle] in text:
            low = middle
        else:
            high = middle - 1
    if low == len(quote):
        return quote
    return quote[: quote.rfind(" ", 0, low + 1) + 1].rstrip() if " " in quote[: low + 1] else ""
