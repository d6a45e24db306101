"""Dates, hours and centuries, as French templates print them."""

import re

from rag_commons.sources.wikitext.calls import Call
from rag_commons.sources.wikitext.numbers import french_ordinal

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
_WORDS = re.compile(r"[\s/]+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY = re.compile(r"(\d{1,2})(?:er)?\.?")
_YEAR = re.compile(r"[-−–]?\d{1,4}")


def date(call: Call) -> str | None:
    """Return "17|11|1994", "17 novembre 1994" or "1994-11-17" as « 17 novembre 1994 »; what can't be read comes as it is."""
    values = call.unnamed()[:3] or [call.get("jour"), call.get("mois"), call.get("année", "annee")]
    given = " ".join(value for value in values if value)
    if iso := _ISO.fullmatch(given):
        given = f"{iso[3]} {iso[2]} {iso[1]}"
    words = _WORDS.split(given.strip())
    return " ".join(_date_words(words)) if len(words) <= 5 else given


def _date_words(words: list[str]) -> list[str]:
    said: list[str] = []
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if last and _YEAR.fullmatch(word) and (len(words) != 2 or len(word) > 2):
            said.append(year(word))
        elif said and word.isdigit() and len(word) <= 2 and said[-1].removesuffix("er").isdigit() and 0 < int(word) < 13:
            said.append(MONTHS[int(word) - 1])
        elif (day := _DAY.fullmatch(word)) and int(day[1]):
            said.append("1er" if int(day[1]) == 1 else str(int(day[1])))
        else:
            said.append(word)
    return said


def year(word: str) -> str:
    """Return a year; a negative one is before our era."""
    return f"{word[1:]} av. J.-C." if word[0] in "-−–" and len(word) > 1 else word


def hour(call: Call) -> str | None:
    """Return "4|30" as « 4 h 30 »."""
    values = call.unnamed()
    said = [f"{value} {unit}" for value, unit in zip(values, ("h", "min", "s"), strict=False) if value]
    text = " ".join(said)
    return text.removesuffix(" min") if text.count(" min") == 1 and " s" not in text and " h" in text else text


def duration(call: Call) -> str | None:
    """Return "1|30|5" as « 1 h 30 min 5 s »; other counts of values begin at the unit they can mean."""
    values = call.unnamed()
    units = ("h", "min", "s") if len(values) < 4 else ("j", "h", "min", "s")
    if not all(value.replace(",", "").replace(".", "").isdigit() for value in values if value):  # the units are written out
        return " ".join(value for value in values if value)
    return " ".join(f"{value} {unit}" for value, unit in zip(values, units, strict=False) if value and value.strip("0"))


def century(call: Call) -> str | None:
    """Return what « s », « s- », « -s », « sp », « s2 » and their like say: "XIX" → « XIXe siècle »."""
    values = [value for value in call.unnamed() if value]
    name = call.name
    before = name.startswith("-") or (bool(values) and values[0][:1] in "-−")
    word = "millénaire" if "m" in name.removeprefix("-")[:1] else "siècle"
    ordinals = [french_ordinal(value.lstrip("-−")) if value not in ("e", "er", "au", "à", "et", "-", "–") else value for value in values]
    ordinals = [value for value in ordinals if value not in ("e", "er")]
    if not ordinals:
        return None
    if "mini" in name:
        said = ordinals[0]
    elif name.endswith("abr"):
        said = f"{ordinals[0]} s."
    elif name.strip("-")[1:2] in ("p", "2") and len(ordinals) > 1:
        said = _centuries(name, ordinals, word)
    else:
        said = f"{ordinals[0]} {word}"
    return said + " av. J.-C." if before else said


def _centuries(name: str, ordinals: list[str], word: str) -> str:
    if "2" in name:
        return f"{ordinals[0]} et {ordinals[1]} {word}s"
    if len(ordinals) > 2:
        return f"{ordinals[0]} {ordinals[1]} {ordinals[2]} {word}"
    return f"{ordinals[0]} au {ordinals[1]} {word}"


def before_christ(call: Call) -> str | None:
    """Return « 52 av. J.-C. », or « av. J.-C. » alone."""
    return f"{call.get('1')} av. J.-C.".strip()


def after_christ(call: Call) -> str | None:
    """Return « 79 apr. J.-C. », or « apr. J.-C. » alone."""
    return f"{call.get('1')} apr. J.-C.".strip()
