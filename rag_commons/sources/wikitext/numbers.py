"""Numbers, exponents, ordinals and units, as a wiki's own templates print them.

Spaces in numbers are plain spaces: a reader's text has one kind of space.
"""

import re
from typing import NamedTuple


class NumberStyle(NamedTuple):
    """How a language groups thousands and marks decimals."""

    group: str
    decimal: str


FRENCH = NumberStyle(" ", ",")
DOTTED = NumberStyle(".", ",")
ENGLISH = NumberStyle(",", ".")
STYLES = {
    "frwiki": FRENCH, "brwiki": FRENCH, "ocwiki": FRENCH, "mgwiki": FRENCH, "cowiki": FRENCH, "wawiki": FRENCH, "frpwiki": FRENCH,
    "cawiki": DOTTED, "euwiki": DOTTED, "eswiki": DOTTED, "itwiki": DOTTED, "ptwiki": DOTTED, "dewiki": DOTTED, "lbwiki": DOTTED,
}  # fmt: skip

_SUPERSCRIPTS = str.maketrans("0123456789-−+n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺ⁿ")
_PLAIN = re.compile(r"([-−+±]?)(\d{1,60})(?:[.,](\d{1,60}))?")
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3}){2,20}")
_INSIDE = re.compile(r"(?<![\w.,])\d{4,60}(?:[.,]\d{1,60})?(?![\w])|(?<![\w.,])\d{1,3}\.\d{1,60}(?![\w.])")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_POWER = re.compile(r"(?<=\bm) ?([-−]?[23])\b|(?<=\b[kdcmh]m) ?([-−]?[23])\b|(?<=\bs)([-−][12])\b")
_EXPONENT = re.compile(r"[-−+]?\d{1,3}")
_ROMAN = re.compile(r"[IVXLCDM]{1,15}", re.IGNORECASE)
_ROMAN_VALUES = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def superscript(text: str) -> str:
    """Return digits and signs as exponents: "-2" → "⁻²"."""
    return text.translate(_SUPERSCRIPTS)


def format_number(raw: str, style: NumberStyle = FRENCH) -> str:
    """Return a number with thousands grouped ("7300" → "7 300", "77.80" → "77,80"); what is no number comes back as it is."""
    raw = _SPACES.sub(" ", raw.strip())
    compact = raw.replace(" ", "")
    if _COMMAS.fullmatch(compact):
        compact = compact.replace(",", "")
    plain = _PLAIN.fullmatch(compact)
    if plain is None:
        return _INSIDE.sub(lambda match: format_number(match[0], style), raw)
    sign, whole, decimals = plain.groups()
    if len(whole) > 3:
        head = len(whole) % 3
        groups = [whole[:head]] if head else []
        groups += [whole[place : place + 3] for place in range(head, len(whole), 3)]
        whole = style.group.join(groups)
    return sign + whole + (style.decimal + decimals if decimals else "")


def plain_number(formatted: str) -> str:
    """Return a number without its grouping, with a point for decimals (`formatnum:…|R`)."""
    return _SPACES.sub("", formatted).replace(",", ".")


def units(parts: list[str]) -> str:
    """Return units with their exponents: ["km", "2"] → "km²", ["m", "", "s", "-2"] → "m·s⁻²"."""
    names: list[str] = []
    for part in (part.strip() for part in parts):
        if names and _EXPONENT.fullmatch(part):
            names[-1] += superscript(part)
        elif names and part.startswith("/"):
            names[-1] += part
        elif part:
            names.append(powers(part))
    return "·".join(names)


def powers(text: str) -> str:
    """Return units written on one line with their exponents: "hab./km 2" → « hab./km² »."""
    return _POWER.sub(lambda match: superscript(match[1] or match[2] or match[3]), text)


def roman(number: int) -> str:
    """Return 1 to 3999 in Roman numerals."""
    letters = ""
    for value, sign in _ROMAN_VALUES:
        count, number = divmod(number, value)
        letters += sign * count
    return letters


def is_roman(text: str) -> bool:
    """Say whether the text is written as a Roman numeral."""
    return _ROMAN.fullmatch(text) is not None


def french_ordinal(numeral: str) -> str:
    """Return "XIX" → "XIXe", "I" → "Ier"; what already ends as an ordinal comes back as it is."""
    numeral = numeral.strip()
    if numeral.isdigit() and 0 < int(numeral[:4]) < 40:
        numeral = roman(int(numeral))
    if not is_roman(numeral):
        return numeral
    return numeral.upper() + ("er" if numeral.upper() == "I" else "e")
