"""Servers of our own on loopback, with the faults of the real ones, and a clock that does not sleep."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from rag_commons.sources.fetching import Clock


@dataclass(frozen=True)
class Request:
    """What was asked: the decoded path, its parameters (first value each) and its headers (lower case)."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What is answered; `cut` promises that many bytes more than are sent, `wait` holds the answer back until the server is closed."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    wait: bool = False


NOT_FOUND = Answer("nothing here", 404)


class Loopback:
    """A server whose answers are made by a function; `asked` keeps the requests."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.asked: list[Request] = []
        self.queue: list[Answer] = []
        self._released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # head and body leave together: a delayed acknowledgement would cost 40 ms an answer
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
                request = Request(unquote(parts.path), query, {key.lower(): value for key, value in self.headers.items()})
                outer.asked.append(request)
                said = (
                    outer.queue.pop(0)
                    if outer.queue and request.path != "/robots.txt" and "tdmrep" not in request.path
                    else answer(request)
                )
                if said.wait:
                    outer._released.wait(2)
                body = said.body.encode() if isinstance(said.body, str) else said.body
                try:
                    self.send_response(said.status)
                    for name, value in said.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body) + said.cut))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    return
                if said.cut:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that left is no matter."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"

    def paths(self) -> list[str]:
        """Return the paths that were asked, opt-out files aside."""
        return [request.path for request in self.asked if request.path not in ("/robots.txt", "/.well-known/tdmrep.json")]

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.01)

    def stop(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serve(answer: Callable[[Request], Answer]) -> Iterator[Loopback]:
    """Run a server for a test."""
    loopback = Loopback(answer)
    thread = threading.Thread(target=loopback.run, daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        loopback.stop()
        thread.join()


class FakeClock(Clock):
    """A clock that notes what it was asked to sleep; each look at it costs `step` seconds."""

    def __init__(self, step: float = 0.0, today: float = 1_790_000_000.0) -> None:
        self.now, self.step, self.today = 0.0, step, today
        self.slept: list[float] = []

    def monotonic(self) -> float:
        self.now += self.step
        return self.now

    def time(self) -> float:
        return self.today + self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
