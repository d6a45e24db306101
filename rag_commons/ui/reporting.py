"""The form that reports a wrong attribution, under whichever tab one is on; it is there only where reports are kept."""

import gradio as gr

from rag_commons.answering.reports import LONGEST_NOTE, WHATS, ReportLog
from rag_commons.errors import CommonsError
from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import escape_line
from rag_commons.ui.asker import Asker
from rag_commons.ui.block import block, told
from rag_commons.ui.steps import message_to_html
from rag_commons.ui.wording import word

_SHOW = "() => setTimeout(() => document.querySelector('#report input')?.focus(), 200)"


class ReportForm:
    """What is wrong with a source, and a few words; kept in a file of this machine."""

    def __init__(self, asker: Asker, log: ReportLog, lang: Lang) -> None:
        self._asker = asker
        self._log = log
        self._lang = lang
        self._source = gr.State("")
        with gr.Column(visible=False, elem_id="report", elem_classes="rc-form") as self._form:
            self._head = block()
            self._what = gr.Radio(choices=[(word(f"wrong_{what}", lang), what) for what in WHATS], label=word("what_is_wrong", lang))
            self._note = gr.Textbox(label=word("report_note", lang), max_length=LONGEST_NOTE, lines=2, max_lines=6)
            with gr.Row():
                keep = gr.Button(word("keep_report", lang), variant="primary", size="sm", elem_id="report-keep")
                leave = gr.Button(word("leave", lang), size="sm")
        self._told = block()
        outputs = [self._form, self._told, self._what, self._note]
        keep.click(
            self._keep, [self._source, self._what, self._note], outputs, show_progress="hidden", queue=False, api_visibility="private"
        )
        leave.click(self._leave, None, outputs, show_progress="hidden", queue=False, api_visibility="private")

    def listen(self, shown: gr.HTML) -> None:
        """Open the form when a button of this block reports a source."""
        outputs = [self._form, self._told, self._head, self._source]
        shown.edit(self._open, None, outputs, show_progress="hidden", queue=False, api_visibility="private").then(None, js=_SHOW)

    def _open(self, event: gr.EventData) -> tuple[object, ...]:
        source = told(event)
        named = f'<strong dir="auto">{escape_line(self._title(source))}</strong> <code>{escape_line(source)}</code>'
        head = (
            f'<div class="rc" lang="{self._lang}"><h2 class="rc-found">{word("report_title", self._lang)}</h2><p>{named}</p>'
            f"<p><small>{word('report_why', self._lang)}</small></p></div>"
        )
        return gr.Column(visible=True), "", head, source

    def _title(self, source: str) -> str:
        held = self._asker.passage(source)
        read = None if held else self._asker.document(source)
        return held[1].title if held else read[0].provenance.title if read else ""

    def _keep(self, source: str, what: str | None, note: str | None) -> tuple[object, ...]:
        if not what:
            return gr.skip(), message_to_html(word("say_what", self._lang), self._lang), gr.skip(), gr.skip()
        try:
            kept = self._log.add(source, what, note or "", self._asker.manifest.build)
        except (OSError, CommonsError) as error:
            return gr.skip(), message_to_html(f"{word('failed', self._lang)} : {error}", self._lang), gr.skip(), gr.skip()
        return self._closed("report_kept" if kept else "report_refused")

    def _leave(self) -> tuple[object, ...]:
        return self._closed(None)

    def _closed(self, key: str | None) -> tuple[object, ...]:
        said = f'<p class="rc rc-outcome" lang="{self._lang}" role="status">{word(key, self._lang)}</p>' if key else ""
        return gr.Column(visible=False), said, None, ""
