"""The guard before everything: what a browser may load from here, who may ask, how much and how often, and doors that stay shut."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag_commons.server.failures import refusal
from rag_commons.server.guide import GUIDES
from rag_commons.server.password import Password
from rag_commons.server.rate import Rate

LOOPBACK = ("127.0.0.1", "::1", "localhost")
# a question is at most a thousand characters; what the page itself sends is a few kilobytes
LARGEST_BODY = 256 * 1024

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
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_SHARING = ("access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers")
# the page takes and gives no file, and calls no other server
_SHUT = tuple(f"/gradio_api/{door}" for door in ("upload", "file", "proxy=", "stream/", "component_server", "deep_link", "vibe"))
_READING = ("GET", "HEAD")


class Guard:
    """ASGI middleware; it reads headers alone, so that answers still stream."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", password: Password | None = None, rate: Rate | None = None) -> None:
        self._app = app
        self._local = host in LOOPBACK
        self._password = password
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what has no business here, and add the headers to the rest."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused:
            refused.headers.update(_HEADERS)
            await refused(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                # Gradio lets other sites read the page; this server lets none
                for name in _SHARING:
                    del headers[name]
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refused(self, scope: Scope) -> Response | None:
        path, method, headers = scope["path"], scope["method"], Headers(scope=scope)
        client = (scope.get("client") or ("", 0))[0]
        return (
            self._foreign(path, method, headers)
            or _too_large(method, headers)
            or self._unknown(client, headers)
            or self._too_many(client, path, method)
        )

    def _foreign(self, path: str, method: str, headers: Headers) -> Response | None:
        if path.startswith(_SHUT):
            return refusal(403, "a door of the page", "one that is closed", "use the page, or see /api")
        # a name that a foreign site points at this machine is no name of ours
        name = headers.get("host", "").rsplit(":", 1)[0].strip("[]")
        if self._local and name not in LOOPBACK:
            return refusal(403, "the host localhost", repr(name[:60]), "ask from this machine, or serve with --host")
        if method not in _READING and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return refusal(403, "a question from the page itself or from a program", "one from another site", "open the page")
        return None

    def _unknown(self, client: str, headers: Headers) -> Response | None:
        """Ask for the password, and count every one that is wrong."""
        if not self._password:
            return None
        wait = self._password.wait(client)
        if wait:
            return refusal(429, "fewer wrong passwords", "too many", f"wait {wait} s", {"retry-after": str(wait)})
        if self._password.opens(client, headers.get("authorization", "")):
            return None
        asking = {"www-authenticate": 'Basic realm="rag-commons", charset="UTF-8"'}
        return refusal(401, "the password of this server", "none, or another", "log in", asking)

    def _too_many(self, client: str, path: str, method: str) -> Response | None:
        """Count what costs work: files of the page do not, nor the guide in either language."""
        if not self._rate or (method in _READING and (not path.startswith("/api/") or path in GUIDES.values())):
            return None
        wait = self._rate.wait(client)
        if not wait:
            return None
        return refusal(429, f"at most {self._rate.per_minute} requests a minute", "more", f"wait {wait} s", {"retry-after": str(wait)})


def _too_large(method: str, headers: Headers) -> Response | None:
    if method in _READING:
        return None
    length = headers.get("content-length", "" if "transfer-encoding" in headers else "0")
    if not length:
        return refusal(411, "a request that says its length", "one in pieces", "send Content-Length")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return refusal(413, f"a request of at most {LARGEST_BODY} bytes", f"{length[:20]} bytes", "send less")
    return None
