"""The OAI-PMH protocol, version 2.0: Identify, and lists of records that go on by resumption tokens.

Written here since the libraries for it bring an HTTP client of their own, without pace, bounds or guard, and give up when a token
expires. The one surprise: after an expired token the list is asked again from its beginning, and what was seen is passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag_commons.errors import DocumentRefused
from rag_commons.sources.fetching import Fetched, Fetcher, FetchFailed
from rag_commons.sources.xml import Element, every, first, parse_xml, plain

_RESTARTS = 5
# characters that XML forbids, raw or by reference, and that repositories let through
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[xX]0*(?:1[0-9a-fA-F]|[0-8bcefBCEF])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a repository says of itself; `deletions` is `no`, `persistent` or `transient`; `today` the day by its clock."""

    name: str
    deletions: str
    today: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record: `metadata` is None where it was deleted, or where only headers were asked for."""

    identifier: str
    datestamp: str
    deleted: bool
    metadata: Element | None


class Repository:
    """A repository, at its base address."""

    def __init__(self, fetcher: Fetcher, base: str) -> None:
        self._fetcher = fetcher
        self.base = base
        self.answer: Fetched | None = None

    def identify(self) -> Identity:
        """Return what the repository says of itself; raises FetchFailed."""
        root = self._ask({"verb": "Identify"})
        said = first(root, "Identify")
        if said is None:
            raise self._failed("oai-identify", "an answer to Identify", "none")
        today = plain(first(root, "responseDate"))[:10]
        return Identity(plain(first(said, "repositoryName")) or self.base, plain(first(said, "deletedRecord")) or "no", today)

    def records(self, verb: str, **asked: str) -> Iterator[Record]:
        """Yield the records of a list (ListRecords or ListIdentifiers), each once; raises FetchFailed where it cannot go on."""
        seen: set[str] = set()
        restarts = before = 0
        while True:
            try:
                for record in self._list(verb, asked):
                    if record.identifier not in seen:
                        seen.add(record.identifier)
                        yield record
                return
            except FetchFailed as error:
                restarts += 1
                # a list that goes no further than the last time will never end
                if error.reason != "oai-badResumptionToken" or restarts > _RESTARTS or (restarts > 1 and len(seen) == before):
                    raise
                before = len(seen)

    def _list(self, verb: str, asked: dict[str, str]) -> Iterator[Record]:
        params, tokens = {"verb": verb, **asked}, set[str]()
        while True:
            listed = first(self._ask(params), verb)
            if listed is None:
                return
            for item in listed:
                record = _record(item)
                if record is not None:
                    yield record
            token = (next(iter(every(listed, "resumptionToken")), None)) if len(listed) else None
            following = (token.text or "").strip() if token is not None else ""
            if not following:
                return
            if following in tokens:
                raise self._failed("oai-token-loop", "a list that goes on", f"the token {following[:60]!r} twice")
            tokens.add(following)
            params = {"verb": verb, "resumptionToken": following}

    def _ask(self, params: dict[str, str]) -> Element:
        def read(fetched: Fetched) -> Element:
            try:
                wide = fetched.body[:2] in (b"\xff\xfe", b"\xfe\xff")
                root = parse_xml(fetched.body if wide else _FORBIDDEN.sub(b"", fetched.body), fetched.url[:200])
            except DocumentRefused as refusal:
                raise FetchFailed("malformed", refusal.expected, refusal.seen, "run it again later", passing=True) from None
            self.answer = Fetched(fetched.url, fetched.status, fetched.headers, b"")
            return root

        root = self._fetcher.read(self.base, params, read)
        for error in every(root, "error"):
            code = error.get("code", "unknown")
            if code != "noRecordsMatch":
                raise self._failed(f"oai-{code[:40]}", "records", f"the error {code[:60]} ({plain(error)[:120]})")
        return root

    def _failed(self, reason: str, expected: str, seen: str) -> FetchFailed:
        return FetchFailed(reason, f"{expected} from {self.base[:120]}", seen, "check the address and options of the repository")


def _record(item: Element) -> Record | None:
    header = item if str(item.tag).endswith("}header") else first(item, "header")
    identifier = plain(first(header, "identifier")) if header is not None else ""
    if header is None or not identifier:
        return None
    return Record(identifier, plain(first(header, "datestamp")), header.get("status") == "deleted", first(item, "metadata"))
