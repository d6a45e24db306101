"""An abstention as HTML: why there is no answer, ways to widen the search, and the passages that came nearest."""

from urllib.parse import quote

from rag_commons.answers import Answer
from rag_commons.licences.wording import Lang
from rag_commons.rendering.cards import near_card
from rag_commons.rendering.escaping import escape
from rag_commons.rendering.reasons import reason_to_html
from rag_commons.rendering.words import say

NEAREST = 4


def abstention_to_html(answer: Answer, lang: Lang, prefix: str, left_aside: int, interactive: bool) -> str:
    """Return the body of an abstention; `interactive` makes of each way to widen the search a button, which needs the page's script."""
    ways = [_way("widen_words", lang)]
    asked = answer.question
    if left_aside:
        told = say("widen_filters", lang, count=left_aside)
        ways.append(_way(told, lang, "unfiltered", "undo", asked) if interactive else _way(told, lang))
    ways.append(_way("widen_explore", lang, "search_words", "apply", asked) if interactive else _way("widen_explore", lang))
    ways.append(_way("widen_corpus", lang))
    near = "".join(near_card(hit, lang, f"{prefix}near-{hit.rank}", interactive) for hit in answer.seen[:NEAREST])
    nearest = f'<h3>{say("nearest", lang)}</h3><ol class="rc-cards rc-nearest">{near}</ol>' if near else ""
    return (
        f'<div class="rc-abstained" role="note"><h3>{say("abstained", lang)}</h3>{reason_to_html(answer.reason or "", lang)}'
        f"<p>{say('abstained_why', lang)}</p></div>"
        f'<h3>{say("widen", lang)}</h3><ul class="rc-ways">{"".join(ways)}</ul>{nearest}'
    )


def _way(key: str, lang: Lang, action: str | None = None, event: str = "", value: str = "") -> str:
    """Return a way to widen the search, by the key of its words or in words, with the button that takes it."""
    told = say(key, lang) if key.startswith("widen_") else key
    if action is None:
        return f"<li>{escape(told)}</li>"
    words = say(action, lang)
    button = f'<button type="button" class="rc-copy" data-rc-event="{event}" data-rc-value="{quote(value, safe="")}">{words}</button>'
    return f"<li>{escape(told)} {button}</li>"
