"""Templates → what they say, innermost first, in a bounded number of linear passes.

A template that no map knows says nothing: a word of ours in its place would be a false quotation.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from rag_commons.sources.wikitext import infobox
from rag_commons.sources.wikitext.calls import Call, Handler, parse_call, template_name
from rag_commons.sources.wikitext.french import FAMILIES as FRENCH_FAMILIES
from rag_commons.sources.wikitext.french import TEMPLATES as FRENCH_TEMPLATES
from rag_commons.sources.wikitext.french import WIKITEXT
from rag_commons.sources.wikitext.marks import HOLE, protect_argument
from rag_commons.sources.wikitext.numbers import FRENCH, STYLES, format_number, plain_number
from rag_commons.sources.wikitext.other_wikis import COMMON, FAMILIES, LANGUAGES, nothing

# An article nests templates three or four deep; MediaWiki itself stops at 100.
_PASSES = 24
_INNERMOST = re.compile(r"\{\{([^{}]*+(?:(?:\{(?!\{)|\}(?!\}))[^{}]*+)*+)\}\}")
_PARAMETER = re.compile(r"\{\{\{[^{}|]*+(?:\|([^{}]*+))?\}\}\}")
_FUNCTION = re.compile(r"(#?[^\W\d]+) ?:(.*)", re.DOTALL)
_LEAD_INFOBOX_KEYS = 5
_CHANGES: dict[str, Callable[[str], str]] = {
    "lc": str.lower,
    "uc": str.upper,
    "lcfirst": lambda text: text[:1].lower() + text[1:],
    "ucfirst": lambda text: text[:1].upper() + text[1:],
}


def expand_templates(text: str, wiki: str = "frwiki", title: str = "", *, lead: bool = False) -> str:
    """Return the text with every template replaced by what it says, or by a hole.

    In the `lead`, an unknown template with many named values is read as an infobox.
    """
    if "{{" not in text:
        return text
    if "{{{" in text:
        text = _PARAMETER.sub(lambda match: match[1] or "", text)

    def say(match: re.Match[str]) -> str:
        body = match[1]
        return HOLE if _is_silent(body.partition("|")[0], wiki, lead) else _say(body, wiki, title, lead)

    for _ in range(_PASSES):
        text, found = _INNERMOST.subn(say, text)
        if not found:
            break
    return text


def drop_braces(text: str) -> str:
    """Return the text without the double braces that close nothing."""
    return text.replace("{{", HOLE).replace("}}", HOLE) if "{{" in text or "}}" in text else text


def known(name: str, wiki: str = "frwiki") -> bool:
    """Say whether a map or a rule tells what this template says."""
    return _handler(template_name(name), wiki) is not None


def _say(body: str, wiki: str, title: str, lead: bool) -> str:
    if body == "!":
        return "|"
    call = parse_call(body)
    handler = _handler(call.written, wiki)
    if handler is not None:
        said = handler(call)
        if said and handler in WIKITEXT:
            return said
    elif ":" in call.name or call.written.isupper() or call.name.endswith("pagename"):
        said = _magic(body, call, wiki, title)
    elif lead and "\n" in body and infobox.named_values(call) >= _LEAD_INFOBOX_KEYS:
        said = infobox.infobox_lines(call)
    else:
        said = None
    return protect_argument(said) if said else HOLE


@lru_cache(maxsize=8192)
def _is_silent(name: str, wiki: str, lead: bool) -> bool:
    """Say whether a template of this name says nothing, whatever its arguments."""
    written = template_name(name)
    handler = _handler(written, wiki)
    if handler is None:
        return not (lead or name == "!" or ":" in written or written.isupper() or written.lower().endswith("pagename"))
    return handler is nothing


@lru_cache(maxsize=8192)
def _handler(written: str, wiki: str) -> Handler | None:
    """Return what reads the template of this name on this wiki: its own map, what all wikis share, families of names."""
    name = written.lower()
    french = wiki == "frwiki"
    own = FRENCH_TEMPLATES if french else LANGUAGES.get(wiki, {})
    if handler := own.get(name) or COMMON.get(name):
        return handler
    if infobox.NAME.match(name):
        return infobox.infobox_lines
    for pattern, handler in FRENCH_FAMILIES if french else FAMILIES:
        if pattern.fullmatch(written):
            return handler
    return None


def _magic(body: str, call: Call, wiki: str, title: str) -> str | None:
    """Return what a parser function or a variable says, for those that a reader of the text needs."""
    if call.name in ("pagename", "fullpagename", "basepagename", "subpagename"):
        return title
    function = _FUNCTION.match(body.strip())
    if function is None:
        return None
    name, argument = function[1].lower(), function[2]
    first, _, second = argument.partition("|")
    if name == "formatnum":
        number = format_number(first, STYLES.get(wiki, FRENCH))
        return plain_number(number) if second.strip().lower() == "r" else number
    return _CHANGES[name](argument.strip()) if name in _CHANGES else None
