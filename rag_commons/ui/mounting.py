"""Mounting the page on a web application, so that no request leaves the machine."""

import json
import warnings
from importlib.resources import files

import gradio as gr
from fastapi import FastAPI

from rag_commons.rendering.standalone import stylesheet
from rag_commons.ui.asker import Asker
from rag_commons.ui.heading import Heading
from rag_commons.ui.linking import PATHS
from rag_commons.ui.page import Setting, build_page, page_style
from rag_commons.ui.theme import theme
from rag_commons.ui.wording import word

# askers at once, and how many more may wait
_AT_ONCE = 20
_WAITING = 200

_HEAD = """
<meta name="referrer" content="no-referrer">
<script>
(() => {
  const lang = /\\/en\\/?$/.test(location.pathname) ? "en" : "fr";
  const own = () => { if (document.documentElement.lang !== lang) document.documentElement.lang = lang; };
  // Gradio takes the words of its own parts, and the language of the page, from the browser: here the page decides
  Object.defineProperty(navigator, "language", { get: () => lang });
  Object.defineProperty(navigator, "languages", { get: () => [lang] });
  new MutationObserver(own).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  own();
  // one title a page, which Gradio would set to the same for both
  const title = (TITLES)[lang];
  Object.defineProperty(document, "title", { get: () => title, set: () => {} });
  // going back in the browser's history opens the answer of that address again
  window.rcShown = location.search;
  addEventListener("popstate", () => { if (location.search !== window.rcShown) location.reload(); });
})();
</script>
"""


def mount_page(app: FastAPI, asker: Asker, setting: Setting) -> None:
    """Mount the page at the root of a web application: it answers every address that the application does not."""
    app.add_middleware(Heading)
    page = build_page(asker, setting)
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    with warnings.catch_warnings():
        # it warns that a page in two languages is not rendered on the server, which was not asked for
        warnings.filterwarnings("ignore", message="SSR mode is not supported", category=UserWarning)
        _mount(app, page, setting)


def _head() -> str:
    return _HEAD.replace("TITLES", json.dumps({lang: word("title", lang) for lang in PATHS}, ensure_ascii=False))


def _mount(app: FastAPI, page: gr.Blocks, setting: Setting) -> None:
    # the buttons that report are drawn with every source
    style = stylesheet() + page_style() + ("" if setting.reports else ".rc .rc-report { display: none; }")
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        # in the head and not as `css`, which Gradio rewrites selector by selector, at commas too
        head=f"{_head()}<style>{style}</style>",
        favicon_path=str(files(__package__).joinpath("favicon.svg")),
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
