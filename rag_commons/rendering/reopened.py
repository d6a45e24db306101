"""An answer made again from its link, and its own address, as HTML."""

from html import escape as escape_attribute

from rag_commons.answering.links import AnswerLink, link_to_query
from rag_commons.answering.reopening import Recited, Reopened
from rag_commons.licences.wording import Lang
from rag_commons.rendering.cards import reading
from rag_commons.rendering.escaping import escape_line
from rag_commons.rendering.html import answer_to_html
from rag_commons.rendering.takeaway import takeaway_to_html
from rag_commons.rendering.words import lang_of, say


def reopened_to_html(reopened: Reopened, page: str) -> str:
    """Return what became of the link's citations, then the answer made of those whose passage is the same; `page`: its address."""
    answer = reopened.answer
    lang = lang_of(answer.language)
    changed = f" {say('index_changed', lang)}" if reopened.link.build != answer.index_build else ""
    lost = "".join(_lost(one, lang) for one in reopened.lost)
    told = (
        f'<section class="rc" lang="{lang}" aria-label="{say("reopened", lang)}"><div class="rc-reopened" role="note">'
        f"<p><strong>{say('reopened', lang)}</strong> {say('reopened_why', lang)}{changed}</p>"
        f"{f'<ul>{lost}</ul>' if lost else ''}</div></section>"
    )
    if not answer.abstained:
        return told + answer_to_html(answer) + takeaway_to_html(answer) + address_to_html(reopened.link, page, lang)
    question = f'<h2 class="rc-question" dir="auto">{escape_line(answer.question)}</h2>'
    return f'{told}<section class="rc" lang="{lang}">{question}<p class="rc-empty">{say("all_changed", lang)}</p></section>'


def address_to_html(link: AnswerLink, page: str, lang: Lang) -> str:
    """Return the address of an answer on a page and the button that copies it, which needs the page's script."""
    address = escape_attribute(f"{page}?{link_to_query(link)}", quote=True)
    if not link.cited:
        # a question without an answer is not worth a button, but the page is at its address all the same
        return f'<a class="rc-address" id="answer-address" href="{address}" hidden></a>'
    link_here = f'<a class="rc-address" id="answer-address" href="{address}">{say("answer_address", lang)}</a>'
    button = f'<button type="button" class="rc-copy" data-rc-copy="answer-address">{say("copy_link", lang)}</button>'
    return f'<p class="rc rc-linking" lang="{lang}">{link_here} {button}</p>'


def _lost(one: Recited, lang: Lang) -> str:
    where = say("citation_of", lang, statement=one.cited.statement, ref=one.ref)
    told = say(f"{one.state}_since", lang)
    opening = reading(one.document_id, lang) if one.state == "modified" else ""
    return f'<li><strong class="rc-state">{say(f"state_{one.state}", lang)}</strong> {where}{say("colon", lang)}{told}{opening}</li>'
