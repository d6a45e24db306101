"""Pages of a dump → documents: which pages are articles, who made them, under what, at which revision."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError, fromstring

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.resolve import wikipedia_licence
from rag_commons.sources.contract import check_document
from rag_commons.sources.wikis import Wiki
from rag_commons.sources.wikitext import read_wikitext

AUTHORS = ("Contributrices et contributeurs de Wikipédia",)
_PAGE = re.compile(rb"<page>.*?</page>", re.DOTALL)
# MediaWiki holds a page to 2 MiB of UTF-8
LONGEST_WIKITEXT = 4 << 20
_REDIRECT = re.compile(r"\s*#[^\W\d_]{4,20}\s*:?\s*\[\[", re.IGNORECASE)
_DISAMBIGUATION = re.compile(
    r"\{\{\s*(?:homonymie(?:[ _]de[^|{}]{0,40})?|paronymie|patronyme|homonimia|omonimia|disambiguation|disambig|dab|"
    r"disheñvelout|disheñvelaat|"
    r"desambiguació|desambiguació[^|{}]{0,40}|onomàstica|argipen|"
    r"argitze|omonimi|omonim|homonym|begriffsklärung|begriffskläärig|mana-dikany|"
    r"homonymie[ _]locale|(?:sigle|toponymie)(?=\s*\}))\s*[|}]",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class PageReader:
    """What turns the pages of one wiki into documents. `since` (YYYY-MM-DD) passes over what was last revised before that day."""

    wiki: Wiki
    where: str
    namespaces: frozenset[str] = frozenset({"0"})
    since: str | None = None

    def read(self, xml: bytes) -> Iterator[Document | DocumentRefused]:
        """Yield the document or the refusal of each page in XML that holds whole pages; one that is malformed costs no other."""
        start = max(xml.find(b"<page>"), 0)
        try:
            pages = list(fromstring(b"<pages>" + xml[start:] + b"</pages>"))
        except (ParseError, ValueError):
            yield from self._read_one_by_one(xml)
            return
        for page in pages:
            if page.tag == "page":
                yield from self._page(page)

    def _read_one_by_one(self, xml: bytes) -> Iterator[Document | DocumentRefused]:
        for page in _PAGE.finditer(xml):
            try:
                element = fromstring(page[0])
            except (ParseError, ValueError) as error:
                yield DocumentRefused("malformed-page", "well-formed XML", f"{self.where}: a page: {error}", "fetch the dump again")
                continue
            yield from self._page(element)

    def _page(self, page: Element) -> Iterator[Document | DocumentRefused]:
        revision = _last_revision(page)
        if revision is None:
            yield self._refused("no-revision", "a page with a revision", page, "none")
            return
        if self.since and (revision.findtext("timestamp") or "")[:10] < self.since:
            return
        try:
            document = self._document(page, revision)
            check_document(document)
        except DocumentRefused as refusal:
            yield refusal
        else:
            yield document

    def _document(self, page: Element, revision: Element) -> Document:
        title, namespace = _text(page, "title"), _text(page, "ns") or "0"
        if namespace not in self.namespaces:
            raise self._refused("namespace", f"a page of namespace {', '.join(sorted(self.namespaces))}", page, namespace)
        if page.find("redirect") is not None:
            raise self._refused("redirect", "an article", page, "a redirect")
        source = self._source(page, revision)
        identifier, revised = _text(page, "id"), _text(revision, "timestamp")
        if not identifier.isdecimal():
            raise self._refused("missing:id", "a page with its number", page, identifier[:40])
        read = read_wikitext(source, self.wiki.id, title)
        licence = wikipedia_licence(revised)
        provenance = self._provenance(title, _text(revision, "id"), revised, licence)
        return Document(f"{self.wiki.id}/{identifier}", read.text, provenance, read.sections)

    def _source(self, page: Element, revision: Element) -> str:
        """Return the wikitext of a page that is an article; raises DocumentRefused."""
        model, text = revision.findtext("model") or "wikitext", revision.find("text")
        if model != "wikitext":
            raise self._refused("content-model", "a page of wikitext", page, model[:40])
        if text is None or text.get("deleted") is not None:
            raise self._refused("deleted-text", "a page with its text", page, "a text that was deleted")
        source = text.text or ""
        if len(source) > LONGEST_WIKITEXT:
            raise self._refused("page-too-large", f"less than {LONGEST_WIKITEXT} characters", page, str(len(source)))
        if _REDIRECT.match(source):
            raise self._refused("redirect", "an article", page, "a redirect")
        if "__DISAMBIG__" in source or _DISAMBIGUATION.search(source):
            raise self._refused("disambiguation", "an article", page, "a disambiguation page")
        return source

    def _provenance(self, title: str, revision: str, revised: str, licence: str) -> Provenance:
        site = f"https://{self.wiki.host}"
        name = quote(title.replace(" ", "_"), safe="/:,()!*;@~$")
        index = f"{site}/w/index.php?title={name}"
        return Provenance(
            title=title,
            licence=licence,
            language=self.wiki.language,
            authors=AUTHORS,
            holder=self.wiki.name,
            collection=f"wikipedia-{self.wiki.id.removesuffix('wiki').replace('_', '-')}",
            url=f"{site}/wiki/{name}",
            permalink=f"{index}&oldid={revision}" if revision.isdecimal() else None,
            history_url=f"{index}&action=history",
            modified=revised[:10] if _DAY.match(revised) else None,
        )

    def _refused(self, reason: str, expected: str, page: Element, seen: str) -> DocumentRefused:
        title = " ".join(_text(page, "title").split())[:120]
        return DocumentRefused(reason, expected, f"{self.where}: {title}: {seen}", "nothing, unless you want it")


def _last_revision(page: Element) -> Element | None:
    revisions = page.findall("revision")
    return max(revisions, key=lambda revision: revision.findtext("timestamp") or "") if revisions else None


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
