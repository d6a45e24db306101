"""Answers as HTML: numbered statements, source cards, what reuse asks, and an abstention that says why.

The one surprise: nothing here is a template. Corpus text goes through `escaping` and nowhere else, since the page that shows
this HTML does not sanitise it.
"""

from collections.abc import Iterable

from rag_commons.answers import Answer, Reference, Statement
from rag_commons.documents import Hit
from rag_commons.licences.wording import Lang
from rag_commons.rendering.abstained import abstention_to_html
from rag_commons.rendering.cards import badge, excerpt, facts, heading, hit_card, reading, rights
from rag_commons.rendering.escaping import escape_line
from rag_commons.rendering.reasons import reason_to_html
from rag_commons.rendering.reuse import copyable, reuse_to_html
from rag_commons.rendering.statements import opening, statements_to_html
from rag_commons.rendering.words import how_to_words, lang_of, say


def answer_to_html(answer: Answer, *, prefix: str = "", left_aside: int = 0, interactive: bool = True) -> str:
    """Return an answer, or an abstention, as one section of HTML.

    `prefix` keeps anchors apart where a page holds several answers; `left_aside` counts the passages that filters kept out;
    `interactive` adds the buttons that need the page's script.
    """
    lang = lang_of(answer.language)
    if answer.abstained:
        body = abstention_to_html(answer, lang, prefix, left_aside, interactive)
    else:
        body = _answer(answer, lang, prefix, interactive)
    question = f'<h2 class="rc-question" dir="auto">{escape_line(answer.question)}</h2>'
    return f'<section class="rc" lang="{lang}" aria-label="{say("answer", lang)}">{question}{body}</section>'


def hits_to_html(hits: Iterable[Hit], lang: Lang, *, prefix: str = "found-") -> str:
    """Return passages that were found, best first, without an answer."""
    cards = [hit_card(hit, lang, f"{prefix}{hit.rank}", 3) for hit in hits]
    if not cards:
        return f'<section class="rc" lang="{lang}"><p class="rc-empty">{say("no_passage", lang)}</p></section>'
    return (
        f'<section class="rc" lang="{lang}"><h2 class="rc-found">{say("passages_found", lang, count=len(cards))}</h2>'
        f'<ol class="rc-cards">{"".join(cards)}</ol></section>'
    )


def _answer(answer: Answer, lang: Lang, prefix: str, interactive: bool) -> str:
    held = {reference.ref: reference.provenance for reference in answer.references}
    cards = "".join(_card(reference, answer.statements, lang, prefix, interactive) for reference in answer.references)
    said = statements_to_html(answer.statements, held, lang, prefix, interactive)
    reason = f'<div class="rc-reason" role="note">{reason_to_html(answer.reason, lang)}</div>' if answer.reason else ""
    return (
        f'<div class="rc-pair"><div class="rc-said">{said}<p class="rc-automatic">{how_to_words(answer, lang)}</p>{reason}'
        f"{_tools(lang, prefix) if interactive else ''}</div>"
        f'<div class="rc-proof"><h3>{say("sources", lang)}</h3><ol class="rc-cards">{cards}</ol></div></div>'
        f"{reuse_to_html(answer, lang, prefix, interactive)}{_consulted(answer, lang, prefix)}"
    )


def _tools(lang: Lang, prefix: str) -> str:
    """Return what one does with an answer at once: copy it with its notices, print it or save it as PDF."""
    copying = f'<button type="button" class="rc-copy" data-rc-answer="{prefix}">{say("copy_answer", lang)}</button>'
    return f'<p class="rc-tools">{copying} <button type="button" class="rc-copy" data-rc-print>{say("print", lang)}</button></p>'


def _card(reference: Reference, statements: Iterable[Statement], lang: Lang, prefix: str, interactive: bool) -> str:
    passage, held = reference.passage, reference.provenance
    spans, backs = [], []
    for number, statement in enumerate(statements, 1):
        quoted = [(citation.start, citation.end) for citation in statement.citations if citation.ref == reference.ref]
        if quoted:
            spans += quoted
            backs.append(f'<a href="#{prefix}phrase-{number}">↑ {say("back", lang, number=number)}</a>')
    credit = copyable(reference.notice, f"{prefix}notice-{reference.ref}", lang, interactive)
    return (
        f'<li class="rc-card" id="{prefix}src-{reference.ref}" tabindex="-1"><article>{heading(passage, held, lang, reference.ref)}'
        f'<div class="rc-main">{excerpt(passage.text, spans, lang, held.language)}{rights(held, lang)}'
        f'<details class="rc-credit"><summary>{say("notice", lang)}</summary>{credit}</details>'
        f'<p class="rc-backs">{" ".join(backs)}</p>{reading(passage.document_id, lang, passage.id) if interactive else ""}</div>'
        f"{facts(passage, held, lang)}</article></li>"
    )


def _consulted(answer: Answer, lang: Lang, prefix: str) -> str:
    cited = {reference.passage.id for reference in answer.references}
    rest = [hit for hit in answer.seen if hit.passage.id not in cited]
    if not rest:
        return ""
    rows = "".join(
        f'<li id="{prefix}seen-{hit.rank}"><strong>{escape_line(hit.provenance.title)}</strong> {badge(hit.provenance.licence, lang)}'
        f"<p>{escape_line(opening(hit.passage.text))}</p></li>"
        for hit in rest
    )
    return f'<details class="rc-consulted"><summary>{say("consulted", lang)} ({len(rest)})</summary><ol>{rows}</ol></details>'
