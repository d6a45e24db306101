"""Sentences of French text, by exact offsets.

A line break always ends a sentence, since it ends a paragraph. Elsewhere a stop ends one when white space follows and what comes
next can begin a sentence; then the word before a full stop decides (« M. », « av. J.-C. », an initial, « 1. » at the start).
Where the word is not enough, the next one is asked: « U.R.S.S. Elle » is two sentences, « J. R. R. Tolkien » is not. The one
surprise: in doubt two sentences stay together, as a quote that is too long misleads less than one that is cut.
"""

import re

from rag_commons.text.abbreviations import ABBREVIATIONS, CLOSING, INITIALS, NEXT_AFTER_ACRONYM, NEXT_AFTER_INITIAL, TITLES

_BREAK = "\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_SPACE = f"[^\\S{_BREAK}]"
_CLOSER = f"{_SPACE}?[»”\"]|[’')\\]]|{_SPACE}?\\[[0-9]{{1,3}}\\]|\\[[^\\[\\]{_BREAK}]{{1,30}}\\]|[¹²³⁰⁴-⁹]"
_CANDIDATE = re.compile(
    f"[{_BREAK}]\\s*|(?<![.!?…])([.!?…]++(?:{_CLOSER})*){_SPACE}++(?![a-zà-öø-ÿœ](?!\\))|[,;:!?.]|[{_BREAK}])",
)
_OPENING = re.compile(r"(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)|[«“\"‘'(\[{<*_`•—–\-…\u2009\u00a0\u202f ])*")
_NEXT_WORD = re.compile(r"[^\W\d_]+['’]?")
_BEFORE_CHRIST = re.compile(r"(?:av|ap|apr|avant|après)\.?\s*\Z")
_NUMBERING = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[IVXLC]{1,6}|[A-Za-z])\Z")
_DOTTED = re.compile(r"[^\W\d_]{1,3}(?:[.-]+[^\W\d_]{1,3})+\Z")
_LONGEST = 24


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the offsets of each sentence, in order, apart, without the white space around it."""
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for match in _CANDIDATE.finditer(text):
        stops = match[1]
        if stops is None:
            end = match.start()
        elif _ends_sentence(text, start, match.start(), stops, match.end()):
            end = match.start() + len(stops)
        else:
            continue
        if end > start:
            spans.append((start, end if stops else _trimmed(text, start, end)))
        start = match.end()
    if start < len(text):
        spans.append((start, _trimmed(text, start, len(text))))
    return spans


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _ends_sentence(text: str, start: int, stop: int, stops: str, after: int) -> bool:
    """Whether the stops at `stop` end the sentence begun at `start`, the next word being at `after`."""
    following = text[after : after + 1]
    if not following.isalnum():
        opening = _OPENING.match(text, after)
        after = opening.end() if opening else after
        following = text[after : after + 1]
    if not following.isalnum() or (following.islower() and text[after + 1 : after + 2] != ")"):
        return False
    kind = stops.rstrip("»”\"’')]")
    before = text[stop - 1 : stop]
    if kind[:1] != "." or kind[1:2] in (".", "!", "?", "…"):
        return _ends_after_mark(text, stop, kind, before, after)
    if before.isspace():
        return True
    # stops that begin a sentence belong to what follows them
    if stop == start:
        return False
    word = text[max(start, stop - _LONGEST) : stop].split()[-1].lstrip("«“\"'‘’([—–-*_")
    if len(word) > 6 and "." not in word:
        return True
    return _ends_after_word(text, start, stop, word, after)


def _ends_after_mark(text: str, stop: int, kind: str, before: str, after: int) -> bool:
    """Whether ! ? or an ellipsis ends a sentence, what follows being a capital or a digit."""
    if before in ("(", "["):
        return False
    if "!" in kind or "?" in kind:
        return True
    if text[after].isdigit():
        return False
    # a name hidden behind its initial: « le comte de P... Durand »
    hidden = before.isupper() and not text[stop - 2 : stop - 1].isalnum()
    return not hidden or _next_word(text, after) in NEXT_AFTER_INITIAL


def _ends_after_word(text: str, start: int, stop: int, word: str, after: int) -> bool:
    """Whether a full stop after a short or dotted word ends a sentence, what follows being a capital or a digit."""
    if stop - len(word) == start and _NUMBERING.match(word):
        return False
    _, apostrophe, word = word.replace("’", "'").rpartition("'")
    if word in TITLES:
        return False
    if (len(word) == 1 and word.isupper()) or word in INITIALS:
        return _next_word(text, after) in NEXT_AFTER_INITIAL
    if _DOTTED.match(word) and ("." in word or word.isupper()):
        dated = word in ("J.-C", "J-C", "J.C") and _BEFORE_CHRIST.search(text, max(start, stop - 20), stop - len(word))
        return bool(dated) or _next_word(text, after) in NEXT_AFTER_ACRONYM
    low = word.lower()
    if low in CLOSING:
        return True
    if low in ABBREVIATIONS:
        if text[after].isdigit() or text[after + 1 : after + 2] == ".":
            return False
        # « l'art. » is the word more often than the article, when no number follows
        return bool(apostrophe) or _next_word(text, after) in NEXT_AFTER_ACRONYM
    return True


def _next_word(text: str, after: int) -> str:
    found = _NEXT_WORD.match(text, after)
    return found.group().replace("’", "'") if found else ""
