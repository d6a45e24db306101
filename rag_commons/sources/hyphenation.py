"""Hyphenation: whether a mark at the end of a line cuts a word, belongs to it, or is nothing of the kind.

The one surprise: the document is its own dictionary. `tout-` + `à` is a compound where `tout-à` stands elsewhere in the same text;
else a short list of French words that only ever follow a hyphen decides, else the mark goes.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from itertools import pairwise
from typing import Literal

MARKS = "-‐¬⸗\u00ad"
_HYPHENS = "-‐"

Cut = Literal["word", "compound", "none"]

_LAST = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\Z")
_FIRST = re.compile(r"[^\W\d_]+")
_SPELLED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# no French word is cut before these: syllables don't begin so, or no word ends so
_AFTER_HYPHEN = frozenset("il ils elle elles on en y je vous nous moi même mesme mêmes être eſtre estre à".split())
# what stands inside compounds: c'est-à-dire, rez-de-chaussée, arc-en-ciel, va-t-il
_INSIDE = frozenset("à de du des en et la le les un une t sur sous".split())
_VERBS_BEFORE_CE = frozenset("est eſt sont ſont était étoit sera ſera serait seroit fut fût".split())


def cut_at(tail: str, head: str, spellings: Callable[[], Collection[str]]) -> Cut:
    """Say what the mark that ends `tail` is, `head` being what the next line begins with.

    `word`: the mark cuts a word and goes. `compound`: it is the word's own hyphen. `none`: no word goes on (cautious: one does only
    if the next line begins in lower case, or where both sides are capitals about a mark that is no hyphen). `spellings` gives the
    words of the document, compounds whole, in lower case.
    """
    if len(tail) < 2 or tail[-1] not in MARKS or not tail[-2].isalpha() or not _goes_on(tail, head):
        return "none"
    before, after = _LAST.search(tail[:-1]), _FIRST.match(head)
    if before is None or after is None:
        return "word"
    first, second = before[0].lower(), after[0].lower()
    known = spellings()
    last = _FIRST.findall(first)[-1]
    if f"{last}-{second}" in known and last + second not in known:
        return "compound"
    if last + second in known:
        return "word"
    if "-" in first and last in _INSIDE:
        return "compound"
    if second in _AFTER_HYPHEN or (second == "ce" and last in _VERBS_BEFORE_CE):
        return "compound"
    return "word"


def _goes_on(tail: str, head: str) -> bool:
    return head[:1].islower() or (tail[-1] not in _HYPHENS and tail[-2].isupper() and len(head) > 1 and head[:2].isupper())


def lazy_spellings(texts: Callable[[], Iterable[str]]) -> Callable[[], Collection[str]]:
    """Return the words of some texts, compounds whole and by pairs, in lower case, gathered when first asked for."""

    @cache
    def gathered() -> frozenset[str]:
        words: set[str] = set()
        for text in texts():
            for spelled in _SPELLED.findall(text.lower()):
                parts = spelled.split("-")
                words.add(spelled)
                words.update(f"{one}-{two}" for one, two in pairwise(parts))
        return frozenset(words)

    return gathered
