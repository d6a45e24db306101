"""Opt-outs: what robots.txt and the TDM Reservation Protocol (W3C community report, 10 May 2024) say of an address.

An opt-out is looked up for the public page of a document. A documented programming interface (api.php, OAI-PMH, SRU) has rules of
its own, which the client keeps to; robots.txt speaks of pages to those who follow links, and closes most interfaces to them.
"""

import json
import logging
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from lxml import etree
from protego import Protego

from rag_commons.errors import DocumentRefused
from rag_commons.sources.fetching.failure import FetchFailed

AGENT = "rag-commons"
ROBOTS_BYTES = 512 * 1024
HEAD_BYTES = 256 * 1024

_log = logging.getLogger(__name__)

Rules = tuple[tuple[str, bool], ...]


class OptOuts:
    """What each origin says; `get` fetches an address with a bound on its size."""

    def __init__(self, get: Callable[[str, int], bytes | None]) -> None:
        self._get = get
        self._robots: dict[str, Protego | None] = {}
        self._rules: dict[str, Rules] = {}

    def robots(self, url: str) -> DocumentRefused | None:
        """Return the refusal of an address that robots.txt closes to us; one that cannot be reached closes everything (RFC 9309)."""
        origin = _origin(url)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        rules = self._robots[origin]
        if rules is not None and rules.can_fetch(url, AGENT):
            return None
        if rules is None:
            seen = f"{origin}/robots.txt cannot be reached, which closes the site"
            return DocumentRefused("unreachable:robots", "a site whose robots.txt can be read", seen, "run it again later")
        return _refusal("robots", f"{url[:200]} closed by {origin}/robots.txt")

    def crawl_delay(self, url: str) -> float:
        """Return the seconds that robots.txt asks for between two requests, 0 where it was not read or asks nothing."""
        rules = self._robots.get(_origin(url))
        return min((rules.crawl_delay(AGENT) if rules else None) or 0.0, 60.0)

    def reserved(self, url: str) -> bool:
        """Tell whether the tdmrep.json of the origin reserves an address."""
        origin = _origin(url)
        if origin not in self._rules:
            self._rules[origin] = self._read_rules(origin)
        return is_reserved(self._rules[origin], url)

    def _read_robots(self, origin: str) -> Protego | None:
        try:
            body = self._get(f"{origin}/robots.txt", ROBOTS_BYTES)
        except FetchFailed as error:
            _log.warning("robots.txt: %s", error)
            return None
        return Protego.parse((body or b"").decode("utf-8", "replace"))

    def _read_rules(self, origin: str) -> Rules:
        try:
            body = self._get(f"{origin}/.well-known/tdmrep.json", ROBOTS_BYTES)
            return tdm_rules(json.loads(body)) if body else ()
        except FetchFailed as error:
            _log.warning("tdmrep.json: %s", error)
        except (ValueError, RecursionError):
            _log.info("tdmrep.json of %s is not JSON: no reservation read", origin)
        return ()


def opt_out(kind: str, url: str, seen: str) -> DocumentRefused:
    """Return, and log, the refusal of an address that reserves text and data mining."""
    return _refusal(kind, f"{url[:200]}: {seen}")


def _refusal(kind: str, seen: str) -> DocumentRefused:
    _log.info("opt-out (%s): %s", kind, seen)
    return DocumentRefused(
        f"opt-out:{kind}", "a document whose publisher lets programs read it", seen, "leave it out, or ask its publisher for permission"
    )


def tdm_rules(obj: object) -> Rules:
    """Return the rules of a tdmrep.json: location patterns and whether they are reserved; what is not a rule is left out."""
    rules: list[tuple[str, bool]] = []
    for item in obj if isinstance(obj, list) else [obj]:
        if isinstance(item, dict) and isinstance(item.get("location"), str):
            rules.append((item["location"], str(item.get("tdm-reservation")).strip() == "1"))
    return tuple(rules)


def is_reserved(rules: Rules, url: str) -> bool:
    """Tell whether rules reserve an address: where the first match and the longest disagree, the reservation stands."""
    parts = urlsplit(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{parts.query}" if parts.query else "")
    found = [(pattern, reserved) for pattern, reserved in rules if matches(pattern, path)]
    return bool(found) and (found[0][1] or max(found, key=lambda rule: len(rule[0]))[1])


def matches(pattern: str, path: str) -> bool:
    """Tell whether a location pattern (`*` anything, `$` the end) matches from the start of a path; never run as a regular expression."""
    anchored = pattern.endswith("$")
    first, *rest = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not anchored or at == len(path)
    last = rest.pop() if anchored else ""
    for part in rest:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not anchored or (len(path) - len(last) >= at and path.endswith(last))


def html_reservation(body: bytes) -> bool | None:
    """Return what the `tdm-reservation` meta of an HTML page says, None where it says nothing."""
    parser = etree.HTMLParser(no_network=True)
    try:
        parser.feed(body[:HEAD_BYTES])
        root = parser.close()
    except etree.LxmlError:
        return None
    for meta in root.iter("meta") if root is not None else ():
        if (meta.get("name") or "").strip().lower() == "tdm-reservation":
            return bool((meta.get("content") or "").strip() == "1")
    return None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
