"""Ways into an index: its licences, collections, institutions and languages, each with its share as a bar that one may choose."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

from rag_commons.index.manifest import Count, Manifest
from rag_commons.licences.lines import one_line
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.corpus import number
from rag_commons.rendering.escaping import escape_line
from rag_commons.rendering.words import language_name, say

# bars shown of each kind before the rest is folded
_FIRST = 6
# beyond this many, one searches
_MOST = 200


def facets_to_html(manifest: Manifest, lang: Lang) -> str:
    """Return the four lists of bars; each needs the page's script, which is told the kind and the name that were chosen."""
    total = manifest.documents
    groups = (
        _group("by_collection", "collections", manifest.collections, total, lang, one_line),
        _group("by_holder", "holders", manifest.holders, total, lang, one_line),
        _group("by_licence", "licences", manifest.licences, total, lang, lambda name: licence(name).badge),
        _group("by_language", "languages", manifest.languages, total, lang, lambda tag: language_name(tag, lang)),
    )
    return f'<section class="rc rc-facets" lang="{lang}" aria-label="{say("browse", lang)}">{"".join(groups)}</section>'


def chosen_to_html(names: list[str], lang: Lang) -> str:
    """Return the names that a list is held to, and the button that shows everything again."""
    shown = ", ".join(f"<strong>{escape_line(name)}</strong>" for name in names)
    button = f'<button type="button" class="rc-copy" data-rc-event="select" data-rc-value="">{say("browse_all", lang)}</button>'
    return f'<p class="rc rc-chosen" lang="{lang}">{say("held_to", lang)} {shown} {button}</p>'


def _group(key: str, kind: str, counts: Mapping[str, Count], total: int, lang: Lang, shown: Callable[[str], str]) -> str:
    named = [(name, count) for name, count in counts.items() if name and name != "und"]
    named.sort(key=lambda item: (-item[1].documents, item[0]))
    rows = [_row(kind, name, count.documents, total, lang, shown(name)) for name, count in named[:_MOST]]
    more = "".join(rows[_FIRST:])
    folded = f"<details><summary>{say('more', lang, count=len(rows) - _FIRST)}</summary><ul>{more}</ul></details>" if more else ""
    own = f"browse-{kind}"
    return f'<div role="group" aria-labelledby="{own}"><h3 id="{own}">{say(key, lang)}</h3><ul>{"".join(rows[:_FIRST])}</ul>{folded}</div>'


def _row(kind: str, name: str, documents: int, total: int, lang: Lang, shown: str) -> str:
    share = 100 * documents / total if total else 0.0
    count = f"{number(documents, lang)} {say('document' if documents == 1 else 'documents', lang)}"
    return (
        f'<li><button type="button" class="rc-facet" data-rc-event="select" data-rc-kind="{kind}" data-rc-value="{quote(name, safe="")}">'
        f'<span class="rc-facet-name" dir="auto">{escape_line(shown)}</span> <span class="rc-facet-count">{count}</span>'
        f'<span class="rc-facet-bar" aria-hidden="true"><span style="width:{share:.1f}%"></span></span></button></li>'
    )
