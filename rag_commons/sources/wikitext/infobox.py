"""Infoboxes as « Clé : valeur » lines: what they say, without what they draw."""

import re

from rag_commons.sources.wikitext.calls import Call
from rag_commons.sources.wikitext.holes import mend
from rag_commons.sources.wikitext.marks import BREAK
from rag_commons.sources.wikitext.name_lists import read_pairs
from rag_commons.sources.wikitext.numbers import format_number

NAME = re.compile(
    r"infobox|infobo[îi]te|infotaula|infotaola|infotabl|infokutxa|infokaxa|ficha de|taxobox|speciesbox|automatic taxobox|"
    r".{0,40}\binfotaula\b|.{0,40}\binfobox\b"
)

_DRAWN_PREFIXES = tuple(read_pairs("names.txt", "infobox-drawn-prefixes"))
_DRAWN_WORDS = frozenset(read_pairs("names.txt", "infobox-drawn-words"))
_DRAWN_KEYS = frozenset(read_pairs("names.txt", "infobox-drawn-keys"))
_FILE = re.compile(r"[^\n]{0,300}\.(?:jpe?g|png|svg|gif|tiff?|ogg|oga|ogv|webm|webp|pdf|mid|wav)", re.IGNORECASE)
_NOTHING = frozenset(("oui", "non", "yes", "no", "-", "–", "—", "?", "ok", "true", "false", "px", "none", "aucun", "aucune"))
_NUMBERED = re.compile(r"[ _]*\d+$")
_LABEL_KEY = re.compile(r"(?:titre|títol|type|libellé|label|nom[ _]de)([ _])(.{1,40})", re.IGNORECASE)
_FIGURE = re.compile(r"\d{5,12}|\d{1,12}[.,]\d{1,6}|\d{1,4}")
_PLACE = re.compile(r"pays|état|land|région|province|département|commune|ville|localité|municipalité|canton|district|comté|subdivision")
_MARKERS = re.compile(r"^[*#:;]+\s*")


def infobox_lines(call: Call) -> str:
    """Return what an infobox says, one « Clé : valeur » a line, a blank line before and after."""
    lines = []
    labelled: set[str] = set()
    for key, raw in call.arguments.items():
        if not raw or key.isdigit() or key in labelled or _is_drawn(key):
            continue
        label, value = _label(key), _value(raw)
        if partner := _partner(key, call.arguments):
            labelled.add(partner)
            label, value = value, _value(call.arguments[partner])
        if _FIGURE.fullmatch(value):
            value = _figure(key.lower(), value, call.name)
        if len(label) > 1 and value and value.lower() not in _NOTHING and not _FILE.fullmatch(value) and not value.startswith("#"):
            lines.append(f"{label} : {value}")
    return "\n" + "\n".join(lines) + "\n\n" if lines else ""


def _figure(key: str, value: str, name: str) -> str:
    """Return a bare number as the infobox prints it: thousands grouped, square kilometres for the area of a place."""
    if key.startswith("superficie") and _PLACE.search(name) and "rang" not in key:
        return f"{format_number(value)} km²"
    return format_number(value) if key.startswith(("population", "pib", "superficie")) and "ann" not in key else value


def _is_drawn(key: str) -> bool:
    """Say whether a value is for the drawing: images, maps, colours, coordinates."""
    key = key.lower().replace("_", " ")
    return key.startswith(_DRAWN_PREFIXES) or key.partition(" ")[0] in _DRAWN_WORDS or _NUMBERED.sub("", key) in _DRAWN_KEYS


def _partner(key: str, arguments: dict[str, str]) -> str | None:
    """Return the key that this one only labels: « titre dirigeant1 » labels « nom dirigeant1 », « type formation » a date."""
    match = _LABEL_KEY.fullmatch(key)
    if match is None:
        return None
    separator, subject = match[1], match[2]
    for partner in (f"nom{separator}{subject}", f"date{separator}{subject}", subject):
        if partner != key and arguments.get(partner):
            return partner
    return None


def named_values(call: Call) -> int:
    """Return how many named arguments say something: an unknown template with many of them is taken for an infobox."""
    return sum(1 for key, value in call.arguments.items() if value and not key.isdigit())


def _label(key: str) -> str:
    label = _NUMBERED.sub("", key.replace("_", " ").replace("-", " ")).strip() or key
    return label[0].upper() + label[1:]


def _value(raw: str) -> str:
    joined = ""
    for line in raw.replace(BREAK, "\n").split("\n"):
        part = mend(_MARKERS.sub("", line.strip()))
        if part:
            joined += part if not joined else f" {part}" if part.startswith("(") or joined.endswith((",", ";", ":")) else f", {part}"
    return joined
