"""The cells of a table as text: numbers as they are written, lists in one line, HTML taken off."""

import re

from lxml import etree

from rag_commons.sources.xml import local_name

_MARKED = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:[a-zA-Z]{2,8}|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_BLOCKS = frozenset("address article blockquote br dd div dl dt figcaption h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul".split())
_EMPTY = frozenset(("br", "hr"))
_HIDDEN = frozenset(("script", "style", "template", "title"))
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")
# what a program reads as the end of a line but a text here must not hold
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def cell_text(value: object) -> str:
    """Return a cell as text, trimmed; empty for null, for an object and for blank text."""
    if isinstance(value, list):
        return ", ".join(filter(None, (cell_text(item) for item in value if not isinstance(item, list | dict))))
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _LINE_ENDS.sub("\n", str(value)).replace("\0", "")
    if _MARKED.search(text):
        text = _without_markup(text)
    return _BLANK_LINES.sub("\n\n", _LINES.sub("\n", _SPACES.sub(" ", text))).strip()


def _without_markup(text: str) -> str:
    """Return HTML as text, its blocks on lines of their own; text that no parser reads is left as it is."""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(f"<div>{text}</div>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return text
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = local_name(element)
        hidden += (1 if event == "start" else -1) * (tag in _HIDDEN)
        if tag in _BLOCKS and (event == "start" or tag not in _EMPTY):
            parts.append("\n")
        held = element.text if event == "start" else element.tail
        if held and not hidden:
            parts.append(held)
    return "".join(parts)
