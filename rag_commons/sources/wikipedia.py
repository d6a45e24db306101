"""Pages of any wiki by its MediaWiki API: by title, category, search, or a file of these.

People are credited as the projects ask: together, by the link to the page's history. The licence goes by the date of the revision.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from datetime import date
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.resolve import Resolution, resolve_licence, wikipedia_licence
from rag_commons.sources.attribution import AttributionApi, Signals
from rag_commons.sources.changes import Change, Checkpoint, Deletion, Known, State, withdrawal
from rag_commons.sources.contract import check_document
from rag_commons.sources.fetching import Fetcher, FetchFailed, lend_fetcher
from rag_commons.sources.languages import language_tag
from rag_commons.sources.loose_json import Object, number, part, parts, text
from rag_commons.sources.mediawiki import INTERVAL, MediaWiki, batches
from rag_commons.sources.option_values import at_most, truth, whole
from rag_commons.sources.wiki_wanted import Wanted, page_batches, read_wanted
from rag_commons.sources.wikis import Wiki, find_wiki
from rag_commons.sources.wikitext import read_wikitext

_CONTENT = {
    "prop": "info|revisions|pageprops",
    "inprop": "url",
    "rvprop": "ids|timestamp|content",
    "rvslots": "main",
    "ppprop": "disambiguation",
}
_REVISION = re.compile(r"[?&]oldid=([0-9]{1,15})(?:&|\Z)")


def iter_documents(
    paths: Sequence[str | Path],
    *,
    wiki: str = "frwiki",
    api: str | None = None,
    depth: int | str = 0,
    limit: int | str | None = None,
    licence: str | None = None,
    collection: str | None = None,
    holder: str | None = None,
    attribution: bool | str = True,
    contact: str | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the pages that paths ask of a wiki; raises InputError where the wiki cannot be asked at all.

    `api`: the address of another api.php. `depth`: levels of subcategories. `licence`: for a wiki that states none.
    """
    wanted = read_wanted(paths)
    most, levels, signals = whole(limit, "limit"), whole(depth, "depth") or 0, truth(attribution, "attribution")
    address = api or _api(wiki)

    def items() -> Generator[Document | DocumentRefused]:
        with lend_fetcher(fetcher, [address], contact, INTERVAL) as client:
            reader = _Reader(client, wiki, address, licence=licence, collection=collection, holder=holder, attribution=signals)
            yield from (item for item in wanted if isinstance(item, DocumentRefused))
            yield from reader.read(page_batches(reader.wiki, [item for item in wanted if isinstance(item, Wanted)], levels))

    return at_most(items(), most)


def iter_changes(known: Known, state: State, *, contact: str | None = None, fetcher: Fetcher | None = None) -> Iterator[Change]:
    """Yield what changed of the known pages of a wiki, those that are gone, and those that the paths now find.

    Revisions are compared by number, fifty pages a request; only what changed is fetched.
    """
    options = dict(state.options)
    name, api = options.get("wiki", "frwiki"), options.get("api")
    revisions = _revisions(known, name)
    with lend_fetcher(fetcher, [api or _api(name)], contact, INTERVAL) as client:
        attribution = truth(options.get("attribution", "oui"), "attribution")
        given = (options.get(key) for key in ("licence", "collection", "holder"))
        reader = _Reader(client, name, api, *given, attribution=attribution)
        reader.known = frozenset(revisions)
        stale: list[str] = []
        wanted = [item for item in read_wanted(state.paths) if isinstance(item, Wanted)] if state.paths else []
        try:
            yield from _gone(reader, revisions, stale)
        except FetchFailed as error:
            yield error.refusal(f"{name}: {reader.wiki.api[:80]}")
            return
        yield from reader.read({"pageids": "|".join(batch)} for batch in batches(stale))
        yield from reader.read(_new(reader, page_batches(reader.wiki, wanted, whole(options.get("depth"), "depth") or 0), revisions))
        yield from reader.withdrawn
        if reader.complete:
            yield Checkpoint(State(state.source, state.paths, date.today().isoformat(), state.options))


def _revisions(known: Known, name: str) -> dict[str, str | None]:
    """Return the revision of each known page of a wiki, by page id; None where it is unknown."""
    found: dict[str, str | None] = {}
    for identity, provenance in known:
        wiki, _, page = identity.rpartition("/")
        if wiki == name and page.isdigit():
            revision = _REVISION.search(provenance.permalink or "")
            found[page] = revision[1] if revision else None
    return found


def _gone(reader: "_Reader", revisions: dict[str, str | None], stale: list[str]) -> Iterator[Change]:
    """Yield the deletion of each known page that is no longer one, and add to `stale` those that have another revision."""
    for batch in batches(revisions):
        for said in reader.wiki.query(pageids="|".join(batch), prop="info"):
            for page in parts(said, "pages"):
                key = str(page.get("pageid"))
                if page.get("missing"):
                    yield Deletion(f"{reader.name}/{key}", "missing")
                elif page.get("redirect"):
                    yield Deletion(f"{reader.name}/{key}", "redirect")
                elif key in revisions and revisions[key] != str(page.get("lastrevid")):
                    stale.append(key)


def _new(reader: "_Reader", asked: Iterator[dict[str, str]], revisions: dict[str, str | None]) -> Iterator[dict[str, str]]:
    for batch in asked:
        found = [str(page.get("pageid")) for page in reader.wiki.pages(batch, prop="info") if number(page, "pageid")]
        new = [page for page in found if page not in revisions]
        if new:
            yield {"pageids": "|".join(new)}


def _api(name: str) -> str:
    return f"https://{find_wiki(name).host}/w/api.php"


class _Reader:
    """Pages of one wiki to documents."""

    def __init__(
        self,
        fetcher: Fetcher,
        name: str,
        api: str | None,
        licence: str | None = None,
        collection: str | None = None,
        holder: str | None = None,
        *,
        attribution: bool,
    ) -> None:
        self.name = name
        self.wiki = MediaWiki(fetcher, api or _api(name))
        self.site = self.wiki.site()
        self._known = _known_wiki(name) if self.site.wikimedia else None
        self._licence, self._collection, self._holder = licence, collection, holder
        self._signals = AttributionApi(fetcher, self.wiki.api) if attribution and self.site.wikimedia else None
        self._seen: set[int] = set()
        self.complete = True
        self.known: frozenset[str] = frozenset()
        self.withdrawn: list[Deletion] = []

    def read(self, asked: Iterator[dict[str, str]]) -> Iterator[Document | DocumentRefused]:
        """Yield the pages of batches, each once; a batch that fails is one refusal, two in a row end the reading."""
        failures = 0
        while failures < 2:
            try:
                batch = next(asked, None)
                if batch is None:
                    return
                for page in self.wiki.pages(batch, **_CONTENT):
                    identity = number(page, "pageid")
                    if identity is None or identity not in self._seen:
                        self._seen.add(identity or 0)
                        yield self._document(page)
                failures = 0
            except FetchFailed as error:
                self.complete = False
                failures += 1
                yield error.refusal(f"{self.name}: {self.wiki.api[:80]}")

    def _document(self, page: Object) -> Document | DocumentRefused:
        item = self._read_page(page)
        key = str(page.get("pageid"))
        if isinstance(item, DocumentRefused) and key in self.known:
            gone = withdrawal(f"{self.name}/{key}", item)
            self.withdrawn += [gone] if gone else []
        return item

    def _read_page(self, page: Object) -> Document | DocumentRefused:
        title = text(page, "title") or ""
        try:
            source = _source(page, title)
            address = text(page, "canonicalurl") or text(page, "fullurl") or self.wiki.address(self.site, title)
            refused = self.wiki.opt_out(address)
            if refused is not None:
                return refused
            signals = self._signals.signals(title) if self._signals else Signals()
            read = read_wikitext(source, self._known.id if self._known else self.name, title)
            document = Document(f"{self.name}/{page['pageid']}", read.text, self._provenance(page, title, address, signals), read.sections)
            check_document(document)
        except DocumentRefused as refusal:
            refusal.seen = f"{self.name}:{title[:80]}: {refusal.seen}"
            return refusal
        return document

    def _provenance(self, page: Object, title: str, address: str, signals: Signals) -> Provenance:
        revision = parts(page, "revisions")[0]
        stamp = text(revision, "timestamp") or ""
        rights = self._rights(stamp, signals)
        revid = number(revision, "revid")
        language = signals.language or text(page, "pagelanguage") or self.site.language
        own = self._known.language if self._known and language in (None, self.site.language) else None
        return Provenance(
            title=title,
            licence=rights.id,
            language=own or language_tag(language),
            authors=self._authors(signals),
            holder=self._holder or (self._known.name if self._known else self.site.name),
            collection=self._collection or (self._known.collection if self._known else self.name),
            url=address,
            permalink=self.wiki.address(self.site, title, oldid=str(revid)) if revid else None,
            history_url=self.wiki.address(self.site, title, action="history"),
            modified=stamp[:10] or None,
            retrieved=date.today().isoformat(),
            rights_note=rights.note,
        )

    def _authors(self, signals: Signals) -> tuple[str, ...]:
        """Return whom to name: those who wrote the page together, after whoever the wiki itself asks to credit."""
        project = self._known.project if self._known else self.site.name
        return (*((signals.credit,) if signals.credit else ()), f"Contributrices et contributeurs de {project}")

    def _rights(self, stamp: str, signals: Signals) -> Resolution:
        """Return the licence of a revision: by its date on a wiki of Wikimedia under CC BY-SA, else the one that the wiki states."""
        site = self._stated()
        if not (self.site.wikimedia and site.id.startswith("CC-BY-SA-")):
            return site
        dated = wikipedia_licence(stamp)
        try:
            announced = resolve_licence(signals.licence).id if signals.licence else None
        except DocumentRefused:
            announced = signals.licence
        # the API speaks of the site's licence today; of an older revision the date says more
        differs = announced and not announced.startswith("CC-BY-SA-")
        return Resolution(dated, f"L'API d'attribution du wiki annonce une autre licence : {announced}." if differs else None)

    def _stated(self) -> Resolution:
        """Return the licence that the wiki states, or the one that the user gave where it states none that the table holds."""
        if not self.site.licence and not self._licence:
            raise DocumentRefused("missing:licence", "a wiki that states its licence", self.site.name, "give it with --set licence=…")
        try:
            return resolve_licence(self.site.licence or "")
        except DocumentRefused:
            if self._licence:
                return resolve_licence(self._licence)
            raise


def _known_wiki(name: str) -> Wiki | None:
    try:
        return find_wiki(name)
    except InputError:
        return None


def _source(page: Object, title: str) -> str:
    """Return the wikitext of a page, or raise the refusal of one that is missing, hidden, a disambiguation, or not wikitext."""
    if page.get("missing") or page.get("invalid"):
        raise DocumentRefused(
            "missing:page" if page.get("missing") else "invalid:title", "a page of the wiki", f"none at {title!r}", "check its title"
        )
    if "disambiguation" in part(page, "pageprops"):
        raise DocumentRefused("disambiguation", "an article", "a disambiguation page", "ask for the pages that it lists")
    revision = (parts(page, "revisions") or [{}])[0]
    if number(page, "pageid") is None:
        raise DocumentRefused("malformed:page", "a page with its number", "none", "report it to the wiki")
    slot = part(revision, "slots", "main")
    source = slot.get("content")
    if slot.get("contentmodel", "wikitext") != "wikitext":
        raise DocumentRefused("not-wikitext", "a page of wikitext", f"the model {str(slot.get('contentmodel'))[:40]!r}", "leave it out")
    if not isinstance(source, str):
        raise DocumentRefused("missing:text", "the text of a revision", "none, or a hidden one", "leave it out")
    return source
