"""An answer's own address: the page goes to it once the answer is there, and shows the same citations when it is opened again."""

from collections.abc import Mapping, Sequence

import gradio as gr

from rag_commons.answering.links import link_from_pairs
from rag_commons.errors import CommonsError
from rag_commons.index.manifest import Count
from rag_commons.licences.wording import Lang
from rag_commons.rendering.reopened import reopened_to_html
from rag_commons.ui.asker import Asker
from rag_commons.ui.steps import message_to_html
from rag_commons.ui.wording import word

# each language has its page: `/` and `/en`, told from the base that Gradio gives both
PATHS: dict[Lang, str] = {"fr": "./", "en": "en"}

# each answer is a page of the browser's own history; a source that was opened meanwhile stays open
SHOW_ADDRESS = """() => {
  const address = document.querySelector("#answer .rc-address");
  if (!address || address.search === location.search) return;
  const hash = document.querySelector("#answer :target") ? location.hash : "";
  history.pushState(null, "", address.href + hash);
  window.rcShown = location.search;
}"""


def reopen_on_load(page: gr.Blocks, asker: Asker, lang: Lang, outputs: Sequence[gr.components.Component]) -> None:
    """Have the page show what its address holds; `outputs`: steps, answer, examples, question, then the filters."""

    def reopened(request: gr.Request) -> tuple[object, ...]:
        pairs = request.query_params.multi_items()
        if not any(key == "question" for key, _ in pairs):
            return tuple(gr.skip() for _ in outputs)
        try:
            link = link_from_pairs(pairs)
            html = reopened_to_html(asker.reopen(link, lang), PATHS[lang]) if link.cited else ""
        except CommonsError as error:
            told = message_to_html(f"{word('link_failed', lang)} : {error}", lang)
            return told, *(gr.skip() for _ in outputs[1:])
        held, manifest = link.filters, asker.manifest
        return (
            "",
            html,
            gr.Accordion(open=not html),
            link.question,
            list(held.allow),
            _offered(held.licences, manifest.licences),
            _offered(held.collections, manifest.collections),
            _offered(held.holders, manifest.holders),
            _offered(held.languages, manifest.languages),
        )

    page.load(reopened, None, list(outputs), show_progress="hidden", api_visibility="private")


def _offered(names: Sequence[str], counts: Mapping[str, Count]) -> list[str]:
    """Return the names that the page can still offer."""
    return [name for name in names if name in counts]
