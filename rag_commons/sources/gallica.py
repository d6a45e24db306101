"""Gallica, the digital library of the Bibliothèque nationale de France and its partners: by ark or by SRU query.

Three things are told apart: the work (in the public domain where its notice says so), its digitisation (under the conditions of Gallica),
and the text that a machine read in it, page by page, with its confidence. A document « sous conditions spécifiques » is refused.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag_commons.documents import Document, Page, Section
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.provenance import Layer, Provenance
from rag_commons.licences.resolve import resolve_licence
from rag_commons.sources.alto_page import AltoPage, read_pages
from rag_commons.sources.alto_volume import Leaf, bind
from rag_commons.sources.changes import Change, Checkpoint, Deletion, Known, State, withdrawal
from rag_commons.sources.contract import check_document
from rag_commons.sources.dublin_core import DublinCore, read_dublin_core, rights_of
from rag_commons.sources.fetching import Fetcher, FetchFailed, lend_fetcher
from rag_commons.sources.gallica_services import GALLICA, Gallica, Manifest, find_ark
from rag_commons.sources.option_values import at_most, whole
from rag_commons.sources.xml import Element

CONDITIONS = "LicenseRef-Gallica-CGU"
# the site's own words for a status, which say it of the work and for France
_PUBLIC_DOMAIN = frozenset(("domaine public", "public domain"))
_VIEWS_BEFORE_GIVING_UP = 8
_SEARCH = re.compile(r"(?:search|recherche|query)\s*:\s*(.+)\Z", re.IGNORECASE | re.DOTALL)

Wanted = tuple[str, Element | None]
Read = tuple[str, tuple[Section, ...], tuple[Page, ...], str | None]


def iter_documents(
    paths: Sequence[str | Path],
    *,
    base: str = GALLICA,
    text: str = "alto",
    views: int | str | None = None,
    collection: str | None = None,
    limit: int | str | None = None,
    contact: str | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield the documents that paths ask for: arks, addresses of Gallica, `search:` and a CQL query, files of these, one a line.

    `text`: `alto` (page by page, with its confidence) or `brut` (in one request, without pages). `views`: the most views of a document.
    """
    asked, most = _asked(paths), whole(limit, "limit")
    how = _Reading(text, whole(views, "views"), collection or "gallica")

    def items() -> Generator[Document | DocumentRefused]:
        with lend_fetcher(fetcher, [base], contact) as client:
            yield from _Reader(Gallica(client, base), how).read(asked, frozenset())

    return at_most(items(), most)


def iter_changes(known: Known, state: State, *, contact: str | None = None, fetcher: Fetcher | None = None) -> Iterator[Change]:
    """Yield the documents that the paths find and that are not known, and the known ones whose notice is gone or closed.

    A digitised document does not change under its ark: its pages are not read again.
    """
    options = dict(state.options)
    base = options.get("base", GALLICA)
    held = {identity for identity, _ in known if identity.startswith("gallica/")}
    with lend_fetcher(fetcher, [base], contact) as client:
        gallica = Gallica(client, base)
        views = whole(options.get("views"), "views")
        reader = _Reader(gallica, _Reading(options.get("text", "alto"), views, options.get("collection", "gallica")))
        for identity in sorted(held):
            gone = reader.gone(identity)
            if gone is not None:
                yield gone
        yield from reader.read(_asked(state.paths) if state.paths else [], frozenset(held))
        if reader.complete:
            yield Checkpoint(State(state.source, state.paths, date.today().isoformat(), state.options))


@dataclass(frozen=True, slots=True)
class _Reading:
    """How documents are read: `alto` or `brut`, the most views, the name of their collection."""

    text: str
    views: int | None
    collection: str

    def __post_init__(self) -> None:
        """Raise InputError for a text that Gallica does not give."""
        if self.text not in ("alto", "brut"):
            raise InputError("--set text=alto, or text=brut", repr(self.text[:40]), "correct it")


class _Reader:
    """Documents of Gallica."""

    def __init__(self, gallica: Gallica, how: _Reading) -> None:
        self._gallica, self._how = gallica, how
        self.complete = True

    def read(self, asked: Sequence[str], known: frozenset[str]) -> Iterator[Document | DocumentRefused]:
        """Yield each document once, those that are known left out."""
        seen = set(known)
        for path in asked:
            try:
                for ark, record in self._found(path):
                    identity = f"gallica/{ark.removeprefix('ark:/')}"
                    if identity not in seen:
                        seen.add(identity)
                        yield self._document(identity, ark, record)
            except FetchFailed as error:
                self.complete = False
                yield error.refusal(path[:120])

    def gone(self, identity: str) -> Deletion | DocumentRefused | None:
        """Return the deletion of a known document whose notice is gone or whose rights have changed."""
        ark = f"ark:/{identity.removeprefix('gallica/')}"
        try:
            _stated(read_dublin_core(self._gallica.notice(ark)))
            refused = self._gallica.opt_out(ark)
        except FetchFailed as error:
            if error.reason in ("404", "410"):
                return Deletion(identity, "missing")
            self.complete = False
            return error.refusal(ark)
        except DocumentRefused as refusal:
            return withdrawal(identity, refusal)
        return withdrawal(identity, refused) if refused else None

    def _found(self, path: str) -> Iterator[Wanted]:
        query = _SEARCH.match(path)
        if query:
            yield from self._gallica.search(query[1])
        else:
            yield find_ark(path) or "", None

    def _document(self, identity: str, ark: str, record: Element | None) -> Document | DocumentRefused:
        try:
            core = read_dublin_core(self._gallica.notice(ark) if record is None else record)
            licence, layers = self._rights(ark, core)
            refused = self._gallica.opt_out(ark)
            if refused is not None:
                return refused
            text, sections, pages, doubt = self._plain(ark) if self._how.text == "brut" else self._pages(ark)
            provenance = self._provenance(ark, core, licence, layers, doubt)
            document = Document(identity, text, provenance, sections, pages)
            check_document(document)
        except FetchFailed as error:
            self.complete = self.complete and not error.passing
            return error.refusal(ark)
        except DocumentRefused as refusal:
            refusal.seen = f"{ark}: {refusal.seen}"
            return refusal
        return document

    def _plain(self, ark: str) -> Read:
        text, fetched = self._gallica.plain_text(ark)
        refused = self._gallica.opt_out(ark, fetched)
        if refused is not None:
            raise refused
        return text, (), (), None

    def _pages(self, ark: str) -> Read:
        """Return the text of the views of a document, and what must be said of those without any."""
        manifest = self._manifest(ark)
        leaves: list[Leaf] = []
        without = 0
        for view, label in enumerate(manifest.labels[: self._how.views], 1):
            root = self._gallica.alto(ark, view)
            page = next(iter(read_pages(root, f"{ark}/f{view}")), None) if root is not None else None
            without += root is None
            if without == view == _VIEWS_BEFORE_GIVING_UP:
                break
            read = page or AltoPage(None, None, None, ())
            leaves.append(
                Leaf(read, label if label != "NP" else read.printed or f"vue {view}", f"{self._address(ark)}/f{view}", page is not None)
            )
        if without >= len(leaves):
            raise DocumentRefused("no-text-layer", "a document whose text was read (OCR)", f"none in {ark}", "leave it out")
        volume = bind(leaves)
        doubts = [f"Texte absent de {without} vue(s) sur {len(leaves)}."] if without else []
        if manifest.licence and not self._is_ours(manifest.licence):
            doubts.append(f"Le manifeste IIIF renvoie à d'autres conditions : {manifest.licence[:200]}")
        return volume.text, volume.sections, volume.pages, " ".join(doubts) or None

    def _manifest(self, ark: str) -> Manifest:
        try:
            return self._gallica.manifest(ark)
        except FetchFailed:
            return self._gallica.pagination(ark)

    def _is_ours(self, licence: str) -> bool:
        try:
            return resolve_licence(licence).id == CONDITIONS
        except DocumentRefused:
            return False

    def _rights(self, ark: str, core: DublinCore) -> tuple[str, tuple[Layer, ...]]:
        """Return the licence of the text as Gallica gives it, and its layers; raises DocumentRefused."""
        work = _stated(core)
        people = core.people()
        digitised = Layer("digitisation", CONDITIONS, (), _holder(core), self._address(ark))
        if work == "CC-PDM-1.0":
            return CONDITIONS, (Layer("work", work, people), digitised)
        return work, (digitised,)

    def _provenance(self, ark: str, core: DublinCore, licence: str, layers: tuple[Layer, ...], doubt: str | None) -> Provenance:
        return Provenance(
            title=core.title[0] if core.title else "",
            licence=licence,
            language=core.tag(),
            authors=core.people(),
            authors_died=core.died(),
            holder=_holder(core),
            collection=self._how.collection,
            url=self._address(ark),
            permalink=self._address(ark),
            issued=core.issued(),
            retrieved=date.today().isoformat(),
            rights_note=doubt,
            layers=layers,
        )

    def _address(self, ark: str) -> str:
        return f"{GALLICA}/{ark}"


def _stated(core: DublinCore) -> str:
    """Return the rights of the work by its notice: « domaine public », or what the table holds; raises DocumentRefused."""
    if any(value.strip().lower() in _PUBLIC_DOMAIN for value in core.rights):
        return "CC-PDM-1.0"
    return rights_of(core.rights).id


def _holder(core: DublinCore) -> str:
    """Return the institution that holds the original: what dc:source says before the department and the shelf mark."""
    return next(
        (value.partition(",")[0].strip() for value in core.source if value.partition(",")[0].strip()), "Bibliothèque nationale de France"
    )


def _asked(paths: Sequence[str | Path]) -> list[str]:
    """Return arks and queries, files of them read; raises InputError for what is neither."""
    asked: list[str] = []
    for path in map(str, paths):
        lines = [path]
        if not _SEARCH.match(path) and not find_ark(path) and Path(path).is_file():
            try:
                read = Path(path).read_bytes()[: 16 * 2**20].decode("utf-8-sig", "replace")
            except OSError as error:
                raise InputError("a file of arks that can be read", f"{path}: {error.strerror}", "check its permissions") from None
            lines = [line.strip() for line in read.splitlines() if line.strip() and not line.startswith("#")]
        for line in lines:
            if not _SEARCH.match(line) and not find_ark(line):
                raise InputError("an ark (ark:/12148/…), search: and a CQL query, or a file of these", repr(line[:120]), "correct it")
            asked.append(line)
    if not asked:
        raise InputError("an ark (ark:/12148/…), search: and a CQL query, or a file of these", "nothing", "name what to read")
    return asked
