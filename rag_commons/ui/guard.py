"""The guard before the page: what a browser may load from it, who may ask it, and doors of Gradio that stay shut."""

from fastapi.responses import PlainTextResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

# Gradio compiles its templates in the page, hence 'unsafe-eval'; nothing may come from, or go to, anywhere else
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
# the page takes and gives no file, and calls no other server
_SHUT = tuple(f"/gradio_api/{door}" for door in ("upload", "file", "proxy=", "stream/", "component_server", "deep_link", "vibe"))


class Guard:
    """ASGI middleware; it touches headers alone, so that answers still stream."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1") -> None:
        self._app = app
        self._local = host in _LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what has no business here, and add the headers to the rest."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope["path"], scope["method"], Headers(scope=scope))
        if refused:
            await PlainTextResponse(refused, status_code=403, headers=_HEADERS)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refusal(self, path: str, method: str, headers: Headers) -> str | None:
        if path.startswith(_SHUT):
            return "closed"
        # a name that a foreign site points at this machine is no name of ours
        name = headers.get("host", "").rsplit(":", 1)[0].strip("[]")
        if self._local and name not in _LOOPBACK:
            return "this page answers to localhost alone"
        if method not in ("GET", "HEAD") and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return "questions are asked from the page itself"
        return None
