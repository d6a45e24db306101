"""httpx over connections that are checked: its own transport takes no network backend."""

import ssl
from collections.abc import Iterable, Iterator
from functools import cache

import httpcore
import httpx

from rag_commons.sources.fetching.addresses import GuardedBackend


class GuardedTransport(httpx.BaseTransport):
    """Hands httpx's requests to a pool whose connections go through the guard; errors are httpcore's."""

    def __init__(self, backend: GuardedBackend) -> None:
        self._pool = httpcore.ConnectionPool(network_backend=backend, ssl_context=_authorities(), max_connections=4)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        url = httpcore.URL(scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path)
        answer = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer.stream), extensions=answer.extensions)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


@cache
def _authorities() -> ssl.SSLContext:
    """Return the certificate authorities, which take some 30 ms to load."""
    return httpx.create_ssl_context(trust_env=False)
