"""The page: to ask, to explore, to see the corpus and to know what this is; once in French, once in English."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import gradio as gr

from rag_commons.answering.reports import ReportLog
from rag_commons.licences.wording import Lang
from rag_commons.rendering.corpus import manifest_to_html
from rag_commons.rendering.escaping import escape_line
from rag_commons.ui.about import about
from rag_commons.ui.administering import admin_tab
from rag_commons.ui.asker import Asker
from rag_commons.ui.asking import ask_tab
from rag_commons.ui.block import block
from rag_commons.ui.exploring import explore_tab
from rag_commons.ui.linking import PATHS
from rag_commons.ui.reporting import ReportForm
from rag_commons.ui.wording import word
from rag_commons.ui.workshop import Workshop
from rag_commons.ui.writer import Writer


@dataclass(frozen=True, slots=True)
class Setting:
    """What a page may have beside questions and answers.

    `contact` is whom to write to about a text where the page is public; `reports` keeps what readers find wrong; `workshop` changes
    the index, and is given only where a password guards the page.
    """

    contact: str | None = None
    reports: ReportLog | None = None
    workshop: Workshop | None = None


def build_page(asker: Asker, setting: Setting) -> gr.Blocks:
    """Return the page over an asker."""
    with gr.Blocks(title=word("title", "fr"), analytics_enabled=False) as page:
        _build(page, asker, "fr", setting)
    with page.route("English", PATHS["en"], show_in_navbar=False):
        _build(page, asker, "en", setting)
    built: gr.Blocks = page
    return built


@cache
def script() -> str:
    """Return what each block of our HTML does by itself."""
    return files(__package__).joinpath("page.js").read_text(encoding="utf-8")


@cache
def page_style() -> str:
    """Return the style sheet of what surrounds our HTML."""
    return files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def _build(page: gr.Blocks, asker: Asker, lang: Lang, setting: Setting) -> None:
    block(_header(lang))
    with gr.Tabs(selected="ask") as tabs:
        with gr.Tab(word("tab_ask", lang), id="ask"):
            asked = ask_tab(page, asker, lang, script())
        with gr.Tab(word("tab_explore", lang), id="explore"):
            explored = explore_tab(asker, lang, script())
        with gr.Tab(word("tab_corpus", lang), id="corpus") as corpus_tab:
            card = block(manifest_to_html(asker.name, asker.manifest, lang))
        with gr.Tab(word("tab_about", lang), id="about"):
            gr.Markdown(about(lang, setting.contact, asker.writer), elem_classes="rc-about")
        if setting.workshop:
            with gr.Tab(word("tab_admin", lang), id="admin") as admin:
                admin_tab(admin, setting.workshop, lang)
    form = ReportForm(asker, setting.reports, lang) if setting.reports else None
    block(_footer(lang, asker.writer))
    if form:
        for shown in (asked, explored.found, explored.document):
            form.listen(shown)
    for shown in (asked, explored.found):
        opened = shown.click(
            explored.open, None, [tabs, explored.found, explored.closing, explored.document], queue=False, api_visibility="private"
        )
        opened.then(None, js="() => { document.querySelector('#close')?.scrollIntoView(); document.querySelector('#close')?.focus(); }")
    asked.apply(explored.look, None, [tabs, *explored.looked], queue=False, api_visibility="private")
    corpus_tab.select(lambda: manifest_to_html(asker.name, asker.manifest, lang), None, card, queue=False, api_visibility="private")


def _header(lang: Lang) -> str:
    other: Lang = "en" if lang == "fr" else "fr"
    link = f'<a class="rc-other" href="{PATHS[other]}" hreflang="{other}" lang="{other}">{word("other", lang)}</a>'
    return (
        f'<header class="rc rc-head" lang="{lang}"><div><h1>rag-commons<sup aria-hidden="true">[1]</sup></h1>'
        f'<p>{word("promise", lang)}</p></div><nav aria-label="Langue / Language">{link}</nav></header>'
    )


def _footer(lang: Lang, writer: Writer | None) -> str:
    told = word("footer_sent", lang, host=writer.host) if writer and writer.host else word("footer", lang)
    return (
        f'<footer class="rc rc-foot" lang="{lang}"><p>{escape_line(told)}</p>'
        f'<p class="rc-live" role="status" data-copied="{word("copied", lang)}" data-refused="{word("not_copied", lang)}"></p></footer>'
    )
