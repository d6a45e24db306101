"""Search analysis of French text: what a passage and a question must share to meet.

A *chunk* is a word as typed, with its elisions and hyphens ("Cantons-de-l'Est"), or a number with its separators ("1 234,5");
a chunk gives zero, one or several *terms*. The one surprise: stemming comes before the accents are folded, since the French
stemmer needs them ("éditées"), and chunks are analysed once, then remembered, which is where the speed comes from.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

import Stemmer  # type: ignore[import-not-found]

from rag_commons.text.stopwords import ELISIONS, STOPWORDS

# combining accents (NFD text) and soft hyphens belong to words; `\w` knows neither
_LETTER = "[\\w\u0300-\u036f\u00ad]"
_JOINT = "['\u2019\u02bc\u2010\u2011-]"
_GROUPED = "(?:(?:[ \u00a0\u202f\u2009][0-9]{3})+|(?:\\.[0-9]{3})+)(?:,[0-9]+)?"
# what has more separators than a number (12.05.2014, 192.168.0.1) is read figure by figure; the first figure comes before the look
# behind it, so that a letter is passed at once
_NUMBER = f"[0-9](?<![0-9][.,][0-9])(?:[0-9]{{0,2}}{_GROUPED}|[0-9]*[.,][0-9]+)(?![.,]?[0-9])"
_CHUNK = re.compile(f"{_NUMBER}(?!\\w)|{_LETTER}+(?:{_JOINT}{_LETTER}+)*")
_NUMERIC = re.compile(f"{_NUMBER}\\Z")
_GROUPS = re.compile(f"[0-9]{{1,3}}{_GROUPED}\\Z")
_PART = re.compile("(?:[^\\W_]|[\u0300-\u036f\u00ad])+")
_WORD = re.compile(r"\w\S*")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\Z")
# of single capitals only I, V and X count: "De", "Le", "Ce" and "Me" open sentences, "Mme" is a lady
_ORDINAL = re.compile(r"([0-9]+|[IVX]|[IVXLCDM]{2,}|[ivx]{3,})(?:e|è|er|ère|re|ème|me|eme|nde?)\Z")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "Oe", "Æ": "Ae", "\u00ad": None})
_REMEMBERED = 400_000

_stem: Callable[[str], str] = Stemmer.Stemmer("french", 0).stemWord


@dataclass(frozen=True, slots=True)
class Word:
    """A term and the characters it comes from: `text[start:end]` is the word as written."""

    start: int
    end: int
    term: str


def analyse(text: str) -> list[str]:
    """Return the search terms of a text, in order: no stopwords, stemmed, accents folded, compounds with their joined form."""
    return list(chain.from_iterable(map(_terms.__getitem__, _CHUNK.findall(text))))


def word_spans(text: str) -> list[Word]:
    """Return the terms of `analyse`, in the same order, each with its offsets in the text as given."""
    words: list[Word] = []
    for match in _CHUNK.finditer(text):
        start = match.start()
        words += [Word(start + begin, start + end, term) for begin, end, term in _spans[match.group()]]
    return words


def content_words(text: str) -> list[str]:
    """Return the words of a text as written, without elisions and stopwords; a compound gives its parts."""
    words = word_spans(text)
    return [text[word.start : word.end] for i, word in enumerate(words) if not (i and words[i - 1].end > word.start)]


def count_words(text: str) -> int:
    """Count what white space separates and holds a letter or digit: "l'école" is one word, "—" and "«" are none."""
    return len(_WORD.findall(text))


def fold(word: str) -> str:
    """Return a word without accents, ligatures and long s."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.translate(_LIGATURES))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


_Value = TypeVar("_Value")


class _Remembered(dict[str, _Value], Generic[_Value]):
    """What each chunk gives, computed once; emptied when full, as frequent chunks come back at once."""

    def __init__(self, compute: Callable[[str], _Value]) -> None:
        self._compute = compute

    def __missing__(self, chunk: str) -> _Value:
        value = self._compute(chunk)
        if len(self) >= _REMEMBERED:
            self.clear()
        # a run of letters as long as this is noise, which would fill the memory
        if len(chunk) <= 64:
            self[chunk] = value
        return value


def _analyse_chunk(chunk: str) -> tuple[tuple[int, int, str], ...]:
    if _NUMERIC.match(chunk):
        return ((0, len(chunk), _number(chunk)),)
    parts = _split(chunk)
    terms = [(start, end, term) for start, end, form in parts if (term := _term(form) or _name(chunk, start, form))]
    if len(terms) in (2, 3):
        first, last = terms[0][0], terms[-1][1]
        whole = "".join(form for start, _, form in parts if first <= start < last)
        if whole.isalpha() and (joined := _term(whole)):
            terms.append((first, last, joined))
    return tuple(terms)


def _split(chunk: str) -> list[tuple[int, int, str]]:
    """Return the parts of a chunk with their offsets, in NFKC, less what is elided."""
    if chunk.isalpha():
        return [(0, len(chunk), chunk if chunk.isascii() else unicodedata.normalize("NFKC", chunk.translate(_LIGATURES)))]
    parts: list[tuple[int, int, str]] = []
    for match in _PART.finditer(chunk):
        start, end = match.span()
        after = chunk[end : end + 2]
        form = unicodedata.normalize("NFKC", match.group().translate(_LIGATURES))
        low = form.lower()
        # Breton writes one letter « c'h », which no French elision gives
        if low.endswith("c") and after[:1] in "'\u2019\u02bc" and after[1:].lower() == "h":
            parts.append((start, end, form + "\0"))
        elif parts and parts[-1][2].endswith("\0"):
            begin, _, before = parts.pop()
            parts.append((begin, end, before[:-1] + form))
        elif not (low in ELISIONS and after[:1] in ("'", "\u2019", "\u02bc")):
            parts.append((start, end, form))
    return parts


def _term(form: str) -> str | None:
    ordinal = _ordinal(form)
    if ordinal:
        return ordinal
    low = form.lower()
    if low in STOPWORDS:
        return None
    return fold(_stem(low)) or None


def _name(chunk: str, start: int, form: str) -> str | None:
    """Return the term of a stopword that names something where it stands: the east in « l'Est » and « d'est », the SA of « BY-SA »."""
    low = form.lower()
    if low == "est" and chunk[max(0, start - 2) : start - 1].lower() in ("l", "d"):
        return low
    return low if low in STOPWORDS and len(low) > 1 and chunk.isupper() and "-" in chunk else None


def _ordinal(form: str) -> str | None:
    """Return "19e" for XIXe, 19ème, xixe; "1e" for Ier, 1re; None for what is not an ordinal."""
    found = _ORDINAL.match(form)
    if not found:
        return None
    figures = found[1]
    if figures.isdigit():
        return f"{int(figures)}e" if len(figures) < 5 else None
    upper = figures.upper()
    if not _ROMAN.match(upper):
        return None
    values = [_ROMAN_VALUES[letter] for letter in upper]
    return f"{sum(-v if v < n else v for v, n in zip(values, [*values[1:], 0], strict=True))}e"


def _number(chunk: str) -> str:
    """Return a number without group separators and with a decimal comma: "1 234,5" and "1.234,5" give "1234,5"."""
    if _GROUPS.match(chunk):
        return "".join(c for c in chunk if c in "0123456789,")
    return chunk.replace(".", ",")


_spans: _Remembered[tuple[tuple[int, int, str], ...]] = _Remembered(_analyse_chunk)
_terms: _Remembered[tuple[str, ...]] = _Remembered(lambda chunk: tuple(term for _, _, term in _analyse_chunk(chunk)))
