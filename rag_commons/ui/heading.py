"""What the source of each page says of itself: its language, its title and what a link to it shows, in place of Gradio's own.

The one surprise: it rewrites the HTML that Gradio serves, since Gradio takes neither one title a page nor other words for its links.
"""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import escape_line
from rag_commons.ui.wording import word

_PAGES: dict[str, Lang] = {"/": "fr", "/en": "en", "/en/": "en"}
_SAID = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^"]*"\s+content="[^"]*"\s*/?>\s*|<title>[^<]*</title>\s*')


class Heading:
    """ASGI middleware over the addresses of the pages; everything else goes by untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the head of a page that is read."""
        lang = _PAGES.get(scope.get("path", "")) if scope["type"] == "http" and scope["method"] == "GET" else None
        if lang is None:
            await self._app(scope, receive, send)
            return
        # what is compressed could not be read
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._app({**scope, "headers": headers}, receive, _Rewriting(send, lang))


class _Rewriting:
    """Sends a whole page at once; what is no page is sent as it comes."""

    def __init__(self, send: Send, lang: Lang) -> None:
        self._send = send
        self._lang = lang
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and MutableHeaders(raw=message["headers"]).get("content-type", "").startswith(
            "text/html"
        ):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._end(self._start)

    async def _end(self, start: Message) -> None:
        page = with_own_head(bytes(self._body), self._lang)
        MutableHeaders(raw=start["headers"])["content-length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def with_own_head(page: bytes, lang: Lang) -> bytes:
    """Return a page of Gradio's in the language that it is written in, under its own title."""
    title, promise = (escape_line(word(key, lang)) for key in ("title", "promise"))
    own = f'<title>{title}</title><meta name="description" content="{promise}">'
    own += f'<meta property="og:title" content="{title}"><meta property="og:description" content="{promise}">'
    page = _SAID.sub(b"", page).replace(b"</head>", own.encode() + b"</head>", 1)
    return re.sub(rb'(<html\s+lang=")[^"]*"', rb"\g<1>" + lang.encode() + b'"', page, count=1)
