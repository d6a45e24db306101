"""The tab of the administrator, which exists where a password and a folder were given at start: bring in, stop, take out."""

import time
from collections.abc import Iterator

import gradio as gr

from rag_commons.errors import CommonsError
from rag_commons.index.build import IngestReport
from rag_commons.licences.wording import Lang
from rag_commons.rendering.corpus import number
from rag_commons.rendering.escaping import escape_line
from rag_commons.sources import SOURCES
from rag_commons.ui.block import block
from rag_commons.ui.steps import message_to_html
from rag_commons.ui.wording import word
from rag_commons.ui.workshop import LOCAL, Kind, Work, Workshop

_EVERY = 0.4
_KINDS: tuple[Kind, ...] = ("document", "collection", "holder")


def admin_tab(tab: gr.Tab, workshop: Workshop, lang: Lang) -> None:
    """Lay the tab out."""
    block(f'<p class="rc" lang="{lang}">{word("admin_why", lang)} <code>{escape_line(workshop.folder.name)}</code></p>')
    name = gr.Dropdown(choices=workshop.names(), value=None, allow_custom_value=True, label=word("admin_name", lang), elem_id="admin-name")
    # what each source reads is told in French by the source itself
    sources = [(f"{one} — {SOURCES[one].summary_fr}", one) for one in LOCAL]
    source = gr.Dropdown(choices=sources, value=LOCAL[0], label=word("admin_source", lang))
    with gr.Row():
        bring = gr.Button(word("bring_in", lang), variant="primary", size="sm", elem_id="admin-bring")
        stop = gr.Button(word("stop", lang), size="sm", elem_id="admin-stop")
    state = block(name="admin-state")
    block(f'<div class="rc" lang="{lang}"><h2 class="rc-found">{word("take_out", lang)}</h2></div>')
    with gr.Row():
        kind = gr.Radio(choices=[(word(f"kind_{one}", lang), one) for one in _KINDS], value=_KINDS[0], label=word("admin_kind", lang))
        exact = gr.Textbox(label=word("admin_exact", lang), max_lines=1, elem_id="admin-exact")
    sure = gr.Checkbox(label=word("admin_sure", lang), elem_id="admin-sure")
    out = gr.Button(word("take_out", lang), variant="stop", size="sm", elem_id="admin-out")

    def watch() -> Iterator[str]:
        work = workshop.work
        while work.stage == "working":
            yield work_to_html(work, lang)
            time.sleep(_EVERY)
            work = workshop.work
        yield work_to_html(work, lang)

    def bring_in(chosen: str | None, read_by: str) -> Iterator[str]:
        try:
            workshop.bring_in(read_by, chosen or "")
        except CommonsError as error:
            yield message_to_html(str(error), lang)
            return
        yield from watch()

    def take_out(which: str, named: str, agreed: bool) -> Iterator[object]:
        if not agreed:
            yield message_to_html(word("admin_agree", lang), lang)
            return
        try:
            workshop.take_out(next(one for one in _KINDS if one == which), (named or "").strip())
        except CommonsError as error:
            yield message_to_html(str(error), lang)
            return
        yield from watch()

    bring.click(bring_in, [name, source], state, show_progress="hidden", api_visibility="private")
    out.click(take_out, [kind, exact, sure], state, show_progress="hidden", api_visibility="private").then(
        lambda: False, None, sure, queue=False, api_visibility="private"
    )
    stop.click(workshop.stop, None, None, queue=False, api_visibility="private")
    tab.select(lambda: gr.Dropdown(choices=workshop.names()), None, name, queue=False, api_visibility="private").then(
        watch, None, state, show_progress="hidden", api_visibility="private"
    )


def work_to_html(work: Work, lang: Lang) -> str:
    """Return how a work stands, with the refusals by reason once it is done."""
    if work.stage == "idle":
        return ""
    if work.stage == "failed":
        return message_to_html(f"{word('work_failed', lang)} : {work.reason}", lang)
    return f'<div class="rc rc-work" lang="{lang}" role="status"><p>{_told(work, lang)}</p>{_refusals(work, lang)}</div>'


def _told(work: Work, lang: Lang) -> str:
    if work.stage == "stopped":
        return word("work_stopped", lang)
    report = work.report
    if report is None:
        progress = work.progress
        if progress is None:
            return word("work_begins", lang)
        key = "work_reads" if progress.stage == "store" else "work_indexes"
        share = f" / {number(progress.total, lang)}" if progress.total else ""
        return word(key, lang, documents=number(progress.documents, lang), passages=number(progress.passages, lang) + share)
    if isinstance(report, IngestReport):
        refused = sum(count for _, count in report.refusals)
        same = report.unchanged + report.resumed
        counts = {"added": report.added, "replaced": report.replaced, "unchanged": same, "refused": refused}
        return word("work_done", lang, **{key: number(count, lang) for key, count in counts.items()})
    if report.unknown:
        return word("work_unknown", lang, name=", ".join(map(escape_line, report.unknown)))
    return word("work_removed", lang, documents=number(report.documents, lang), passages=number(report.passages, lang))


def _refusals(work: Work, lang: Lang) -> str:
    if not isinstance(work.report, IngestReport):
        return ""
    rows = "".join(f"<li><code>{escape_line(reason)}</code> {number(count, lang)}</li>" for reason, count in work.report.refusals)
    return f'<ul class="rc-refusals">{rows}</ul>' if rows else ""
