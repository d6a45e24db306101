"""What templates say on every wiki, and on those of Breton, Occitan, Catalan, Basque, Haitian, Malagasy, Luxembourgish, Alemannic."""

import re

from rag_commons.sources.wikitext.calls import Call, Handler
from rag_commons.sources.wikitext.name_lists import read_pairs
from rag_commons.sources.wikitext.numbers import DOTTED, ENGLISH, FRENCH, NumberStyle, format_number, superscript, units


def first(call: Call) -> str | None:
    """Return the first argument: templates that only dress their text."""
    return call.get("1", "texte", "text", "contenu", "content")


def block(call: Call) -> str | None:
    """Return the first argument on lines of its own: columns, boxes."""
    text = first(call)
    return f"\n{text}\n" if text else None


def second(call: Call) -> str | None:
    """Return the second argument, or the first where there is one only: language, then text."""
    return call.get("2", "texte", "text", "1")


def last(call: Call) -> str | None:
    """Return the last unnamed argument: a sort key, then text."""
    values = call.unnamed()
    return values[-1] if values else None


def nothing(call: Call) -> str | None:
    """Return nothing: templates that say nothing to a reader of the text."""
    return None


def constant(text: str) -> Handler:
    """Return the handler of a template that always says the same."""
    return lambda call: text


def quantity(style: NumberStyle) -> Handler:
    """Return the handler of a number with its unit."""

    def handle(call: Call) -> str | None:
        number, *rest = [*call.unnamed(), ""]
        return f"{format_number(number, style)} {units(rest)}".strip()

    return handle


def century(word: str) -> Handler:
    """Return the handler of a century said as word then numeral: « segle XIII »."""
    return lambda call: f"{word} {call.get('1')}".strip()


def parts(separator: str) -> Handler:
    """Return the handler of values said one after the other."""
    return lambda call: separator.join(value for value in call.unnamed() if value)


def quoted(opening: str, closing: str) -> Handler:
    """Return the handler of a quotation."""

    def handle(call: Call) -> str | None:
        text = call.get("1", "texte", "text", "citation", "cita", "quote")
        return f"{opening}{text}{closing}" if text else None

    return handle


def named(names: str, handler: Handler) -> dict[str, Handler]:
    """Return a map that gives one handler to many names, separated by `|`."""
    return dict.fromkeys(names.split("|"), handler)


COMMON: dict[str, Handler] = {
    **named(
        "nowrap|nobr|nobreak|nobold|small|smaller|big|larger|resize|center|centre|left|right|u|smallcaps|sc|pc|ipa|api|abbr|abr|tooltip|em|strong",
        first,
    ),
    **named("lang|langue|llengua|hizkuntza|lenga|transl|script|font color|font", second),
    **named("convert|unité|unite|unit|unitat|unitats|nombre|nb|val", quantity(FRENCH)),
    **named("sort|dts|hs", last),
    **named("sup|exp", lambda call: superscript(call.get("1"))),
    **named("sub|ind", first),
    **named("=", constant("=")),
    **named("'|apostrophe", constant("'")),
    **named("…|...|ellipsis", constant("…")),
    **named("·|•|dot|bullet|\\", constant("·")),
    **named("–|ndash|spaced ndash|snd|dash", constant("–")),
    **named("—|mdash", constant("—")),
    **named("°c", constant("°C")),
    **named("clear|clr|-|toc|reflist|references|ref|commons|commonscat|coord|main|see also", nothing),
}
"""What is the same everywhere."""


def _countries(language: str) -> dict[str, Handler]:
    return {code: constant(name) for code, name in read_pairs("names.txt", f"countries-{language}").items()}


def numbered(before: str, after: str) -> Handler:
    """Return the handler of a number between two words: « 19. mendea »."""
    return lambda call: f"{before}{call.get('1')}{after}" if call.get("1") else None


_DATE = parts(" ")
LANGUAGES: dict[str, dict[str, Handler]] = {
    "brwiki": {
        **named("kantved", numbered("", " kantved")),
        **named("deiziad|deiziad ganedigezh|deiziad marv", _DATE),
        **named("añ", constant("añ")),
        **named("vet", constant("vet")),
        **named("lfe-de|lfe|lfe-br|lfe-fr|lfe-en", first),
        **named("meneg|arroud", quoted("« ", " »")),
        **named("bro-c'hall", constant("Bro-C'hall")),
        **named("sua", constant("SUA")),
        **named("uk", constant("Rouantelezh-Unanet")),
        **_countries("br"),
    },
    "ocwiki": {
        **named("sègle|segle|s", century("sègle")),
        **named("data|data de naissença|data de decès|date", _DATE),
        **named("citacion|citar", quoted("« ", " »")),
        **named("nombre|unitat|unité", quantity(FRENCH)),
        **_countries("oc"),
    },
    "cawiki": {
        **named("segle|s", century("segle")),
        **named("data|data naixement|data naixement i edat|data defunció|data defunció i edat", _DATE),
        **named("unitats|unitat|nombre|num|fn", quantity(DOTTED)),
        **named("cita|citació|«»", quoted("«", "»")),
        **named("versaleta|romanes|afi|esborrar", first),
        **named("ac|aec", constant("aC")),
        **named("dc|dec", constant("dC")),
        **named("e", numbered("", "è")),
    },
    "euwiki": {
        **named("mende", numbered("", ". mendea")),
        **named("data|jaiotze data|heriotza data|jaiotza data eta adina", _DATE),
        **named("aipu|aipua", quoted("«", "»")),
        **named("unitate|unitatea", quantity(DOTTED)),
        **named("nafe", first),
    },
    "htwiki": {
        **named("dat|dat nesans|dat lanmò", _DATE),
        **named("sitasyon", quoted("« ", " »")),
        **named("inite|convert", quantity(ENGLISH)),
    },
    "mgwiki": {
        **named("daty|daty nahaterahana|daty nahafatesana", _DATE),
        **named("taonjato|s", numbered("taonjato faha-", "")),
    },
    "lbwiki": {
        **named("datum|gebuer|gestuerwen", _DATE),
        **named("zitat", quoted("„", "“")),
        **named("joerhonnert", numbered("", ". Joerhonnert")),
    },
    "alswiki": {
        **named("datum", _DATE),
        **named("zitat", quoted("„", "“")),
        **named("lautschrift|ipa", first),
        **named("zahl", quantity(DOTTED)),
    },
}
"""What is a wiki's own."""


def _itself(call: Call) -> str | None:
    """Return the name of the template: « XIIvet »."""
    return f"{call.written} {call.get('1')}".strip()


FAMILIES: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (re.compile(r"(?:[IVXLC]{1,7}|\d{1,4})(?:vet|añ|re|de|e|er|è|a|en|n|t)"), _itself),
    (re.compile(r"[Ll]ang-[a-z]{2,3}"), first),
    (re.compile(r"(?:cite|citar|navi).{1,40}", re.IGNORECASE), nothing),
)
"""Rules for names that a map can't list."""
