"""A server that speaks the chat protocol of OpenAI on loopback, streamed as the real ones do, with the faults of the real ones."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_SHOWN = re.compile(r"=== DÉBUT (p[0-9a-f]{6}) [0-9a-f]+ ===\nTitre : (.*)")


@dataclass(frozen=True)
class Asked:
    """What the model was asked: the body of the request, its headers, and the key of each title that it was shown."""

    body: dict
    headers: dict[str, str]

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])

    @property
    def keys(self) -> dict[str, str]:
        return {title: key for key, title in _SHOWN.findall(self.prompt)}


@dataclass(frozen=True)
class Raw:
    """Bytes sent as they are in place of events; `status` and `headers` count only where it comes first."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/event-stream"
    encoding: str | None = None
    location: str | None = None


DIE, HANG, FOREVER = object(), object(), object()

Said = list[object]


def delta(text: str) -> bytes:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "essai",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def in_pieces(text: str, size: int = 7) -> Said:
    """Cut a reply where no one expects it: within words, keys and letters of the protocol alike."""
    return [text[at : at + size] for at in range(0, len(text), size)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(body, {key.lower(): value for key, value in self.headers.items()})
        self.server.asked.append(asked)
        self.close_connection = True
        # the one who asked may leave at any moment
        with suppress(OSError):
            self._say(self.server.reply(asked) if self.path == "/v1/chat/completions" else [Raw(b"{}", 404, "application/json")])

    def _say(self, said: Said) -> None:
        head = said[0] if said and isinstance(said[0], Raw) else Raw()
        self.send_response(head.status)
        named = (("Content-Type", head.content_type), ("Content-Encoding", head.encoding), ("Location", head.location))
        for name, value in (*named, ("Transfer-Encoding", "chunked")):
            if value:
                self.send_header(name, value)
        self.end_headers()
        for one in said:
            if one is DIE:
                return
            if isinstance(one, threading.Event):
                # a test says when the model goes on
                one.wait(10)
                continue
            if one is HANG:
                self.server.closing.wait(5)
                return
            if one is FOREVER:
                while not self.server.closing.is_set():
                    self._chunk(said[-1])
                return
            self._chunk(one)
        if head == Raw():
            self._chunk(Raw(b"data: [DONE]\n\n"))
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, said: object) -> None:
        body = said.body if isinstance(said, Raw) else delta(str(said))
        if body:
            self.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, reply: Callable[[Asked], Said]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply
        self.asked: list[Asked] = []
        self.closing = threading.Event()

    def handle_error(self, *_: object) -> None:
        """A client that left is no matter."""


class LlmServer:
    """Replies are made by a function of what was asked: pieces of text, `Raw` bytes, events to wait for and what befalls the server."""

    def __init__(self, reply: Callable[[Asked], Said]) -> None:
        self._server = _Server(reply)
        self.asked = self._server.asked
        self.address = f"http://127.0.0.1:{self._server.server_port}/v1"

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.01)

    def stop(self) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serve_llm(reply: Callable[[Asked], Said]) -> Iterator[LlmServer]:
    """Run a server for a test."""
    server = LlmServer(reply)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
