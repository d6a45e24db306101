"""The wire to a model's server, with an end: so many bytes, so many seconds, and no compressed reply.

The one surprise: a read timeout alone ends nothing, since a server that sends one byte now and then restarts it each time.
"""

import threading
import time
from collections.abc import Iterator

import httpx

MOST_BYTES = 8_000_000

# the response that each thread is reading
_reading = threading.local()


class _Bounded(httpx.SyncByteStream):
    """A body that fails once it is too long or too late."""

    def __init__(self, stream: httpx.SyncByteStream, seconds: float) -> None:
        self._stream = stream
        self._deadline = time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for part in self._stream:
            read += len(part)
            if read > MOST_BYTES:
                raise httpx.ReadError(f"a reply of more than {MOST_BYTES} bytes")
            if time.monotonic() > self._deadline:
                raise httpx.ReadTimeout("a reply that does not end")
            yield part

    def close(self) -> None:
        self._stream.close()


def bounded_client(seconds: float) -> httpx.Client:
    """Return a client whose replies end within so many seconds; it follows no redirection, which could take the key elsewhere."""

    def bound(response: httpx.Response) -> None:
        # a few compressed bytes can hide gigabytes
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise httpx.DecodingError("a compressed reply")
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _Bounded(response.stream, seconds)
        _reading.response = response

    return httpx.Client(
        timeout=httpx.Timeout(seconds, connect=min(10.0, seconds)),
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [bound]},
        follow_redirects=False,
        # a connection kept for the next question would outlive the model that it was opened for
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def hang_up() -> None:
    """Close the response that this thread was reading, so that a server whose reply is left unread stops writing it.

    The client of the protocol does so only when its objects, which hold one another, are collected.
    """
    response: httpx.Response | None = getattr(_reading, "response", None)
    if response is not None:
        response.close()
