"""HTML-like elements of wikitext: comments, notes, galleries, formulas, and the tags around text.

Formulas are kept as their TeX source: a sentence that loses its formula says nothing. Every pass is linear, unclosed
elements included: an opening tag that is never closed is dropped alone.
"""

import re

from rag_commons.sources.wikitext.marks import BREAK, CELL, HOLE, protect
from rag_commons.sources.wikitext.numbers import superscript

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DROPPED = (
    "ref|references|gallery|timeline|score|graph|chart|mapframe|maplink|hiero|templatedata|templatestyles|imagemap|inputbox|categorytree|"
    "includeonly|style|script"
)
_VERBATIM = "nowiki|math|chem|ce|pre|syntaxhighlight|source"
_OPENING = re.compile(
    rf"<(?P<name>{_DROPPED}|{_VERBATIM}|span(?=[^<>]{{0,200}}display\s?:\s?none))(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_CLOSING = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in [*_DROPPED.split("|"), *_VERBATIM.split("|"), "span"]}
_KEPT_VERBATIM = frozenset(_VERBATIM.split("|"))
# notes hang on words and leave nothing behind, but for one alone in brackets
_LEAVES_HOLE = frozenset({"gallery", "timeline", "score", "graph", "chart", "math", "hiero", "imagemap"})

_BREAK_TAG = re.compile(r"<(?:br|hr)\b[^<>]*>\s*", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:p|div|center|blockquote|poem|ul|ol|dl|table|caption)\b[^<>]*>", re.IGNORECASE)
_ROW_TAG = re.compile(r"<(?:tr|li|dt|dd)\b[^<>]*>", re.IGNORECASE)
_CELL_TAG = re.compile(r"</t[dh]\s*>\s*(?=<t[dh]\b)", re.IGNORECASE)
_SUPERSCRIPT = re.compile(r"<sup[^<>]*>\s*([-−+]?\d{1,9})\s*</sup\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")


def drop_comments(text: str) -> str:
    """Return the text without comments; as MediaWiki does, an unclosed one runs to the end."""
    return _COMMENT.sub("", text) if "<!--" in text else text


def drop_elements(text: str) -> str:
    """Return the text without notes, galleries and their like; what is verbatim (nowiki, formulas, code) is protected."""
    parts: list[str] = []
    place = 0
    unclosed: set[str] = set()
    while opening := _OPENING.search(text, place):
        name = opening["name"].lower()
        parts.append(text[place : opening.start()])
        place = opening.end()
        if opening[0].endswith("/>") or name in unclosed:
            continue
        closing = _CLOSING[name].search(text, place)
        if closing is None:
            unclosed.add(name)
            continue
        if name in _KEPT_VERBATIM:
            parts.append(_verbatim(name, text[place : closing.start()]))
        elif name in _LEAVES_HOLE or text[opening.start() - 1 : opening.start()] == "(":
            parts.append(HOLE)
        place = closing.end()
    parts.append(text[place:])
    return "".join(parts)


def _verbatim(name: str, content: str) -> str:
    if name in ("math", "chem", "ce"):
        content = " ".join(content.split()) or HOLE
    return protect(content)


def drop_tags(text: str) -> str:
    """Return the text without tags: exponents become exponents, line breaks a mark, all else its content."""
    if "<" not in text:
        return text
    text = _SUPERSCRIPT.sub(lambda match: superscript(match[1]), text)
    text = _BLOCK_TAG.sub("\n", _BREAK_TAG.sub(BREAK, text))
    text = _CELL_TAG.sub(CELL, text)
    text = _ROW_TAG.sub("\n", text)
    return _TAG.sub("", text)
