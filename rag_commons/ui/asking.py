"""The tab where one asks: a question, examples, filters, the steps as they happen, the answer."""

from collections.abc import Iterator

import gradio as gr

from rag_commons.answering.links import LONGEST_QUESTION, link_of
from rag_commons.answers import Answer
from rag_commons.errors import CommonsError
from rag_commons.licences.wording import Lang
from rag_commons.rendering.corpus import number
from rag_commons.rendering.html import answer_to_html
from rag_commons.rendering.reopened import address_to_html
from rag_commons.rendering.takeaway import takeaway_to_html
from rag_commons.ui.asker import Asker
from rag_commons.ui.block import block
from rag_commons.ui.examples import EXAMPLES
from rag_commons.ui.filtering import FilterBox, filters_of
from rag_commons.ui.linking import PATHS, SHOW_ADDRESS, reopen_on_load
from rag_commons.ui.steps import answered_to_html, message_to_html, steps_to_html
from rag_commons.ui.wording import word

Values = list[str] | None


def ask_tab(page: gr.Blocks, asker: Asker, lang: Lang, script: str) -> gr.HTML:
    """Lay the tab out on a page and return where the answer is shown."""
    with gr.Row(elem_classes="rc-asking", equal_height=False):
        question = gr.Textbox(
            label=word("question", lang),
            placeholder=word("question_hint", lang),
            max_length=LONGEST_QUESTION,
            lines=1,
            max_lines=4,
            scale=6,
            min_width=240,
            elem_id="question",
        )
        button = gr.Button(word("ask", lang), variant="primary", scale=1, min_width=130, elem_id="ask")
    box = FilterBox(asker.manifest, lang)
    with gr.Accordion(word("examples", lang), open=True, elem_classes="rc-examples") as examples, gr.Row():
        datasets = [
            gr.Dataset(
                components=[gr.Textbox(visible=False)],
                samples=[[one] for one in questions],
                sample_labels=list(questions),
                label=word(audience, lang),
                min_width=220,
            )
            for audience, questions in EXAMPLES.items()
        ]
    steps = block()
    shown = block(script=script, name="answer")

    def ask(asked: str, *values: Values) -> Iterator[tuple[object, ...]]:
        asked = (asked or "").strip()[:LONGEST_QUESTION]
        if not asked:
            yield message_to_html(word("no_question", lang), lang), gr.skip(), gr.skip()
            return
        try:
            yield from _answer(asker, asked, lang, *values)
        except CommonsError as error:
            yield message_to_html(f"{word('failed', lang)} : {error}", lang), "", gr.skip()

    def cost(*values: Values) -> str:
        return cost_to_html(asker, lang, *values)

    outputs = [steps, shown, examples]
    # the private events below are those of the page itself; programs have the REST API
    asked = gr.on([button.click, question.submit], ask, [question, *box.inputs], outputs, show_progress="hidden", api_visibility="private")
    asked.then(None, js=SHOW_ADDRESS)
    for dataset in datasets:
        dataset.click(lambda sample: sample[0], dataset, question, show_progress="hidden", api_visibility="private").then(
            ask, [question, *box.inputs], outputs, show_progress="hidden", api_visibility="private"
        ).then(None, js=SHOW_ADDRESS)
    gr.on([one.change for one in box.inputs], cost, box.inputs, box.cost, show_progress="hidden", api_visibility="private")
    reopen_on_load(page, asker, lang, [*outputs, question, *box.inputs])
    return shown


def cost_to_html(asker: Asker, lang: Lang, *values: Values) -> str:
    """Return what the filters leave aside, in words; nothing where they leave nothing aside."""
    left = asker.left_aside(filters_of(*values))
    if not left:
        return ""
    total = asker.manifest.passages
    told = word("left_aside", lang, count=number(left, lang), total=number(total, lang))
    warning = f" <strong>{word('nothing_left', lang)}</strong>" if left == total else ""
    return f'<p class="rc rc-cost" lang="{lang}" role="status">{told}{warning}</p>'


def _answer(asker: Asker, asked: str, lang: Lang, *values: Values) -> Iterator[tuple[object, ...]]:
    filters = filters_of(*values)
    for event in asker.ask(asked, filters, lang):
        if isinstance(event, Answer):
            html = answer_to_html(event, left_aside=asker.left_aside(filters)) + takeaway_to_html(event)
            html += address_to_html(link_of(event, filters), PATHS[lang], lang)
            yield answered_to_html(event, lang), html, gr.Accordion(open=False)
        else:
            yield steps_to_html(event, lang), "", gr.skip()
