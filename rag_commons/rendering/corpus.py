"""The card of an index: what is in it, from where, under what, and what was refused, as HTML."""

from collections.abc import Callable, Mapping

from rag_commons.index.manifest import Count, Manifest
from rag_commons.licences.wording import Lang
from rag_commons.rendering.cards import badge
from rag_commons.rendering.escaping import escape_line
from rag_commons.rendering.words import date_words, language_name, say


def manifest_to_html(name: str, manifest: Manifest, lang: Lang) -> str:
    """Return the figures of an index and its counts by licence, collection, institution and language."""
    facts = (
        ("index", escape_line(name)),
        ("documents", number(manifest.documents, lang)),
        ("passages", number(manifest.passages, lang)),
        ("text_size", say("megabytes", lang, count=decimal(manifest.total.text_bytes / 1e6, lang))),
        ("created", escape_line(date_words(manifest.created, lang))),
        ("build", f"<code>{escape_line(manifest.build[:16])}</code>"),
        ("encoder", escape_line(f"{manifest.encoder.id} ({manifest.encoder.dimension})")),
    )
    rows = "".join(f"<div><dt>{say(key, lang).capitalize()}</dt><dd>{value}</dd></div>" for key, value in facts)
    return (
        f'<section class="rc rc-corpus" lang="{lang}"><dl class="rc-figures">{rows}</dl>'
        f"{_table('by_licence', manifest.licences, manifest.passages, lang, lambda name: badge(name, lang))}"
        f"{_table('by_collection', manifest.collections, manifest.passages, lang, escape_line)}"
        f"{_table('by_holder', manifest.holders, manifest.passages, lang, escape_line)}"
        f"{_table('by_language', manifest.languages, manifest.passages, lang, lambda tag: escape_line(language_name(tag, lang)))}"
        f"{_refusals(manifest.refusals, lang)}</section>"
    )


def number(count: int, lang: Lang) -> str:
    """Return a whole number with its thousands apart, as the language writes them."""
    return f"{count:,}".replace(",", "\u202f" if lang == "fr" else ",")


def decimal(value: float, lang: Lang) -> str:
    """Return a number with one decimal, as the language writes it."""
    return f"{value:.1f}".replace(".", "," if lang == "fr" else ".")


def _table(key: str, counts: Mapping[str, Count], total: int, lang: Lang, shown: Callable[[str], str]) -> str:
    rows = []
    for name, count in sorted(counts.items(), key=lambda item: (-item[1].passages, item[0])):
        share = 100 * count.passages / total if total else 0.0
        label = shown(name) if name and name != "und" else say("unstated", lang)
        rows.append(
            f'<tr><th scope="row">{label}</th><td>{number(count.documents, lang)}</td><td>{number(count.passages, lang)}</td>'
            f'<td><span class="rc-bar"><span style="width:{share:.1f}%"></span></span> {decimal(share, lang)} %</td></tr>'
        )
    head = "".join(f'<th scope="col">{say(word, lang).capitalize()}</th>' for word in ("name", "documents", "passages", "share"))
    return (
        f'<h2 class="rc-found" id="{key}">{say(key, lang)}</h2>'
        f'<div class="rc-scroll" role="region" tabindex="0" aria-labelledby="{key}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _refusals(refusals: Mapping[str, int], lang: Lang) -> str:
    if not refusals:
        return f'<h2 class="rc-found">{say("refusals", lang)}</h2><p>{say("no_refusal", lang)}</p>'
    rows = "".join(f"<li><code>{escape_line(reason)}</code> {number(count, lang)}</li>" for reason, count in sorted(refusals.items()))
    return f'<h2 class="rc-found">{say("refusals", lang)}</h2><ul class="rc-refusals">{rows}</ul>'
