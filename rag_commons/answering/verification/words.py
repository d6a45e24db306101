"""Words of a sentence as support is judged on them: each with its key, its kind, and what stands before it.

A number in letters has the key of its figures, a date in figures gives day, month and year; a name and a plain word share their keys,
since a capital is no fact. The one surprise: function words keep their own lower-case form, as roles and denials rest on them.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag_commons.answering.verification.facts import names, numerals
from rag_commons.text.analysis import analyse, fold
from rag_commons.text.normal import n0

Kind = Literal["number", "name", "word"]
MONTHS = frozenset("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split())
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()

_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_PIECE = re.compile(
    r"(?<![\w,.])\d{1,3}(?:[ .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?(?:e|è|er|re|ème)?(?!\w)|\d+|"
    r"[^\W\d_]+'(?=\w)|[^\W\d_]+(?:-[^\W\d_]+)*|%|°C?|€|\$|£|m²|km²|[,;:.!?()«»—–]"
)
_DENIAL = frozenset("ne n' ni sans aucun aucune nul nulle jamais nullement non".split())
_PREPOSITIONS = frozenset(
    "à au aux de du des d' en dans par pour sur sous avec sans chez vers contre entre depuis avant après jusqu' jusque dès pendant durant "
    "selon lors comme et ou que qu' qui dont où".split()
)
_UNITS = {
    **dict.fromkeys("km kilomètre kilomètres".split(), "kilometre"),
    **dict.fromkeys("m mètre mètres".split(), "metre"),
    **dict.fromkeys("cm centimètre centimètres".split(), "centimetre"),
    **dict.fromkeys("mm millimètre millimètres".split(), "millimetre"),
    **dict.fromkeys("kg kilo kilos kilogramme kilogrammes".split(), "kilogramme"),
    **dict.fromkeys("g gramme grammes".split(), "gramme"),
    **dict.fromkeys("t tonne tonnes".split(), "tonne"),
    **dict.fromkeys("h heure heures".split(), "heure"),
    **dict.fromkeys("min minute minutes".split(), "minute"),
    **dict.fromkeys("ha hectare hectares".split(), "hectare"),
    **dict.fromkeys("l litre litres".split(), "litre"),
    **dict.fromkeys(["%", "pour-cent"], "pourcent"),
    **dict.fromkeys("€ euro euros".split(), "euro"),
    **dict.fromkeys("$ dollar dollars".split(), "dollar"),
    **dict.fromkeys(["°", "°C", "degré", "degrés"], "degre"),
    **dict.fromkeys(["km²", "kilomètre-carré", "kilomètres-carrés"], "kilometre2"),
    **dict.fromkeys(["m²", "mètre-carré", "mètres-carrés"], "metre2"),
}
UNIT_KEYS = frozenset(_UNITS.values())
_WRITTEN = (
    # the sign of a link to another Wikipedia
    (r" \((?:en|de|es|it)\)", ""),
    (r"\bsans doute\b", "probablement"),
    (r"\ba été (?=(?:le|la|une?)\b|l')", "fut "),
    (r"\b(a|ont|avai(?:t|ent)|ayant|avoir) été\b", r"\1"),
    (r"\bfond(é|ée|és|ées|a|èrent)\b", r"cré\1"),
    (r"pour cent\b", "pour-cent"),
    (r"\b(kilomètres?|mètres?) (carrés?)\b", r"\1-\2"),
    (r"\bkm2\b", "km²"),
    (r"\bm2\b", "m²"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word that says something: `before` the function words since the one before it, `opens` when a mark stands between."""

    key: str
    kind: Kind
    written: str
    before: tuple[str, ...] = ()
    opens: bool = False
    ends: bool = False

    @property
    def preposition(self) -> str:
        """What introduces the word: its last preposition, or nothing."""
        return next((word for word in reversed(self.before) if word in _PREPOSITIONS), "")

    @property
    def denied(self) -> bool:
        """Whether a negation stands just before."""
        return any(word in _DENIAL for word in self.before)


@lru_cache(maxsize=8192)
def tokens_of(sentence: str) -> tuple[Token, ...]:
    """Return the words of a sentence that say something, in order."""
    text = _DATE.sub(_date, n0(sentence))
    for pattern, written in _WRITTEN:
        text = re.sub(pattern, written, text)
    named = names(text)
    found: list[Token] = []
    before: list[str] = []
    opens = True
    for piece in _PIECE.findall(text):
        if piece in ",;:.!?()«»—–":
            if found and not before:
                found[-1] = _ended(found[-1])
            before, opens = [*before, piece], True
            continue
        for part in _parts(piece, before, found):
            keyed = _keyed(part, named, bool(found) and found[-1].kind == "number" and not before)
            if keyed is None:
                before.append(part.lower())
            else:
                found.append(Token(*keyed, part, tuple(before), opens))
                before, opens = [], False
    return tuple(found)


def _ended(token: Token) -> Token:
    return Token(token.key, token.kind, token.written, token.before, token.opens, True)


def _parts(piece: str, before: list[str], found: list[Token]) -> list[str]:
    """Return a compound in parts, unless it is a number or a unit."""
    if "-" not in piece or piece.lower() in _UNITS or numerals(piece):
        return [piece]
    return piece.split("-")


def _keyed(piece: str, named: frozenset[str], measured: bool) -> tuple[str, Kind] | None:
    low = piece.lower()
    if measured and (piece in _UNITS or low in _UNITS):
        return _UNITS.get(piece) or _UNITS[low], "word"
    if low in MONTHS:
        return fold(low), "word"
    figures = numerals(piece)
    if figures and low not in ("second", "seconde"):
        return f"#{min(figures)}", "number"
    if low in _DENIAL or low in _PREPOSITIONS or piece.endswith("'"):
        return None
    terms = analyse(piece)
    if not terms:
        return None
    folded = fold(low)
    if low in _UNITS and len(low) > 2:
        return _UNITS[low], "word"
    return terms[0], "name" if folded in named else "word"


def _date(match: re.Match[str]) -> str:
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}" if 1 <= int(month) <= 12 else match[0]
