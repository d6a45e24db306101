"""Lines of a notice: a field that comes from a corpus becomes one line, or one address, that can forge nothing.

The one surprise: format characters that turn or hide text go too, so that what is read is what is stored.
"""

import unicodedata

# kept: they join letters in Persian, Indic scripts and emoji, or only mark where a word may break
_JOINERS = "\u00ad\u200c\u200d"


def one_line(text: str) -> str:
    """Return the text on one line: white space and controls collapsed to a space, hidden characters removed."""
    if not text.isascii() or not text.isprintable():
        text = "".join(map(_plain, text))
    return " ".join(text.split())


def one_address(url: str) -> str:
    """Return an address as a single word, its spaces percent-encoded."""
    return one_line(url).replace(" ", "%20")


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    # Cf turns or hides text; a lone surrogate (Cs) cannot be written at all
    if category == "Cs" or (category == "Cf" and character not in _JOINERS):
        return ""
    return character
