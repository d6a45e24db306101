"""An answer's own address: the page goes to it once the answer is there, and shows the same citations when it is opened again."""

from collections.abc import Sequence

import gradio as gr

from rag_commons.answering.follow_up import Turn
from rag_commons.answering.links import link_from_pairs
from rag_commons.errors import CommonsError
from rag_commons.licences.wording import Lang
from rag_commons.rendering.reopened import reopened_to_html
from rag_commons.retrieval.filters import Filters
from rag_commons.ui.asker import Asker
from rag_commons.ui.filtering import FilterBox, cost_to_html
from rag_commons.ui.steps import message_to_html
from rag_commons.ui.wording import word

# each language has its page: `/` and `/en`, told from the base that Gradio gives both
PATHS: dict[Lang, str] = {"fr": "./", "en": "en"}

# each answer is a page of the browser's own history; a source that was opened meanwhile stays open
SHOW_ADDRESS = """() => {
  const address = document.querySelector("#answer .rc-address");
  if (!address) return;
  const question = document.querySelector("#answer .rc-question").textContent;
  dispatchEvent(new CustomEvent("rc-answered", { detail: { question, search: address.search } }));
  if (address.search === location.search) return;
  const hash = document.querySelector("#answer :target") ? location.hash : "";
  history.pushState(null, "", address.href + hash);
  window.rcShown = location.search;
}"""


def reopen_on_load(page: gr.Blocks, asker: Asker, lang: Lang, box: FilterBox, outputs: Sequence[gr.components.Component]) -> None:
    """Have the page show what its address holds; `outputs`: steps, answer, examples, the turn, question, cost, then the filters."""
    built = asker.manifest.build

    def reopened(request: gr.Request) -> tuple[object, ...]:
        pairs = request.query_params.multi_items()
        if not any(key == "question" for key, _ in pairs):
            same = tuple(gr.skip() for _ in range(len(outputs) - len(box.inputs)))
            # what the filters offer was written when the page was made
            return *same, *(box.values(Filters(), asker.manifest) if asker.manifest.build != built else (gr.skip() for _ in box.inputs))
        try:
            link = link_from_pairs(pairs)
            again = asker.reopen(link, lang) if link.cited else None
        except CommonsError as error:
            told = message_to_html(f"{word('link_failed', lang)} : {error}", lang)
            return told, *(gr.skip() for _ in outputs[1:])
        html = reopened_to_html(again, PATHS[lang]) if again else ""
        turn = Turn.of(again.answer) if again else Turn(link.question)
        cost = cost_to_html(asker, lang, link.filters)
        return "", html, gr.Accordion(open=not html), turn, link.question, cost, *box.values(link.filters, asker.manifest)

    page.load(reopened, None, list(outputs), show_progress="hidden", queue=False, api_visibility="private")
