"""The tab where one looks around: passages without an answer, ways into the index, lists of documents, a document read whole."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from rag_commons.answering.links import LONGEST_QUESTION
from rag_commons.errors import CommonsError
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.document import document_to_html, entries_to_html
from rag_commons.rendering.facets import chosen_to_html, facets_to_html
from rag_commons.rendering.html import hits_to_html
from rag_commons.rendering.words import language_name, say
from rag_commons.retrieval.filters import Filters
from rag_commons.ui.asker import Asker
from rag_commons.ui.block import block, told
from rag_commons.ui.filtering import FilterBox, Values, cost_to_html, filters_of
from rag_commons.ui.steps import message_to_html
from rag_commons.ui.wording import word

PASSAGES = 20


@dataclass(frozen=True, slots=True)
class Explored:
    """What other tabs may speak to: the results, the document, the button that closes it, what opens one, and what looks for words.

    `looked` is what `look` fills, in its order, after the tabs.
    """

    found: gr.HTML
    document: gr.HTML
    closing: gr.Button
    open: Callable[[gr.EventData], tuple[object, ...]]
    look: Callable[[gr.EventData], tuple[object, ...]]
    looked: list[gr.components.Component]


def explore_tab(asker: Asker, lang: Lang, script: str) -> Explored:
    """Lay the tab out."""
    with gr.Row(elem_classes="rc-asking", equal_height=False):
        words = gr.Textbox(
            label=word("explore", lang),
            placeholder=word("explore_hint", lang),
            max_length=LONGEST_QUESTION,
            lines=1,
            max_lines=4,
            scale=6,
            min_width=240,
            elem_id="words",
        )
        button = gr.Button(word("explore_button", lang), variant="primary", scale=1, min_width=130, elem_id="search")
    box = FilterBox(asker.manifest, lang)
    closing = gr.Button(word("back_to_list", lang), visible=False, size="sm", elem_id="close")
    document = block(script=script, name="document", visible=False)
    found = block(_found(asker, "", lang, Filters()), script, "found")

    def shown(asked: str, filters: Filters) -> tuple[object, ...]:
        html = _found(asker, asked, lang, filters)
        return gr.HTML(html, visible=True), gr.Button(visible=False), gr.HTML("", visible=False), cost_to_html(asker, lang, filters)

    def search(asked: str, *values: Values) -> tuple[object, ...]:
        return shown((asked or "").strip()[:LONGEST_QUESTION], filters_of(*values))

    def open_document(event: gr.EventData) -> tuple[object, ...]:
        html = _document(asker, getattr(event, "document", None), lang)
        return gr.Tabs(selected="explore"), gr.HTML(visible=False), gr.Button(visible=True), gr.HTML(html, visible=True)

    def look(event: gr.EventData) -> tuple[object, ...]:
        asked = told(event).strip()[:LONGEST_QUESTION]
        return gr.Tabs(selected="explore"), asked, *box.values(Filters(), asker.manifest), *shown(asked, Filters())

    def close() -> tuple[object, ...]:
        return gr.HTML(visible=True), gr.Button(visible=False), gr.HTML("", visible=False)

    def choose(event: gr.EventData) -> tuple[object, ...]:
        kind, name = told(event, "kind"), told(event)
        filters = filters_of(**{kind: [name]}) if kind in box.named else Filters()
        return "", *box.values(filters, asker.manifest), *shown("", filters)

    outputs = [found, closing, document, box.cost]
    gr.on([button.click, words.submit], search, [words, *box.inputs], outputs, queue=False, api_visibility="private")
    gr.on(
        box.chosen,
        search,
        [words, *box.inputs],
        outputs,
        show_progress="hidden",
        trigger_mode="always_last",
        queue=False,
        api_visibility="private",
    )
    # one request for the box and what it leaves: several would race, and the one of before might come last
    looked = [words, *box.inputs, *outputs]
    found.select(choose, None, looked, show_progress="hidden", queue=False, api_visibility="private")
    closing.click(close, None, [found, closing, document], queue=False, api_visibility="private")
    return Explored(found, document, closing, open_document, look, looked)


def _found(asker: Asker, asked: str, lang: Lang, filters: Filters) -> str:
    try:
        if asked:
            return hits_to_html(asker.search(asked, filters, PASSAGES).hits, lang)
        ways = facets_to_html(asker.manifest, lang) if filters == Filters() else chosen_to_html(_names(filters, lang), lang)
        listed = asker.entries(filters)
        if listed.total and not listed.entries:
            return f'{ways}<p class="rc rc-choose" lang="{lang}">{word("too_many", lang)}</p>'
        return ways + entries_to_html(listed.entries, lang, listed.total)
    except CommonsError as error:
        return message_to_html(f"{word('failed', lang)} : {error}", lang)


def _names(filters: Filters, lang: Lang) -> list[str]:
    """Return what filters ask for, in words."""
    named = [word(use, lang) for use in filters.allow]
    named += [licence(name).badge for name in filters.licences]
    named += [*filters.collections, *filters.holders, *(language_name(tag, lang) for tag in filters.languages)]
    return named + [f"{word(key, lang)} {year}" for key, year in zip(("since", "until"), filters.years, strict=True) if year is not None]


def _document(asker: Asker, identity: object, lang: Lang) -> str:
    read = asker.document(identity) if isinstance(identity, str) else None
    return document_to_html(*read, lang) if read else message_to_html(say("gone", lang), lang)
