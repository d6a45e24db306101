"""Serving the page: one process, this machine, no request that leaves it."""

import socket
import warnings
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI

from rag_commons.errors import UsageError
from rag_commons.rendering.standalone import stylesheet
from rag_commons.ui.asker import Asker, IndexAsker
from rag_commons.ui.guard import Guard
from rag_commons.ui.page import build_page, page_style
from rag_commons.ui.theme import theme

# ports tried after the one that was asked for
_NEXT = 50
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
})();
</script>
"""


def serve(index: Path, host: str = "127.0.0.1", port: int = 7860, contact: str | None = None) -> None:
    """Serve the page over an index until interrupted; a port that is taken gives way to the next free one."""
    asker = IndexAsker(index)
    with listening(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        print(f"rag-commons : http://{shown}:{listener.getsockname()[1]} (Ctrl-C pour arrêter)", flush=True)  # noqa: T201
        server = uvicorn.Server(uvicorn.Config(application(asker, host, contact), log_level="warning", access_log=False))
        server.run(sockets=[listener])


def application(asker: Asker, host: str = "127.0.0.1", contact: str | None = None) -> FastAPI:
    """Return the web application: the page behind its guard."""
    page = build_page(asker, contact)
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard, host=host)
    with warnings.catch_warnings():
        # it warns that a page in two languages is not rendered on the server, which was not asked for
        warnings.filterwarnings("ignore", message="SSR mode is not supported", category=UserWarning)
        return _mounted(app, page)


def _mounted(app: FastAPI, page: gr.Blocks) -> FastAPI:
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        # in the head and not as `css`, which Gradio rewrites selector by selector, at commas too
        head=f"{_HEAD}<style>{stylesheet()}{page_style()}</style>",
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
    return mounted


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the port, or on the next free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + _NEXT, 65_536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen()
        except OSError:
            listener.close()
            continue
        return listener
    raise UsageError(f"a free port from {port} on at {host}", "none", "give another --port, or an address of this machine to --host")
