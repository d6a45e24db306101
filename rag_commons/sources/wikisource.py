"""Works of Wikisource by its API, in two layers: the work, and its transcription under the licence of the wiki.

A work is read chapter by chapter: each page of the main namespace is a document, with the scanned pages that it transcludes. The one
surprise: `oldid` does not pin what a page transcludes, so that such a page has no permanent link, only the date of its last change.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote, urljoin

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.licences.provenance import Layer, Provenance
from rag_commons.licences.public_domain import public_domain
from rag_commons.licences.resolve import wikipedia_licence
from rag_commons.sources.changes import Change, Checkpoint, Deletion, Known, State, withdrawal
from rag_commons.sources.contract import check_document
from rag_commons.sources.fetching import Fetcher, FetchFailed, lend_fetcher
from rag_commons.sources.loose_json import Object, number, part, parts, text
from rag_commons.sources.mediawiki import INTERVAL, MediaWiki, batches
from rag_commons.sources.option_values import at_most, truth, whole
from rag_commons.sources.wiki_wanted import Wanted, page_batches, read_wanted
from rag_commons.sources.wikis import find_wiki, find_wikisource
from rag_commons.sources.wikisource_index import INDEX_PREFIXES, correction_note, iter_scans, put_together, read_book_data
from rag_commons.sources.wikisource_page import WikisourcePage, iter_subpages, read_page
from rag_commons.sources.wikisource_people import Deaths

WIKIDATA = "https://www.wikidata.org/w/api.php"
_SCANS = 104
_PARSED = "text|revid|templates"
_NOT_EVALUATED = "LicenseRef-RS-CNE"


def iter_documents(
    paths: Sequence[str | Path],
    *,
    wiki: str = "frwikisource",
    api: str | None = None,
    wikidata: str = WIKIDATA,
    subpages: bool | str = True,
    depth: int | str = 0,
    limit: int | str | None = None,
    collection: str | None = None,
    country: str = "FR",
    contact: str | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the pages of works; raises InputError where the wiki cannot be asked at all.

    `subpages`: whether the chapters of a work come with it. `country`: where its public domain is computed. `wikidata`: api.php
    that years of death are asked of, empty for none.
    """
    wanted = read_wanted(paths)
    most, levels, chapters = whole(limit, "limit"), whole(depth, "depth") or 0, truth(subpages, "subpages")
    address = api or f"https://{find_wikisource(wiki).host}/w/api.php"
    public_domain(None, country, date.today())  # a country whose terms are not known is said at once

    def items() -> Generator[Document | DocumentRefused]:
        with lend_fetcher(fetcher, [address, wikidata] if wikidata else [address], contact, INTERVAL) as client:
            reader = _Reader(MediaWiki(client, address), MediaWiki(client, wikidata) if wikidata else None, wiki, collection, country)
            yield from (item for item in wanted if isinstance(item, DocumentRefused))
            yield from reader.read([item for item in wanted if isinstance(item, Wanted)], levels, chapters)

    return at_most(items(), most)


def iter_changes(known: Known, state: State, *, contact: str | None = None, fetcher: Fetcher | None = None) -> Iterator[Change]:
    """Yield the known pages that were touched since they were read, those that are gone, and what the paths now find.

    A page is touched when anything that it transcludes changes; one that reads the same again costs the index nothing.
    """
    options = dict(state.options)
    name, wikidata = options.get("wiki", "frwikisource"), options.get("wikidata", WIKIDATA)
    address = options.get("api") or f"https://{find_wiki(name).host}/w/api.php"
    read = {identity.rpartition("/")[2]: held for identity, held in known if identity.rpartition("/")[0] == name}
    with lend_fetcher(fetcher, [address, wikidata] if wikidata else [address], contact, INTERVAL) as client:
        wiki = MediaWiki(client, address)
        country, chapters = options.get("country", "FR"), truth(options.get("subpages", "oui"), "subpages")
        reader = _Reader(wiki, MediaWiki(client, wikidata) if wikidata else None, name, options.get("collection"), country)
        reader.known = frozenset(f"{name}/{key}" for key in read)
        reader.fresh = {held.url for held in read.values() if held.url}
        stale: list[str] = []
        try:
            for page in _info(wiki, read):
                key, title = str(page.get("pageid")), text(page, "title")
                if page.get("missing") or page.get("redirect"):
                    yield Deletion(f"{name}/{key}", "missing" if page.get("missing") else "redirect")
                elif title and (text(page, "touched") or "9")[:10] >= (read[key].retrieved or ""):
                    stale.append(title)
        except FetchFailed as error:
            yield error.refusal(address)
            return
        reader.fresh -= {reader.address(title) for title in stale}
        wanted = [item for item in read_wanted(state.paths) if isinstance(item, Wanted)] if state.paths else []
        asked = [*(Wanted("title", title) for title in stale), *wanted]
        yield from reader.read(asked, whole(options.get("depth"), "depth") or 0, chapters)
        yield from reader.withdrawn
        if reader.complete:
            yield Checkpoint(State(state.source, state.paths, date.today().isoformat(), state.options))


def _info(wiki: MediaWiki, pages: Iterable[str]) -> Iterator[Object]:
    for batch in batches(page for page in pages if page.isdigit()):
        for said in wiki.query(pageids="|".join(batch), prop="info"):
            yield from (page for page in parts(said, "pages") if str(page.get("pageid")) in batch)


class _Reader:
    """Pages of one Wikisource to documents."""

    def __init__(self, wiki: MediaWiki, wikidata: MediaWiki | None, name: str, collection: str | None, country: str) -> None:
        self._wiki, self._country = wiki, country
        self._known = find_wiki(name)
        self._site = wiki.site()
        self._collection = collection or self._known.collection
        self._deaths = Deaths(wiki, wikidata)
        self._seen: set[str] = set()
        self.fresh: set[str] = set()
        self.complete = True
        self.known: frozenset[str] = frozenset()
        self.withdrawn: list[Deletion] = []

    def read(self, wanted: list[Wanted], depth: int, chapters: bool) -> Iterator[Document | DocumentRefused]:
        """Yield the works that are wanted, each followed by its chapters where they are asked for."""
        for title in self._titles(wanted, depth):
            if isinstance(title, DocumentRefused):
                yield title
            elif self.address(title) in self.fresh:
                continue
            elif title.lower().startswith(INDEX_PREFIXES):
                yield self._book(title)
            else:
                yield from self._work(title, chapters)

    def _titles(self, wanted: list[Wanted], depth: int) -> Iterator[str | DocumentRefused]:
        yield from (item.value for item in wanted if item.kind == "title")
        try:
            for batch in page_batches(self._wiki, [item for item in wanted if item.kind != "title"], depth):
                for page in self._wiki.pages(batch, prop="info"):
                    title = text(page, "title")
                    if title and not page.get("missing"):
                        yield title
        except FetchFailed as error:
            yield self._failed(error, self._wiki.api)

    def _work(self, title: str, chapters: bool) -> Iterator[Document | DocumentRefused]:
        found = self._page(title)
        if found is None:
            return
        document, page = found
        below = list(iter_subpages(page, title)) if chapters and page else []
        # the page of a work that has chapters is its table of contents: without text of its own it is no refusal
        if not (below and isinstance(document, DocumentRefused) and document.reason == "empty-text"):
            yield document
        for subpage in below:
            chapter = self._page(subpage, page)
            if chapter is not None:
                yield chapter[0]

    def _page(self, title: str, work: WikisourcePage | None = None) -> tuple[Document | DocumentRefused, WikisourcePage | None] | None:
        """Return the document of a title and what its page holds; None for one that was read before."""
        if title in self._seen or self.address(title) in self.fresh:
            return None
        self._seen.add(title)
        page: WikisourcePage | None = None
        identity: int | None = None
        try:
            said = self._wiki.parse(title, _PARSED)
            name, identity = text(said, "title") or title, number(said, "pageid")
            page = read_page(str(said.get("text") or ""), urljoin(self._site.index, "/wiki/"))
            refused = self._wiki.opt_out(self.address(name))
            if refused is not None:
                return self._refused(refused, identity, name), None
            revision = None if page.pages else number(said, "revid")
            changed = self._last_change(name, said, bool(page.pages))
            provenance = self._provenance(name, name, changed, _with_header_of(page, work), revision)
            document = Document(f"{self._known.id}/{identity or name}", page.text, provenance, tuple(page.sections), tuple(page.pages))
            check_document(document)
        except FetchFailed as error:
            return self._failed(error, f"{self._known.id}: {title}"), page
        except DocumentRefused as refusal:
            return self._refused(refusal, identity, title), page
        return document, page

    def _book(self, title: str) -> Document | DocumentRefused:
        """Return the document of a scanned book by its index page."""
        identity: int | None = None
        try:
            said = next(self._wiki.pages({"titles": title}, prop="revisions", rvprop="content", rvslots="main"), {})
            identity = number(said, "pageid")
            refused = self._wiki.opt_out(self.address(title))
            if refused is not None:
                return self._refused(refused, identity, title)
            source = text(part((parts(said, "revisions") or [{}])[0], "slots", "main"), "content") or ""
            scans = list(iter_scans(self._wiki, title, self._known.id))
            book = read_book_data(source)
            read, pages = put_together(scans, self.address)
            changed = max((scan.changed for scan in scans), default="")
            about = WikisourcePage(title=book.title, authors=book.authors, translators=book.translators, year=book.year)
            about.author_pages = book.author_pages
            provenance = self._provenance(book.title or title, title, changed, about, None, correction_note(scans))
            document = Document(f"{self._known.id}/{identity or title}", read, provenance, pages=pages)
            check_document(document)
        except FetchFailed as error:
            return self._failed(error, f"{self._known.id}: {title}")
        except DocumentRefused as refusal:
            return self._refused(refusal, identity, title)
        return document

    def _refused(self, refusal: DocumentRefused, identity: int | None, title: str) -> DocumentRefused:
        """Return a refusal that says where; a known page that is refused today is withdrawn."""
        refusal.seen = f"{self._known.id}: {title[:80]}: {refusal.seen}"
        key = f"{self._known.id}/{identity}"
        gone = withdrawal(key, refusal) if key in self.known else None
        self.withdrawn += [gone] if gone else []
        return refusal

    def _failed(self, error: FetchFailed, where: str) -> DocumentRefused:
        self.complete = self.complete and not error.passing
        return error.refusal(where)

    def address(self, title: str) -> str:
        """Return the public address of a page."""
        return urljoin(self._site.index, f"/wiki/{quote(title.replace(' ', '_'), safe='/:,()!*;@')}")

    def _provenance(
        self, title: str, name: str, changed: str, about: WikisourcePage, revision: int | None, doubt: str | None = None
    ) -> Provenance:
        licence = wikipedia_licence(changed)
        people = (*about.authors, *about.translators)
        died = self._died(about.author_pages, people)
        layer, note = self._work_layer(people, died)
        history = self._wiki.address(self._site, name, action="history")
        scribes = (f"Contributrices et contributeurs de {self._known.project}",)
        return Provenance(
            title=title,
            licence=licence,
            language=self._known.language,
            authors=people or scribes,
            authors_died=died,
            holder=self._known.name,
            collection=self._collection,
            url=self.address(name),
            permalink=self._wiki.address(self._site, name, oldid=str(revision)) if revision else None,
            history_url=history,
            issued=about.year,
            modified=changed[:10],
            retrieved=date.today().isoformat(),
            rights_note=" ".join(filter(None, (note, doubt))) or None,
            layers=(layer, Layer("transcription", licence, scribes, self._known.name, history)),
        )

    def _last_change(self, title: str, said: Object, transcludes: bool) -> str:
        """Return the time of the last change of a page and of the scanned pages that it transcludes."""
        titles = [title]
        if transcludes:
            titles += [text(item, "title") or "" for item in parts(said, "templates") if number(item, "ns") == _SCANS]
        stamps = [""]
        for batch in batches(filter(None, titles)):
            for page in self._wiki.pages({"titles": "|".join(batch)}, prop="revisions", rvprop="timestamp"):
                stamps += [text(revision, "timestamp") or "" for revision in parts(page, "revisions")]
        return max(stamps)

    def _died(self, author_pages: tuple[str, ...], people: tuple[str, ...]) -> int | None:
        """Return the last year of death among the people of a work, None unless it is known of all."""
        named = [page for page in author_pages if _name(page) in people]
        if not people or {_name(page) for page in named} != set(people):
            return None
        years = [self._deaths.year(page) for page in named]
        return max(year for year in years if year) if all(years) else None

    def _work_layer(self, people: tuple[str, ...], died: int | None) -> tuple[Layer, str | None]:
        """Return the layer of the work itself, and what must be said where its status is not known."""
        status = public_domain(died, self._country, date.today()) if died is None or died <= date.today().year else None
        if status is not None and status.state == "public-domain":
            return Layer("work", "CC-PDM-1.0", people), None
        if status is not None and status.state == "protected":
            return Layer("work", "LicenseRef-RS-InC", people), f"Œuvre : {status.sentence('fr')}"
        lack = "année de mort inconnue" if people else "auteur inconnu"
        return Layer("work", _NOT_EVALUATED, people), f"Statut de l'œuvre inconnu ({lack}) : à vérifier avant de la reprendre."


def _with_header_of(page: WikisourcePage, work: WikisourcePage | None) -> WikisourcePage:
    """Return a page with the header of its work where it has none of its own."""
    if work is None or page.authors:
        return page
    return replace(page, authors=work.authors, translators=work.translators, author_pages=work.author_pages, year=page.year or work.year)


def _name(author_page: str) -> str:
    return re.sub(r"^[^:]{1,20}:", "", author_page).strip()
