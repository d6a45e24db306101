"""Escaping: what a corpus says becomes text in HTML, and an address only when it leads to the web.

The one surprise: braces and dollar signs are escaped too, since the page passes through a template engine.
"""

import html
import unicodedata
from urllib.parse import urlsplit

from rag_commons.licences.lines import one_address, one_line

_TEMPLATE = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;"})
# kept: they join letters or only mark where a word may break; every other format character turns or hides text
_JOINERS = "\u00ad\u200c\u200d"


def escape(text: str) -> str:
    """Return a text of several lines as HTML: direction and control characters gone, everything else shown as it is."""
    shown = text if text.isascii() and text.isprintable() else "".join(map(_shown, text))
    return html.escape(shown, quote=True).translate(_TEMPLATE)


def escape_line(text: str) -> str:
    """Return a text as one line of HTML, fit for an attribute too."""
    return html.escape(one_line(text), quote=True).translate(_TEMPLATE)


def web_address(url: str | None) -> str | None:
    """Return an http or https address on one line, None for every other scheme: no javascript:, no data:, no file:."""
    if not url:
        return None
    address = one_address(url)
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def link(url: str | None, label: str, rel: str = "noopener noreferrer") -> str:
    """Return a link to the web; `label` is HTML already. What is no web address stays a label without a link."""
    address = web_address(url)
    if address is None:
        return label
    return f'<a href="{html.escape(address, quote=True).translate(_TEMPLATE)}" rel="{rel}" target="_blank">{label}</a>'


def _shown(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category in ("Zl", "Zp"):
        return "\n"
    if category == "Cc":
        return " "
    if category == "Cs" or (category == "Cf" and character not in _JOINERS):
        return ""
    return character
