"""Passages: exact spans of a document, of 80 to 200 words where its paragraphs and sentences allow it.

A passage never crosses a heading and never overlaps another; what is shorter than 80 words stands between headings or is a whole
document. Of the places where a passage can end, the one that leaves even passages wins, the end of a paragraph being worth
a detour. The one surprise: a word of more than 40 characters counts as several, so that text without spaces is cut too.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from rag_commons.documents import Document, Page, Passage, passage_id, text_sha256
from rag_commons.sources.headings import iter_bodies
from rag_commons.text.sentences import sentence_spans

SHORTEST, LONGEST = 80, 200
# what an even share of the words aims at, below the longest so that a sentence more or less still fits
_SHARE = 160
_PARAGRAPH_IS_WORTH = 40
_CLAUSE_IS_WORTH = {";": 40, ":": 40, "—": 30, "–": 30, ",": 20, ")": 20, "»": 20}

_WORD = re.compile(r"\w\S{0,39}|[^\w\s]{40}")


@dataclass(slots=True)
class _Unit:
    """A sentence, or a part of one that is too long: what a passage is made of."""

    start: int
    end: int
    words: int
    ends_paragraph: bool


def split_document(document: Document) -> Iterator[Passage]:
    """Yield the passages of a document, in order: `document.text[p.start:p.end] == p.text`."""
    digest = text_sha256(document.text)
    page_starts = [page.start for page in document.pages]
    number = 0
    for body in iter_bodies(document):
        for start, end in _spans(document.text, body.start, body.end):
            text = document.text[start:end]
            yield Passage(
                id=passage_id(document.id, digest, number),
                document_id=document.id,
                number=number,
                start=start,
                end=end,
                text=text,
                sha256=sha256(text.encode()).hexdigest(),
                section=body.section,
                page=_page(document, page_starts, start),
            )
            number += 1


def _page(document: Document, starts: list[int], at: int) -> Page | None:
    number = bisect_right(starts, at)
    return document.pages[number - 1] if number else None


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    units = _units(text, start, end)
    left = sum(unit.words for unit in units)
    first = 0
    while first < len(units):
        last = _last(units, first, left)
        yield units[first].start, units[last].end
        left -= sum(unit.words for unit in units[first : last + 1])
        first = last + 1


def _last(units: list[_Unit], first: int, left: int) -> int:
    """Return the unit that ends the passage which `first` begins, `left` words being left in the body."""
    if left <= LONGEST:
        return len(units) - 1
    share = left / -(-left // _SHARE)
    words, best, best_cost = 0, first, float("inf")
    for at in range(first, len(units)):
        unit = units[at]
        words += unit.words
        if words > LONGEST:
            break
        cost = abs(words - share) - _PARAGRAPH_IS_WORTH * unit.ends_paragraph
        if words < SHORTEST or left - words < SHORTEST:
            cost += LONGEST
        if cost <= best_cost:
            best, best_cost = at, cost
    return best


def _units(text: str, start: int, end: int) -> list[_Unit]:
    units: list[_Unit] = []
    body = text[start:end]
    for begin, stop in sentence_spans(body):
        if units and "\n" in body[units[-1].end - start : begin]:
            units[-1].ends_paragraph = True
        # a line of signs counts too, so that a page of rules does not make one passage
        words = len(_WORD.findall(body, begin, stop)) or 1
        if words <= LONGEST:
            units.append(_Unit(start + begin, start + stop, words, False))
        else:
            units += _parts(text, start + begin, start + stop)
    return units


def _parts(text: str, start: int, end: int) -> Iterator[_Unit]:
    """Yield the parts of an overlong sentence (verse, OCR), cut between clauses, else between words, else anywhere."""
    starts = [match.start() for match in _WORD.finditer(text, start, end)]
    first = 0
    while len(starts) - first > LONGEST:
        left = len(starts) - first
        share = left / -(-left // _SHARE)
        last = min(range(first + SHORTEST, first + LONGEST + 1), key=lambda at: abs(at - first - share) - _worth(text, starts[at]))
        cut = _before_opening(text, start, starts[last])
        yield _Unit(start, start + len(text[start:cut].rstrip()), last - first, False)
        start, first = cut, last
    yield _Unit(start, end, len(starts) - first, False)


def _before_opening(text: str, start: int, cut: int) -> int:
    """Return where to cut before a word: what opens there (guillemet, bracket, dash) goes with it."""
    tail = text[max(start, cut - 6) : cut]
    cut -= len(tail) - len(tail.rstrip("«“([—– \u00a0\u202f"))
    while text[cut].isspace():
        cut += 1
    return cut


def _worth(text: str, at: int) -> int:
    """Return how many words of detour a cut before `at` is worth."""
    before = text[max(0, at - 3) : at]
    if not before[-1:].isspace():
        return -LONGEST
    return _CLAUSE_IS_WORTH.get(before.rstrip()[-1:], 0)
