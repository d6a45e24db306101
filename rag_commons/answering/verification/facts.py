"""Hard facts of a sentence: its numerals, its dates and its proper names; and whether it denies.

A date gives its day, month and year as numbers; numbers in letters and Roman centuries are read as figures. The one surprise: a name
is any word with a capital that does not open its sentence, looked up in the cited text whatever its case, since case is not a fact.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag_commons.text.analysis import fold
from rag_commons.text.normal import n0
from rag_commons.text.sentences import sentence_spans

_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_UNITS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt"
).split()
_TENS = {
    **{"trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "soixante-dix": 70, "septante": 70, "quatre-vingt": 80},
    **{"quatre-vingts": 80, "huitante": 80, "octante": 80, "quatre-vingt-dix": 90, "nonante": 90, "cent": 100, "cents": 100, "mille": 1000},
}
# « un » and « une » are articles far more often than numbers
_WORDS = {name: str(value) for value, name in enumerate(_UNITS) if value != 1} | {name: str(value) for name, value in _TENS.items()}
_ORDINALS = "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième".split()

_FIGURES = re.compile(r"(?<![\w,.])\d{1,3}(?:[ .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?")
# of single letters only I, V and X: « Le » and « Ce » open sentences
_ROMAN = re.compile(r"\b([IVX]|[IVXLC]{2,})(?:e|è|er|ère|ème|re)?\b")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NAME = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-ÞŒ][^\W\d_]*(?:-[^\W\d_]+)*")
_OPENINGS = re.compile(r"(?:^|[.!?…:]\s|[«“\"(]\s?|[-–—]\s)$")
_DENIALS = re.compile(
    r"\b(?:ne|non|ni|sans|aucun|aucune|nul|nulle|jamais|nullement)\b|\bn'|"
    r"(?<!\ble )(?<!\bun )(?<!\bau )\bpas (?:de|d'|une?|le|la|les|plus|moins|encore|tou)\b",
    re.IGNORECASE,
)
# « plus tard que ne l'avait prévu », « avant qu'il n'ait »: a ne that denies nothing; « non seulement » neither
_HOLLOW = re.compile(
    r"\bnon (?:seulement|loin)\b|\b(?:avant|moins|peur|crainte|plus) qu(?:e |')[^,.;]{0,40}?\bn(?:e\b|')(?! ?\w+ pas)", re.IGNORECASE
)


def numerals(text: str) -> frozenset[str]:
    """Return the numbers of a text in figures: "1 234,5" gives "1234,5", « XIXe » gives "19", « douze » "12", « mai » "m5"."""
    plain = n0(text)
    found = {_figure(match.group()) for match in _FIGURES.finditer(plain)}
    for match in _ROMAN.finditer(plain):
        if len(match[1]) > 1 or match[0] != match[1]:
            found.add(str(_roman(match[1])))
    for word in _WORD.findall(plain):
        low = word.lower()
        if low in _WORDS:
            found.add(_WORDS[low])
        elif low in _MONTHS:
            found.add(f"m{_MONTHS.index(low) + 1}")
        elif low in _ORDINALS:
            found.add(str(_ORDINALS.index(low) + 1))
    return frozenset(found)


def names(text: str) -> frozenset[str]:
    """Return the proper names of a text, folded: words with a capital, less those that only open a sentence."""
    plain = n0(text)
    found = set()
    for match in _NAME.finditer(plain):
        opens = match.start() == 0 or _OPENINGS.search(plain[: match.start()])
        # an opening word is a name when it is one elsewhere, or all capitals
        if not opens and not _is_roman(match.group()):
            found.add(fold(match.group()).lower())
    return frozenset(found)


def denies(sentence: str) -> bool:
    """Whether a sentence holds a mark of negation. A heuristic: irony and « personne » alone escape it."""
    return bool(_DENIALS.search(_HOLLOW.sub(" ", n0(sentence))))


def foreign_facts(statement: str, cited: Iterable[str]) -> tuple[str, ...]:
    """Return the numerals and names of a statement that none of the cited texts holds, in order."""
    texts = tuple(cited)
    held = frozenset[str]().union(*map(known_numerals, texts))
    words = frozenset[str]().union(*map(known_words, texts))
    foreign = [number for number in sorted(numerals(statement)) if number not in held]
    foreign += [name for name in sorted(names(statement)) if name not in words and not set(name.split("-")) <= words]
    return tuple(foreign)


@lru_cache(maxsize=4096)
def known_numerals(text: str) -> frozenset[str]:
    """Return the numerals of a cited text, with the parts of its dates in figures (12/05/1901 holds m5)."""
    found = set(numerals(text))
    for month in re.findall(r"\b\d{1,2}/(\d{1,2})/\d{4}\b|\b\d{4}-(\d{2})-\d{2}\b", text):
        figures = month[0] or month[1]
        found |= {f"m{int(figures)}", str(int(figures))}
    found |= {str(int(number)) for number in found if number.isdigit()}
    return frozenset(found)


@lru_cache(maxsize=4096)
def known_words(text: str) -> frozenset[str]:
    """Return the words of a cited text, folded, compounds whole and in parts."""
    words = {fold(word).lower() for word in _WORD.findall(n0(text))}
    return frozenset(words | {part for word in words for part in word.split("-")})


def best_sentence(statement_terms: frozenset[str], sentences: Sequence[tuple[str, frozenset[str]]]) -> str | None:
    """Return the sentence that shares most with these terms, the shortest of those that share as much."""
    ranked = sorted(sentences, key=lambda item: (-len(statement_terms & item[1]), len(item[1])))
    return ranked[0][0] if ranked else None


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _figure(written: str) -> str:
    grouped = re.fullmatch(r"\d{1,3}(?:[ .]\d{3})+(,\d+)?", written)
    plain = re.sub(r"[ .]", "", written) if grouped else written.replace(".", ",")
    whole, comma, rest = plain.partition(",")
    return (whole.lstrip("0") or "0") + comma + rest


def _is_roman(word: str) -> bool:
    return bool(_ROMAN.fullmatch(word))


def _roman(written: str) -> int:
    values = [_VALUES[letter] for letter in written]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
