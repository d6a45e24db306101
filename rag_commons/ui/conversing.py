"""The conversation: how a follow-up question was understood, and where the questions of this browser are listed, which it alone keeps."""

from functools import cache
from importlib.resources import files
from urllib.parse import quote

from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import escape_line
from rag_commons.ui.linking import PATHS
from rag_commons.ui.wording import word


@cache
def history_script() -> str:
    """Return what lists the questions asked from this browser."""
    return files(__package__).joinpath("history.js").read_text(encoding="utf-8")


def history_to_html(lang: Lang) -> str:
    """Return the place of that list, filled by the browser, and the button that forgets it."""
    return (
        f'<details class="rc rc-history" lang="{lang}" data-page="{PATHS[lang]}" hidden>'
        f'<summary>{word("history", lang)} (<span class="rc-count">0</span>)</summary><p><small>{word("history_why", lang)}</small></p>'
        f'<ol></ol><button type="button" class="rc-copy">{word("erase", lang)}</button></details>'
    )


def understood_to_html(asked: str, understood: str, lang: Lang) -> str:
    """Return how a follow-up question was understood, and the button that asks it as it was typed."""
    return (
        f'<div class="rc rc-understood" lang="{lang}" role="note"><p>{word("understood", lang)} <strong lang="fr">'
        f"{escape_line(understood)}</strong> <small>{word('from_before', lang)}</small></p>"
        f'<button type="button" class="rc-copy" data-rc-event="retry" data-rc-value="{quote(asked, safe="")}">'
        f"{word('as_typed', lang)}</button></div>"
    )
