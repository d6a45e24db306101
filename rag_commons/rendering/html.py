"""Answers as HTML: numbered statements, source cards, what reuse asks, and an abstention that says why.

The one surprise: nothing here is a template. Corpus text goes through `escaping` and nowhere else, since the page that shows
this HTML does not sanitise it.
"""

from collections.abc import Iterable

from rag_commons.answers import Answer, Reference, Statement
from rag_commons.documents import Hit
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.cards import badge, excerpt, facts, heading, hit_card, reading, rights, spoken
from rag_commons.rendering.escaping import escape, escape_line
from rag_commons.rendering.reuse import copyable, reuse_to_html
from rag_commons.rendering.words import lang_of, say

NEAREST = 4


def answer_to_html(answer: Answer, *, prefix: str = "", left_aside: int = 0, interactive: bool = True) -> str:
    """Return an answer, or an abstention, as one section of HTML.

    `prefix` keeps anchors apart where a page holds several answers; `left_aside` counts the passages that filters kept out;
    `interactive` adds the buttons that need the page's script.
    """
    lang = lang_of(answer.language)
    body = _abstention(answer, lang, prefix, left_aside) if answer.abstained else _answer(answer, lang, prefix, interactive)
    question = f'<h2 class="rc-question" dir="auto">{escape_line(answer.question)}</h2>'
    return (
        f'<section class="rc" lang="{lang}" aria-label="{say("answer", lang)}">'
        f'<p class="rc-eyebrow">{say("question", lang)}</p>{question}{body}</section>'
    )


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
    statements = "".join(
        _statement(statement, number, held, lang, prefix, interactive) for number, statement in enumerate(answer.statements, 1)
    )
    cards = "".join(_card(reference, answer.statements, lang, prefix, interactive) for reference in answer.references)
    how = say("verbatim" if answer.reuse.form == "collection" else "reworded", lang)
    return (
        f'<ol class="rc-statements">{statements}</ol><p class="rc-automatic">{say("automatic", lang)} {how}</p>'
        f'<h3>{say("sources", lang)}</h3><ol class="rc-cards">{cards}</ol>'
        f"{reuse_to_html(answer, lang, prefix, interactive)}{_consulted(answer, lang, prefix)}"
    )


def _statement(statement: Statement, number: int, held: dict[int, Provenance], lang: Lang, prefix: str, interactive: bool) -> str:
    marks = []
    for ref, quote in {citation.ref: citation.quote for citation in statement.citations}.items():
        label = escape_line(say("see_source", lang, ref=ref, title=held[ref].title))
        own = f"{prefix}peek-{number}-{ref}"
        # the script places the preview and lets Escape close it; without it the quoted words are a title
        told = f'aria-describedby="{own}"' if interactive else f'title="{escape_line(f"« {quote} »")}"'
        preview = _preview(own, quote, held[ref], lang) if interactive else ""
        marks.append(
            f'<sup class="rc-cite"><a class="rc-ref" href="#{prefix}src-{ref}" aria-label="{label}" {told}>[{ref}]</a>{preview}</sup>'
        )
    language = held[statement.citations[0].ref].language if statement.citations else None
    words = f'<span dir="auto"{spoken(language)}>{escape(statement.text)}</span>'
    return f'<li id="{prefix}phrase-{number}" tabindex="-1">{words}{"".join(marks)}</li>'


def _preview(own: str, quote: str, held: Provenance, lang: Lang) -> str:
    """Return what is shown of a source while its number is pointed at or has the focus."""
    who = " · ".join(escape_line(part) for part in (*held.authors, held.holder) if part)
    return (
        f'<span class="rc-peek" role="tooltip" id="{own}"><strong dir="auto">{escape_line(held.title)}</strong> '
        f'<span class="rc-peek-who">{who}{" — " if who else ""}{escape_line(licence(held.licence).badge)}</span> '
        f'<span class="rc-peek-words"{spoken(held.language)} dir="auto">« {escape_line(_opening(quote, 320))} »</span></span>'
    )


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
        f"<p>{escape_line(_opening(hit.passage.text))}</p></li>"
        for hit in rest
    )
    return f'<details class="rc-consulted"><summary>{say("consulted", lang)} ({len(rest)})</summary><ol>{rows}</ol></details>'


def _abstention(answer: Answer, lang: Lang, prefix: str, left_aside: int) -> str:
    ways = [say("widen_words", lang)]
    if left_aside:
        ways.append(say("widen_filters", lang, count=left_aside))
    ways += [say("widen_explore", lang), say("widen_corpus", lang)]
    near = "".join(hit_card(hit, lang, f"{prefix}near-{hit.rank}") for hit in answer.seen[:NEAREST])
    nearest = f'<h3>{say("nearest", lang)}</h3><ol class="rc-cards">{near}</ol>' if near else ""
    return (
        f'<div class="rc-abstained" role="note"><h3>{say("abstained", lang)}</h3><p lang="fr">{escape_line(answer.reason or "")}</p>'
        f"<p>{say('abstained_why', lang)}</p></div>"
        f'<h3>{say("widen", lang)}</h3><ul class="rc-ways">{"".join(map(_way, ways))}</ul>{nearest}'
    )


def _opening(text: str, length: int = 180) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def _way(text: str) -> str:
    """Return a way to widen the search; what stands between backquotes is a command."""
    parts = [f"<code>{escape(part)}</code>" if number % 2 else escape(part) for number, part in enumerate(text.split("`"))]
    return f"<li>{''.join(parts)}</li>"
