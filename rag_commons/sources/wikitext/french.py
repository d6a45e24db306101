"""What the templates of French Wikipedia say, name by name, and family by family.

Each handler prints what the template prints on the page, spaces made plain. The names are lower case, with their usual aliases.
"""

import re
from itertools import takewhile

from rag_commons.sources.wikitext.bibliography import reference
from rag_commons.sources.wikitext.calls import Call, Handler
from rag_commons.sources.wikitext.climate import climate
from rag_commons.sources.wikitext.dates import MONTHS, after_christ, before_christ, century, date, duration, hour
from rag_commons.sources.wikitext.marks import BREAK
from rag_commons.sources.wikitext.name_lists import read_lists, read_pairs
from rag_commons.sources.wikitext.numbers import format_number, powers, superscript, units
from rag_commons.sources.wikitext.other_wikis import block, constant, first, last, nothing, second

LANGUAGE_NAMES = read_pairs("names.txt", "languages")
COUNTRIES = read_pairs("names.txt", "countries") | read_pairs("names.txt", "countries-by-code")
_RANGES = {"à": "à", "et": "et", "ou": "ou", "-": "–", "–": "–", "/": "/", "x": "×", "×": "×", "fois": "×", "±": "±", "+/-": "±"}
_DISAMBIGUATOR = re.compile(r"\s*\([^()]*\)$")
_CODES = read_pairs("names.txt", "countries-by-sport-code")
_SPORT = (
    r"(?:football|rugby(?: à XV| à XIII)?|handball|basket(?:-ball)?|hockey(?: sur glace)?|volley(?:-ball)?|futsal|cyclisme|tennis)"
    r"(?: \w{1,9})?"
)
_CURRENCIES = read_pairs("names.txt", "currencies")


def quantity(call: Call) -> str | None:
    """Return « 7 300 t », « 5 à 10 km », « 1,5 × 10⁶ kg », « 891 km² »."""
    number, *rest = [*call.unnamed(), ""]
    said = format_number(number)
    for key, word in _RANGES.items():
        if other := call.arguments.get(key):
            said += f" {word} {format_number(other)}"
    while len(rest) > 1 and rest[0] in _RANGES:
        word, other, *rest = rest
        said += f" {_RANGES[word]} {format_number(other)}"
    if exponent_of_ten := call.get("e"):
        said = f"{said} × 10{superscript(exponent_of_ten)}".strip()
    return f"{said} {units(rest)}".strip() if any(rest) else powers(said)


def product(call: Call) -> str | None:
    """Return « 21 × 29,7 cm »: numbers, then their unit."""
    values = [value for value in call.unnamed() if value]
    numbers = [format_number(value) for value in takewhile(lambda value: value[:1].isdigit(), values)]
    return f"{' × '.join(numbers)} {units(values[len(numbers) :])}".strip()


def fraction(call: Call) -> str | None:
    """Return « 1/2 », « 2 1/4 »."""
    *whole, top, bottom = ["", "", *(value for value in call.unnamed()[:3] if value)]
    return f"{' '.join(whole)} {top}/{bottom}".strip() if top else None


def money(call: Call) -> str | None:
    """Return « 77,80 € »."""
    sign = _CURRENCIES.get(call.get("2").lower()) or _CURRENCIES.get(call.name) or call.get("2")
    return f"{format_number(call.get('1'))} {sign}".strip()


def temperature(call: Call) -> str | None:
    """Return « 2 °C »."""
    values = call.unnamed() or [""]
    return f"{format_number(values[0])} {values[1] if len(values) > 1 and values[1] else '°C'}"


def link(call: Call) -> str | None:
    """Return the label of a link to a page that another wiki has."""
    return call.get("texte", "text", "fr", "1", "trad")


def in_script(call: Call) -> str | None:
    """Return a word in its script, its transcription and its meaning: « λόγος / lógos, « parole » »."""
    text, transcription, meaning = (call.get(key) for key in "123")
    return text + (f" / {transcription}" if transcription else "") + (f", « {meaning} »" if meaning else "") if text else None


def in_language(call: Call) -> str | None:
    """Return « en allemand : Österreich »."""
    code, text = call.get("1"), call.get("2", "texte")
    return f"en {LANGUAGE_NAMES.get(code, code)} : {text}" if text else None


def language_prefix(call: Call) -> str | None:
    """Return « grec moderne : … » for `lang-el`."""
    code, text = call.name.partition("-")[2], call.get("1", "texte")
    return f"{LANGUAGE_NAMES.get(code, code)} : {text}" if text else None


def transcribed(call: Call) -> str | None:
    """Return a name, its original script and its transcription: « Tokyo (東京, Tōkyō) »."""
    values = [value for value in call.unnamed() if value]
    return f"{values[0]} ({', '.join(values[1:3])})" if len(values) > 1 else "".join(values)


def quotation(call: Call) -> str | None:
    """Return « … »; the text stays as it is where it has its own guillemets. A block names its author and source after a dash."""
    text = call.get("1", "citation", "texte", "contenu").strip()
    if not text:
        return None
    said = text if text.startswith("«") else f"« {text} »"
    source = ", ".join(value for value in call.unnamed()[1:3] if value) if call.name.endswith("bloc") else ""
    return f"{said} — {source}" if source else said


def foreign_quotation(call: Call) -> str | None:
    """Return a quotation in another language, with its translation: language, then text."""
    text = call.get("2", "citation") if call.get("2", "citation") else call.get("1")
    translation = call.get("trad", "traduction", "3")
    return (f"« {text} »" + (f" (« {translation} »)" if translation else "")) if text else None


def abbreviation(text: str) -> Handler:
    """Return the handler of an abbreviation before a name or a number: « Mlle Dupont », « p. 21 »."""
    return lambda call: f"{text} {call.get('1')}".strip()


def ordinal(call: Call) -> str | None:
    """Return what « 2e|régiment », « XXe siècle », « Ier » and « 1re » say."""
    return f"{call.written} {call.get('1')}".strip()


def roman_numeral(call: Call) -> str | None:
    """Return « XIX » as it is, « XIX|e » as « XIXe »."""
    return call.written + call.get("1")


def power(call: Call) -> str | None:
    """Return « ² » for the template of that number, which follows a unit."""
    return superscript(call.name)


def day(call: Call) -> str | None:
    """Return « 1er janvier » for the template of that name."""
    return call.name


def country(call: Call) -> str | None:
    """Return the name of the country whose flag the template draws."""
    return COUNTRIES.get(call.name)


def without_disambiguator(call: Call) -> str | None:
    """Return « Joseph II » for « Joseph II (empereur du Saint-Empire) »."""
    return _DISAMBIGUATOR.sub("", call.get("2", "1"))


def aside(call: Call) -> str | None:
    """Return « – … – », the last dash left out where the sentence ends there."""
    text = call.get("1")
    return f"– {text}" + ("" if call.get("2") else " –") if text else None


def twinning(call: Call) -> str | None:
    """Return « Los Angeles (États-Unis) depuis 1967 »."""
    place, where, since = call.get("1", "ville"), call.get("2", "pays"), call.get("année", "3")
    return place + (f" ({where})" if where else "") + (f" depuis {since}" if since else "") if place else None


def elected(call: Call) -> str | None:
    """Return one line of a list of elected people: « 2001 – 2008 : Prénom Nom, parti, qualité »."""
    years = " – ".join(value for value in (call.get("début"), call.get("fin")) if value)
    people = ", ".join(value for value in (call.get("identité", "nom"), call.get("parti"), call.get("qualité")) if value)
    return f"\n{years} : {people}\n" if people else None


def elected_begin(call: Call) -> str | None:
    """Return the wikitext that begins a table of elected people, whose rows follow in the page."""
    title = call.get("titre", "Titre", "1") or "Liste des maires successifs"
    return f"\n{{|\n|+ {title}\n! colspan=2 | Période !! Identité !! Étiquette !! Qualité\n|-\n"


def table_end(call: Call) -> str | None:
    """Return the wikitext that ends a table."""
    return "\n|}\n"


def named_link(call: Call) -> str | None:
    """Return the title that a link to a digital library shows."""
    return call.get("t", "titre", "texte")


def taxon(call: Call) -> str | None:
    """Return one rank of a classification: « Famille : Canidae »."""
    values = [value for value in call.unnamed() if value]
    if call.name.endswith("taxon"):
        values = values[1:]
    return f"\n{values[0].capitalize()} : {', '.join(values[1:])}\n" if len(values) > 1 else None


def formula(call: Call) -> str | None:
    """Return a chemical formula: « H|2|O » → H2O."""
    return "".join(call.unnamed())


def arms(call: Call) -> str | None:
    """Return the blazon."""
    text = call.get("blasonnement", "ornements", "armes")
    return f"\n{text}\n" if text else None


def power_of_ten(call: Call) -> str | None:
    """Return « ×10⁶ »."""
    return f"×10{superscript(call.get('1'))}"


def measure(call: Call) -> str | None:
    """Return « 1,80 m » for « taille|m=1.80 », « 80 kg » for « poids|kg=80 »."""
    for unit in ("m", "cm", "kg", "g"):
        if value := call.get(unit):
            return f"{format_number(value)} {unit}"
    return quantity(call)


def full_name(call: Call) -> str | None:
    """Return « Prénom Nom » for a name given in two parts to be sorted."""
    return " ".join(value for value in call.unnamed()[:2] if value)


def exponent(call: Call) -> str | None:
    """Return an exponent, or the ending of an ordinal for « {{er}} » and its like."""
    return superscript(call.get("1")) or (call.name if call.name in ("e", "er", "re", "ère", "ème", "ième") else None)


def space(call: Call) -> str | None:
    """Return the space that keeps two words together."""
    return " "


def line_break(call: Call) -> str | None:
    """Return the mark of a line break."""
    return BREAK


def yes_or_no(call: Call) -> str | None:
    """Return « Oui » or « Non », or the text beside the sign."""
    return call.get("1") or ("OK" if call.name == "ok" else call.name.capitalize())


def page_count(call: Call) -> str | None:
    """Return « 320 p. »."""
    return f"{call.get('1')} p." if call.get("1") else None


def team(call: Call) -> str | None:
    """Return the country whose code the template has for name, alone or before a sport: « FRA », « FRA football »."""
    return _CODES.get(call.written[:3])


def angle(call: Call) -> str | None:
    """Return « 45°30′ »."""
    return "".join(value + sign for value, sign in zip(call.unnamed(), "°′″", strict=False) if value)


_HANDLERS: dict[str, Handler] = {
    handler.__name__.replace("_", "-"): handler
    for handler in (
        *(quantity, measure, money, temperature, date, hour, duration, century, before_christ, after_christ, angle, power_of_ten, formula),
        *(climate, block, elected_begin, table_end, named_link),
        *(product, fraction, in_script, space, line_break, yes_or_no, page_count),
        *(quotation, foreign_quotation, first, second, last, nothing, in_language, transcribed, link, without_disambiguator, aside),
        *(twinning, elected, taxon, arms, reference, full_name, exponent),
    )
} | {"number": lambda call: format_number(call.get("1"))}


def _handler(key: str) -> Handler:
    if key.startswith("="):
        return constant(key[1:].strip())
    return abbreviation(key[1:].strip()) if key.startswith("~") else _HANDLERS[key]


TEMPLATES: dict[str, Handler] = {name: _handler(key) for key, names in read_lists("french.txt") for name in names}
"""What is known by name."""

_MONTH = "|".join(MONTHS)
WIKITEXT: frozenset[Handler] = frozenset((elected_begin, table_end))
"""Handlers whose text is wikitext still, parts of a table."""

FAMILIES: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (
        re.compile(
            r"(?:\d{1,4}|[IVXLC]{1,7})(?:er|re|e|nd|nde|ème|ième|d|ère)"
            r"(?: (?:siècle|millénaire)(?: (?:av|apr?)\. J\.-C\.)?| arrondissement| république)?"
        ),
        ordinal,
    ),
    (re.compile(r"[IVXLC]{1,7}"), roman_numeral),
    (re.compile(r"\d"), power),
    (re.compile(rf"(?:1er|\d{{1,2}}) (?:{_MONTH})"), day),
    (re.compile(r"[Ll]ang-[a-z]{2,3}"), language_prefix),
    (re.compile(rf"(?:{'|'.join(_CODES)})(?: {_SPORT})?"), team),
    (re.compile("|".join(map(re.escape, sorted(COUNTRIES, key=len, reverse=True))), re.IGNORECASE), country),
)
"""Rules for names that a list can't hold; they read the name as it is written, since « {{XI}} » is a number and « {{vi}} » a language."""
