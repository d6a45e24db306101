"""The tab where one asks: a question, examples, filters, the steps as they happen, the answer, the questions that follow."""

from collections.abc import Iterator
from threading import Event

import gradio as gr

from rag_commons.answering.follow_up import Turn, complete
from rag_commons.answering.generative.reader import STOPPED
from rag_commons.answering.links import LONGEST_QUESTION, AnswerLink, link_of
from rag_commons.answers import Answer, Mode
from rag_commons.errors import CommonsError
from rag_commons.licences.wording import Lang
from rag_commons.rendering.html import answer_to_html
from rag_commons.rendering.reopened import address_to_html
from rag_commons.rendering.statements import written_to_html
from rag_commons.rendering.takeaway import takeaway_to_html
from rag_commons.retrieval.filters import Filters
from rag_commons.ui.asker import Asker, Written
from rag_commons.ui.block import block, told
from rag_commons.ui.conversing import history_script, history_to_html, understood_to_html
from rag_commons.ui.examples import EXAMPLES
from rag_commons.ui.filtering import FilterBox, Values, cost_to_html, filters_of
from rag_commons.ui.linking import PATHS, SHOW_ADDRESS, reopen_on_load
from rag_commons.ui.steps import answered_to_html, message_to_html, steps_to_html, written_to_words
from rag_commons.ui.wording import word

Shown = Iterator[tuple[object, ...]]

# the button that stops goes away: the keyboard goes back to the one that asks
_LEAVE = "() => document.querySelector('#ask').focus()"


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
    mode = _modes(asker, lang)
    box = FilterBox(asker.manifest, lang)
    steps = block(name="steps")
    # below what one asks with: nothing moves under the finger that asks when it shows
    stop = gr.Button(word("stop_writing", lang), visible=False, size="sm", elem_id="stop")
    # what stops the answer under way on this very page, and no other
    stopping = gr.State(None)
    shown = block(script=script, name="answer")
    # under the answer once there is one: nothing stands between a question and what answers it
    with gr.Accordion(word("examples", lang), open=True, elem_classes="rc-examples") as examples, gr.Row():
        datasets = [_examples(audience, questions, lang) for audience, questions in EXAMPLES.items()]
    history = block(history_to_html(lang), history_script(), "history")
    before = gr.State(None)
    conversation = _Conversation(asker, lang)

    def cost(*values: Values) -> str:
        return cost_to_html(asker, lang, filters_of(*values))

    def unfilter(event: gr.EventData) -> tuple[object, ...]:
        return _question(event), *box.values(Filters(), asker.manifest), ""

    # the private events below are those of the page itself; programs have the REST API
    inputs, outputs = [question, before, mode, *box.inputs], [steps, shown, examples, before, stop, stopping]
    asked = gr.on([button.click, question.submit], conversation.ask, inputs, outputs, show_progress="hidden", api_visibility="private")
    asked.then(None, js=SHOW_ADDRESS)
    shown.retry(
        conversation.ask_as_typed, [mode, *box.inputs], outputs, show_progress="hidden", api_visibility="private"
    ).then(None, js=SHOW_ADDRESS)  # fmt: skip
    unfiltered = [question, *box.inputs, box.cost]
    shown.undo(unfilter, None, unfiltered, queue=False, api_visibility="private").then(
        conversation.ask, inputs, outputs, show_progress="hidden", api_visibility="private"
    ).then(None, js=SHOW_ADDRESS)
    for dataset in datasets:
        dataset.click(lambda sample: sample[0], dataset, question, show_progress="hidden", queue=False, api_visibility="private").then(
            conversation.ask, inputs, outputs, show_progress="hidden", api_visibility="private"
        ).then(None, js=SHOW_ADDRESS)
    stop.click(_stop, stopping, None, show_progress="hidden", queue=False, api_visibility="private").then(None, js=_LEAVE)
    gr.on(
        box.chosen, cost, box.inputs, box.cost,
        show_progress="hidden", trigger_mode="always_last", queue=False, api_visibility="private",
    )  # fmt: skip
    history.clear(lambda: None, None, before, show_progress="hidden", queue=False, api_visibility="private")
    reopen_on_load(page, asker, lang, box, [steps, shown, examples, before, question, box.cost, *box.inputs])
    return shown


class _Conversation:
    """Asks, one turn after another: each call yields the steps, answer, examples and turn, then the button that stops and what it sets."""

    def __init__(self, asker: Asker, lang: Lang) -> None:
        self._asker = asker
        self._lang = lang

    def ask(self, asked: str, before: Turn | None, mode: object, *values: Values) -> Shown:
        """Ask a question, completed from the turn before where it leans on it."""
        asked = (asked or "").strip()[:LONGEST_QUESTION]
        understood = complete(asked, before)
        note = understood_to_html(asked, understood, self._lang) if understood else ""
        yield from self._ask(understood or asked, note, mode, *values)

    def ask_as_typed(self, event: gr.EventData, mode: object, *values: Values) -> Shown:
        """Ask the question that a button holds, as it is."""
        yield from self._ask(_question(event), "", mode, *values)

    def _ask(self, question: str, note: str, mode: object, *values: Values) -> Shown:
        same, ended = (gr.skip(),) * 2, (gr.Button(visible=False), None)
        if not question:
            yield message_to_html(word("no_question", self._lang), self._lang), gr.skip(), *same, *same
            return
        filters, lang, stop = filters_of(*values), self._lang, Event()
        chosen: Mode = "generative" if mode == "generative" and self._asker.writer else "extractive"
        try:
            for event in self._asker.ask(question, filters, lang, chosen, stop):
                if isinstance(event, Answer) and event.reason == STOPPED:
                    # it was looked for, but not to the end: « no answer in this corpus » would be untrue
                    yield message_to_html(word("stopped", lang), lang), "", *same, *ended
                elif isinstance(event, Answer):
                    html = note + self._answer(event, link_of(event, filters))
                    yield answered_to_html(event, lang), html, gr.Accordion(open=False), Turn.of(event), *ended
                elif isinstance(event, Written):
                    yield gr.skip(), note + written_to_html(question, event.statements, written_to_words(event, lang), lang), *same, *same
                else:
                    begins = event == "search"
                    shown = (note, gr.Accordion(open=False)) if begins else same
                    writes = event == "read" and chosen == "generative"
                    yield steps_to_html(event, lang, chosen), *shown, gr.skip(), *((gr.Button(visible=True), stop) if writes else same)
        except CommonsError as error:
            yield message_to_html(f"{word('failed', self._lang)} : {error}", self._lang), "", *same, *ended

    def _answer(self, answer: Answer, link: AnswerLink) -> str:
        shown = answer_to_html(answer, left_aside=self._asker.left_aside(link.filters)) + takeaway_to_html(answer)
        return shown + address_to_html(link, PATHS[self._lang], self._lang)


def _stop(under_way: Event | None) -> None:
    """Have the model stop; an answer that has ended meanwhile is not changed."""
    if under_way:
        under_way.set()


def _question(event: gr.EventData) -> str:
    return told(event).strip()[:LONGEST_QUESTION]


def _modes(asker: Asker, lang: Lang) -> gr.Radio | gr.State:
    """Lay out the choice between a model's words and extracts where the server has a model; elsewhere there is none to make."""
    if asker.writer is None:
        return gr.State("extractive")
    where = word("sent_to", lang, host=asker.writer.host) if asker.writer.host else word("sent_nowhere", lang)
    choices = [(word(f"mode_{one}", lang, name=asker.writer.name), one) for one in ("generative", "extractive")]
    return gr.Radio(choices=choices, value="generative", label=word("mode", lang), info=where, elem_id="mode", elem_classes="rc-mode")


def _examples(audience: str, questions: tuple[str, ...], lang: Lang) -> gr.Dataset:
    return gr.Dataset(
        components=[gr.Textbox(visible=False)],
        samples=[[one] for one in questions],
        sample_labels=list(questions),
        label=word(audience, lang),
        min_width=220,
    )
