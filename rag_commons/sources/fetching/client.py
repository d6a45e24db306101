"""The client: one request at a time a host, tried again where another try may help, whole or not at all."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self, TypeVar

import httpcore
import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from rag_commons import __version__
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources.fetching.addresses import GuardedBackend, Resolve, private_hosts, resolve
from rag_commons.sources.fetching.clock import Clock, Pace
from rag_commons.sources.fetching.failure import FetchFailed, failed
from rag_commons.sources.fetching.opt_outs import OptOuts, html_reservation, opt_out
from rag_commons.sources.fetching.transport import GuardedTransport

MIB = 1024 * 1024
PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
REDIRECTS = frozenset((301, 302, 303, 307, 308))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whole: the address that gave it, its headers (names in lower case) and its decoded body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Fetcher:
    """The polite client. `bases` are the addresses that the user gave: a private network is reached only through their hosts.

    `interval`: seconds between two requests to a host. `patience`: the longest Retry-After that is waited for, in seconds.
    `limit`: bytes of a decoded body. `deadline`: seconds that a body may take.
    """

    def __init__(
        self,
        bases: Iterable[str] = (),
        *,
        contact: str | None = None,
        interval: float = 1.0,
        tries: int = 5,
        timeout: float = 30.0,
        deadline: float = 300.0,
        patience: float = 300.0,
        limit: int = 64 * MIB,
        clock: Clock | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self._interval, self._tries, self._deadline, self._patience, self._limit = interval, tries, deadline, patience, limit
        self._clock = clock or Clock()
        self._pace = Pace(self._clock)
        hosts = {_host(base) for base in bases}
        backend = GuardedBackend(private_hosts(hosts, resolve), resolve)
        self._client = httpx.Client(
            transport=GuardedTransport(backend),
            timeout=timeout,
            headers={"User-Agent": user_agent(contact), "Accept-Encoding": "gzip, deflate"},
            trust_env=False,
        )
        self._opt_outs = OptOuts(self._get_optional)

    def __enter__(self) -> Self:
        """Return itself: the connections are closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        tries: int | None = None,
        limit: int | None = None,
        interval: float | None = None,
    ) -> Fetched:
        """Return the answer of an address; raises FetchFailed."""
        return self.read(url, params, _whole, tries=tries, limit=limit, interval=interval)

    def read(
        self,
        url: str,
        params: Mapping[str, str] | None,
        reader: Callable[[Fetched], T],
        *,
        headers: Mapping[str, str] | None = None,
        tries: int | None = None,
        limit: int | None = None,
        interval: float | None = None,
    ) -> T:
        """Return what `reader` makes of the answer; a passing failure that it raises is tried again like the network's own."""

        def once() -> T:
            return reader(self._follow(url, params, dict(headers or {}), limit or self._limit, interval))

        retrying = Retrying(
            stop=stop_after_attempt(tries or self._tries),
            wait=self._pause,
            retry=retry_if_exception(lambda error: isinstance(error, FetchFailed) and error.passing),
            sleep=self._clock.sleep,
            reraise=True,
        )
        return retrying(once)

    def opt_out(self, url: str | None, fetched: Fetched | None = None) -> DocumentRefused | None:
        """Return the refusal of a document at a public address, with the answer that it came in: robots.txt, then TDMRep.

        An HTML meta says more than a header, a header more than the file of the origin (TDMRep). `url` is None for a document whose
        page is on no host that was asked.
        """
        refused = self._opt_outs.robots(url) if url else None
        if refused is not None:
            return refused
        if fetched is not None:
            said = html_reservation(fetched.body) if "html" in fetched.headers.get("content-type", "").lower() else None
            header = fetched.headers.get("tdm-reservation", "").strip()
            if said is None and header in ("0", "1"):
                said = header == "1"
            if said is not None:
                return opt_out("tdmrep", url or fetched.url, "its publisher says tdm-reservation: 1") if said else None
        for address in filter(None, (url, fetched.url if fetched else None)):
            if self._opt_outs.reserved(address):
                return opt_out("tdmrep", address, "its site's tdmrep.json reserves it")
        return None

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        backoff = float(wait_exponential_jitter(initial=1, max=60)(state))
        return max(backoff, error.retry_after or 0.0) if isinstance(error, FetchFailed) else backoff

    def _get_optional(self, url: str, limit: int) -> bytes | None:
        """Return a body, or None where the server says that there is none (4xx)."""
        try:
            return self.get(url, limit=limit, tries=2).body
        except FetchFailed as error:
            if re.fullmatch("4[0-9][0-9]", error.reason) and not error.passing:
                return None
            raise

    def _follow(self, url: str, params: Mapping[str, str] | None, headers: dict[str, str], limit: int, interval: float | None) -> Fetched:
        """Follow redirects by hand: http and https only, never from https to http; a key stays with the host that it was given for."""
        try:
            asked = httpx.URL(url).copy_merge_params(dict(params)) if params else httpx.URL(url)
            for _ in range(6):
                answer = self._once(asked, headers, limit, interval)
                if answer.status not in REDIRECTS:
                    return answer
                target = asked.join(answer.headers.get("location", ""))
                if target.scheme not in ("http", "https") or (asked.scheme == "https" and target.scheme == "http"):
                    raise failed("redirect", str(asked), f"a redirect from {asked.scheme} to {target.scheme}")
                if target.netloc != asked.netloc:
                    headers = {}
                asked = target
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise failed("address", url, f"an address that cannot be read ({error})") from None
        raise failed("redirect", url, "more than 5 redirects")

    def _once(self, url: httpx.URL, headers: Mapping[str, str], limit: int, interval: float | None) -> Fetched:
        if url.scheme not in ("http", "https") or not url.host:
            raise failed("address", str(url), f"the scheme {url.scheme!r}; http and https only")
        delay = self._opt_outs.crawl_delay(str(url))
        # a service with a pace of its own is counted apart from its host
        key = url.netloc.decode("ascii", "replace") + (f" {interval}" if interval is not None else "")
        self._pace.wait(key, max(delay, self._interval if interval is None else interval))
        try:
            with self._client.stream("GET", url, headers=headers, follow_redirects=False) as response:
                if response.status_code in REDIRECTS:
                    return Fetched(str(url), response.status_code, dict(response.headers), b"")
                self._check_status(url, response)
                return Fetched(str(url), response.status_code, dict(response.headers), self._body(url, response, limit))
        except httpcore.TimeoutException:
            raise failed("timeout", str(url), "no answer in time", passing=True) from None
        except httpx.RemoteProtocolError as error:
            raise failed("address", str(url), f"a redirect that cannot be read ({error})") from None
        except httpcore.ProtocolError as error:
            raise failed("truncated", str(url), f"an answer cut short or malformed ({error})", passing=True) from None
        except (httpcore.NetworkError, httpx.DecodingError, OSError) as error:
            raise failed("unreachable", str(url), f"{type(error).__name__} {error}", passing=True) from None

    def _check_status(self, url: httpx.URL, response: httpx.Response) -> None:
        code = response.status_code
        if code == 200:
            return
        wait = self._retry_after(response.headers.get("retry-after"))
        if wait is not None and wait > self._patience:
            raise failed(str(code), str(url), f"HTTP {code}, and a request to wait {wait:.0f} s")
        raise failed(str(code), str(url), f"HTTP {code}", passing=code in PASSING, retry_after=wait)

    def _retry_after(self, value: str | None) -> float | None:
        """Return the seconds of a Retry-After header: a number or a date."""
        if value is None:
            return None
        if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
            return float(value)
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - self._clock.time())
        except (ValueError, OverflowError):
            return None

    def _body(self, url: httpx.URL, response: httpx.Response, limit: int) -> bytes:
        """Read a body within its bounds, decoded; a server that drips is cut off at the deadline."""
        started = self._clock.monotonic()
        body = bytearray()
        for chunk in response.iter_bytes(64 * 1024):
            body += chunk
            if len(body) > limit:
                raise failed("too-large", str(url), f"more than {limit // MIB or 1} MiB")
            if self._clock.monotonic() - started > self._deadline:
                raise failed("timeout", str(url), f"a body not ended after {self._deadline:.0f} s", passing=True)
        return bytes(body)


@contextmanager
def lend_fetcher(fetcher: Fetcher | None, bases: Iterable[str], contact: str | None, interval: float = 1.0) -> Iterator[Fetcher]:
    """Lend the client that was given, left open, or one made for these addresses, closed at the end."""
    if fetcher is not None:
        yield fetcher
        return
    with Fetcher(bases, contact=contact, interval=interval) as own:
        yield own


def user_agent(contact: str | None) -> str:
    """Return what the client calls itself: project, version and whom to write to, as Wikimedia's policy asks."""
    said = re.sub(r"[^\x21-\x7e ]+", " ", contact or "no contact given").strip()[:200]
    return f"rag-commons/{__version__} ({said}) httpx/{httpx.__version__}"


def _host(base: str) -> str:
    """Return the host of an address that the user gave, as connections name it; raises InputError."""
    try:
        url = httpx.URL(base)
        if url.scheme in ("http", "https") and url.raw_host:
            return url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError):
        pass
    raise InputError("an http or https address", repr(base[:120]), "correct it")


def _whole(fetched: Fetched) -> Fetched:
    return fetched
