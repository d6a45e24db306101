"""The MediaWiki API, as its etiquette asks: one request at a time, maxlag, continuation, errors that pass tried again.

The one surprise: an error comes with status 200, and an answer that was too long for the server is a part of one, to be gone on with.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin, urlsplit

from rag_commons.errors import DocumentRefused
from rag_commons.sources.fetching import Fetched, Fetcher, FetchFailed
from rag_commons.sources.loose_json import Object, number, part, parts, read_object, text
from rag_commons.sources.wikis import is_wikimedia

MAXLAG = 5
# Wikimedia publishes no number: requests one after the other, and maxlag; two a second is well within what it serves
INTERVAL = 0.5
BATCH = 50
# what fits in the address of a GET everywhere
_LONGEST_BATCH = 5_000
_PASSING = ("maxlag", "ratelimited", "readonly", "internal_api_error")
_LONGEST_CONTINUATION = 100_000


@dataclass(frozen=True, slots=True)
class Site:
    """A wiki as it describes itself: its name, the address of its index.php, its licence, its language."""

    name: str
    index: str
    licence: str | None
    language: str | None
    wikimedia: bool


class MediaWiki:
    """The API of a wiki, at the address of its api.php."""

    def __init__(self, fetcher: Fetcher, api: str) -> None:
        self._fetcher = fetcher
        self.api = api
        self._answer: Fetched | None = None

    def site(self) -> Site:
        """Return what the wiki says of itself; raises FetchFailed."""
        said = self._ask({"action": "query", "meta": "siteinfo", "siprop": "general|rightsinfo"})
        general, rights = part(said, "query", "general"), part(said, "query", "rightsinfo")
        script = text(general, "script") or urlsplit(self.api).path.replace("api.php", "index.php")
        try:
            index = urljoin(urljoin(self.api, text(general, "server") or "/"), script)
            host = urlsplit(index).hostname or ""
        except ValueError:
            raise FetchFailed("api-siteinfo", f"the address of the wiki from {self.api}", repr(general)[:160], "check the wiki") from None
        licence = text(rights, "url") or text(rights, "text")
        return Site(text(general, "sitename") or host, index, licence, text(general, "lang"), is_wikimedia(host))

    def query(self, **params: str) -> Iterator[Object]:
        """Yield the `query` object of each part of an answer, going on until the wiki has no more."""
        going: dict[str, str] = {}
        for _ in range(_LONGEST_CONTINUATION):
            said = self._ask({"action": "query", **params, **going})
            yield part(said, "query") | {"whole": bool(said.get("batchcomplete")) or "continue" not in said}
            following = {key: str(value) for key, value in part(said, "continue").items()}
            if not following:
                return
            if following == going:
                break
            going = following
        raise FetchFailed(
            "api-continuation", f"an answer of {self.api} that ends", "a continuation that does not move", "report it to the wiki"
        )

    def pages(self, pages: Mapping[str, str], **params: str) -> Iterator[Object]:
        """Yield pages, each put together from every part of the answer that speaks of it."""
        held: dict[str, Object] = {}
        for said in self.query(redirects="1", **pages, **params):
            for page in parts(said, "pages"):
                _merge(held.setdefault(str(page.get("pageid") or page.get("title")), {}), page)
            if said["whole"]:
                yield from held.values()
                held = {}
        yield from held.values()

    def parse(self, title: str, prop: str) -> Object:
        """Return the rendering of a page (its `parse` object); raises FetchFailed."""
        return part(
            self._ask({"action": "parse", "page": title, "prop": prop, "redirects": "1", "disableeditsection": "1", "disabletoc": "1"}),
            "parse",
        )

    def entity(self, item: str) -> Object:
        """Return an item of Wikidata, its claims only; raises FetchFailed."""
        return part(self._ask({"action": "wbgetentities", "ids": item, "props": "claims"}), "entities", item)

    def address(self, site: Site, title: str, **query: str) -> str:
        """Return an address of index.php for a title."""
        asked = "&".join(f"{key}={quote(value, safe='')}" for key, value in {"title": title.replace(" ", "_"), **query}.items())
        return f"{site.index}?{asked}"

    def opt_out(self, page: str) -> DocumentRefused | None:
        """Return the refusal of a page that its wiki closes to programs, as the machine that was asked says it."""
        try:
            parsed = urlsplit(page)
        except ValueError:
            return DocumentRefused("invalid:url", "the address of a page", repr(page[:120]), "report it to the wiki")
        return self._fetcher.opt_out(urljoin(self.api, parsed.path + (f"?{parsed.query}" if parsed.query else "")), self._answer)

    def _ask(self, params: Mapping[str, str]) -> Object:
        whole = {**params, "format": "json", "formatversion": "2", "maxlag": str(MAXLAG)}
        return self._fetcher.read(self.api, whole, self._read)

    def _read(self, fetched: Fetched) -> Object:
        said = _read(fetched)
        # its headers are kept, for what they reserve
        self._answer = replace(fetched, body=b"")
        return said


def batches(titles: Iterable[str]) -> Iterator[list[str]]:
    """Yield titles or ids, as many at a time as one request may ask for."""
    held: list[str] = []
    length = 0
    for title in titles:
        longer = length + len(quote(title)) + 3
        if held and (len(held) == BATCH or longer > _LONGEST_BATCH):
            yield held
            held, longer = [], len(quote(title)) + 3
        held.append(title)
        length = longer
    if held:
        yield held


def _read(fetched: Fetched) -> Object:
    said = read_object(fetched)
    error = part(said, "error")
    if not error:
        return said
    code, info = text(error, "code") or "unknown", text(error, "info") or ""
    passing = code.startswith(_PASSING)
    asked = fetched.headers.get("retry-after", "")
    wait = float(asked) if asked.isdigit() and len(asked) < 6 else float(number(error, "lag") or 0)
    todo = "run it again later" if passing else "check what was asked of the wiki"
    raise FetchFailed(
        f"api-{code[:40]}",
        f"an answer from {fetched.url[:200]}",
        f"the error {code[:80]} ({info[:160]})",
        todo,
        passing=passing,
        retry_after=wait,
    )


def _merge(held: Object, page: Object) -> None:
    for key, value in page.items():
        before = held.get(key)
        held[key] = [*before, *value] if isinstance(before, list) and isinstance(value, list) else value
