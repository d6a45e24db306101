"""Europeana, by its Record API: the description of an object, the institution that holds it and the one that provided it.

`edm:rights` is said of the digital object; what is read here is its description, which Europeana publishes under CC0. The record's own
statement is kept as the licence, which asks for more, and the note says so. The key of the API goes in a header, never in an address.
"""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.provenance import Layer, Provenance
from rag_commons.licences.resolve import resolve_licence
from rag_commons.sources.changes import Change, Checkpoint, Deletion, Known, State, withdrawal
from rag_commons.sources.contract import check_document
from rag_commons.sources.dublin_core import iso_date
from rag_commons.sources.fetching import Fetched, Fetcher, FetchFailed, lend_fetcher
from rag_commons.sources.languages import language_tag
from rag_commons.sources.loose_json import Object, part, parts, read_object, text, texts
from rag_commons.sources.option_values import at_most, whole

EUROPEANA = "https://api.europeana.eu/record/v2"
_ROWS = "100"
_RECORD = re.compile(
    r"(?:record:|https?://(?:www|data)\.europeana\.eu/(?:[a-z]{2}/)?item)?(/[0-9]{1,12}/[A-Za-z0-9_]{1,300})(?:\.(?:json|html|rdf))?\Z"
)
_SEARCH = re.compile(r"(?:search|recherche|query)\s*:\s*(.+)\Z", re.IGNORECASE | re.DOTALL)
_NOTE = "edm:rights vaut pour l'objet numérique ; les métadonnées d'Europeana, dont cette description, sont publiées sous CC0 1.0."
# the languages that are taken first where a field has several; def is that of the record
_PREFERRED = ("fr", "def", "en")


def iter_documents(
    paths: Sequence[str | Path],
    *,
    key: str | None = None,
    base: str = EUROPEANA,
    collection: str | None = None,
    limit: int | str | None = None,
    contact: str | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the records that paths ask for: `/dataset/record`, an address of Europeana, `search:` and a query.

    `key`: the key of the API, which a front door gives.
    """
    asked, most = _asked(paths), whole(limit, "limit")
    secret = _key(key)

    def items() -> Generator[Document | DocumentRefused]:
        with lend_fetcher(fetcher, [base], contact) as client:
            reader = _Reader(client, base, secret, collection)
            for record in reader.found(asked):
                yield record if isinstance(record, DocumentRefused) else reader.document(record)

    return at_most(items(), most)


def iter_changes(
    known: Known, state: State, *, key: str | None = None, contact: str | None = None, fetcher: Fetcher | None = None
) -> Iterator[Change]:
    """Yield the known records, read again, those that are gone, and what the paths now find."""
    options = dict(state.options)
    base = options.get("base", EUROPEANA)
    held = [identity.removeprefix("europeana") for identity, _ in known if identity.startswith("europeana/")]
    with lend_fetcher(fetcher, [base], contact) as client:
        reader = _Reader(client, base, _key(key), options.get("collection"))
        for record in held:
            item = reader.document(record)
            if isinstance(item, DocumentRefused):
                gone = Deletion(f"europeana{record}", "missing") if item.reason in ("fetch:404", "fetch:410") else None
                gone = gone or withdrawal(f"europeana{record}", item)
                yield gone or item
            else:
                yield item
        for found in reader.found(_asked(state.paths) if state.paths else []):
            if isinstance(found, DocumentRefused):
                yield found
            elif found not in held:
                yield reader.document(found)
        if reader.complete:
            yield Checkpoint(State(state.source, state.paths, date.today().isoformat(), state.options))


class _Reader:
    """Records of Europeana to documents."""

    def __init__(self, fetcher: Fetcher, base: str, key: str, collection: str | None) -> None:
        self._fetcher, self._base, self._headers = fetcher, base.rstrip("/"), {"X-Api-Key": key}
        self._collection = collection or "europeana"
        self.complete = True

    def found(self, asked: Sequence[str]) -> Iterator[str | DocumentRefused]:
        """Yield the ids of records, each once."""
        seen: set[str] = set()
        for path in asked:
            query, record = _SEARCH.match(path), _RECORD.match(path)
            try:
                for identity in self._search(query[1]) if query else (record[1] if record else "",):
                    if identity and identity not in seen:
                        seen.add(identity)
                        yield identity
            except FetchFailed as error:
                self.complete = False
                yield error.refusal(path[:120])

    def document(self, record: str) -> Document | DocumentRefused:
        """Return the document of a record."""
        try:
            said, fetched = self._ask(f"/{quote(record.strip('/'), safe='/_')}.json", None)
            refused = self._fetcher.opt_out(None, fetched)
            if refused is not None:
                return refused
            document = _read(record, part(said, "object"), self._collection)
            check_document(document)
        except FetchFailed as error:
            self.complete = self.complete and not error.passing
            return error.refusal(record[:120])
        except DocumentRefused as refusal:
            refusal.seen = f"{record[:120]}: {refusal.seen}"
            return refusal
        return document

    def _search(self, query: str) -> Iterator[str]:
        cursor, seen = "*", set[str]()
        while True:
            seen.add(cursor)
            said, _ = self._ask("/search.json", {"query": query, "rows": _ROWS, "profile": "minimal", "cursor": cursor})
            items = parts(said, "items")
            yield from (identity for item in items if _RECORD.match(identity := text(item, "id") or ""))
            following = text(said, "nextCursor")
            if not items or not following or following in seen:
                return
            cursor = following

    def _ask(self, path: str, params: Mapping[str, str] | None) -> tuple[Object, Fetched]:
        def read(fetched: Fetched) -> tuple[Object, Fetched]:
            said = read_object(fetched)
            if said.get("success") is False:
                raise FetchFailed(
                    "europeana-error", "an answer of Europeana", (text(said, "error") or "an error")[:160], "check the key and the query"
                )
            return said, fetched

        return self._fetcher.read(self._base + path, params, read, headers=self._headers)


def _read(record: str, found: Object, collection: str) -> Document:
    proxies = [proxy for proxy in parts(found, "proxies") if proxy.get("europeanaProxy") is not True]
    aggregation = (parts(found, "aggregations") or [{}])[0]
    stated = _first(aggregation, "edmRights")
    if stated is None:
        raise DocumentRefused("missing:licence", "a record with edm:rights", "none", "leave it out, or ask its provider")
    rights = resolve_licence(stated)
    language, descriptions = _spoken(proxies, "dcDescription")
    names = _agents(found)
    landing = text(part(found, "europeanaAggregation"), "edmLandingPage")
    shown = _first(aggregation, "edmIsShownAt") or text(aggregation, "edmIsShownAt")
    provenance = Provenance(
        title=next(iter(_spoken(proxies, "dcTitle")[1]), ""),
        licence=rights.id,
        language=language_tag(language) or _own_language(proxies, found),
        authors=tuple(dict.fromkeys(filter(None, (_person(value, names) for value in _spoken(proxies, "dcCreator")[1])))),
        holder=_first(aggregation, "edmDataProvider"),
        collection=collection,
        url=landing or f"https://www.europeana.eu/item{record}",
        issued=next(filter(None, (iso_date(value) for name in ("dctermsIssued", "dcDate") for value in _spoken(proxies, name)[1])), None),
        modified=iso_date(text(found, "timestamp_update") or ""),
        retrieved=date.today().isoformat(),
        rights_note=" ".join(filter(None, (_NOTE, rights.note))),
        layers=(
            Layer("digitisation", rights.id, (), _first(aggregation, "edmDataProvider"), shown),
            Layer("edition", "CC0-1.0", (), _first(aggregation, "edmProvider"), landing),
        ),
    )
    return Document(f"europeana{record}", "\n".join(descriptions), provenance)


def _spoken(proxies: Sequence[Object], name: str) -> tuple[str | None, list[str]]:
    """Return the values of a field in the language that is preferred, and that language; None for that of the record."""
    for proxy in proxies:
        said = part(proxy, name)
        for language in dict.fromkeys((*_PREFERRED, *said)):
            values = [" ".join(value.split()) for value in texts(said, language)]
            if values:
                return (None if language == "def" else language), list(dict.fromkeys(values))
    return None, []


def _first(value: Object, name: str) -> str | None:
    """Return the first value of a field that is said by language."""
    return next(iter(_spoken([value], name)[1]), None)


def _own_language(proxies: Sequence[Object], found: Object) -> str | None:
    return language_tag(_first((*proxies, {})[0], "dcLanguage")) or language_tag(_first(part(found, "europeanaAggregation"), "edmLanguage"))


def _agents(found: Object) -> dict[str, str]:
    """Return the names of the people whom a record describes, by their address."""
    named = ((text(agent, "about"), _first(agent, "prefLabel")) for agent in parts(found, "agents"))
    return {about: name for about, name in named if about and name}


def _person(value: str, names: Mapping[str, str]) -> str | None:
    return names.get(value) or (None if re.match(r"https?://|#", value) else value)


def _key(key: str | None) -> str:
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise InputError(
            "the key of Europeana's API", "none that can be used", "ask Europeana for one (free), and give it with --set key=…"
        )
    return key


def _asked(paths: Sequence[str | Path]) -> list[str]:
    asked = [str(path) for path in paths]
    for path in asked or [""]:
        if not _SEARCH.match(path) and not _RECORD.match(path):
            raise InputError("the id of a record (/dataset/record), its address, or search: and a query", repr(path[:120]), "correct it")
    return asked
