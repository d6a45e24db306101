"""A page of a ZIM file → a document: its HTML read as that of a wiki where it is one, its address and revision where it says them.

The one surprise: the foot that Kiwix adds to the pages of a wiki goes, but the link to the revision in it is kept, if it leads to the
host that the archive names as its source.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.resolve import Resolution
from rag_commons.sources.contract import check_document
from rag_commons.sources.flow import Flow
from rag_commons.sources.languages import language_tag
from rag_commons.sources.web_page import decode_html, parse_html, write_page
from rag_commons.sources.wiki_html import read_wiki_tree
from rag_commons.sources.wikis import is_wikimedia
from rag_commons.sources.wikitext import ReadableText
from rag_commons.sources.xml import Element, plain

_WIKI_CLASSES = frozenset(("mw-parser-output", "mw-body-content", "mw-body", "mwAQ"))
_REVISION = re.compile(r"[?&]oldid=(\d{1,15})\Z")
_LONGEST_FOOT = 800


@dataclass(frozen=True, slots=True)
class ZimArchive:
    """What the metadata of a ZIM file say, for all its pages; `host` is that of the site it was made from."""

    name: str
    licence: Resolution
    language: str | None
    creator: str | None
    publisher: str | None
    host: str | None
    source: str | None
    retrieved: str | None
    collection: str


Page = tuple[str, str, bytes]


def read_zim_page(page: Page, archive: ZimArchive) -> Document | DocumentRefused:
    """Return the document of a page (path, title, HTML), or its refusal."""
    path, title, html = page
    try:
        root = parse_html(decode_html(html, path))
        if root is None:
            raise DocumentRefused("empty-text", "a page with text", f"{archive.name}: {path[:200]}", "nothing")
        if _moves_on(root):
            raise DocumentRefused("redirect", "an article", f"{archive.name}: {path[:200]}, which leads elsewhere", "nothing")
        permalink = _revision(root, archive.host)
        read = _read(root)
        document = Document(f"{archive.name}/{path}", read.text, _provenance(root, path, title, archive, permalink), read.sections)
        check_document(document)
    except DocumentRefused as refusal:
        return refusal
    return document


def _provenance(root: Element, path: str, title: str, archive: ZimArchive, permalink: str | None) -> Provenance:
    url, history = _addresses(root, path, archive)
    spoken = root.get("lang") if archive.language is None else None
    return Provenance(
        title=" ".join(title.split()) or path,
        licence=archive.licence.id,
        language=archive.language or language_tag(spoken),
        authors=(archive.creator,) if archive.creator else (),
        holder=archive.publisher,
        collection=archive.collection,
        url=url,
        permalink=permalink,
        history_url=history,
        retrieved=archive.retrieved,
        rights_note=archive.licence.note,
    )


def _read(root: Element) -> ReadableText:
    if any(not _WIKI_CLASSES.isdisjoint((item.get("class") or "").split()) for item in root.iter("div", "main", "body", "section")):
        _drop_title(root)
        return read_wiki_tree(root)
    flow = Flow(frozenset)
    write_page(root, flow)
    return ReadableText(flow.finish(), tuple(flow.sections))


def _drop_title(root: Element) -> None:
    """Take away the title above a wiki page: it is that of the document, not of a section."""
    for item in root.iter("h1"):
        if "firstHeading" in (item.get("class") or "").split() or item.get("id") in ("firstHeading", "titleHeading", "openzim-page-title"):
            _empty(item)
            return


def _empty(element: Element) -> None:
    """Take away what an element holds, and leave what follows it."""
    tail = element.tail
    element.clear()
    element.tail = tail


def _moves_on(root: Element) -> bool:
    """Tell whether a page only sends its reader to another (a redirect of older ZIM files)."""
    return any((item.get("http-equiv") or "").lower() == "refresh" for item in root.iter("meta"))


def _revision(root: Element, host: str | None) -> str | None:
    """Return the link to the revision that the foot of a page gives, and take the foot away."""
    links = [item for item in root.iter("a") if _REVISION.search(item.get("href") or "")]
    foot = next(links[-1].iterancestors("div", "footer"), None) if links else None
    if foot is None or len(plain(foot)) > _LONGEST_FOOT:
        return None
    address = _on_host(links[-1].get("href"), host)
    _empty(foot)
    return address


def _addresses(root: Element, path: str, archive: ZimArchive) -> tuple[str | None, str | None]:
    """Return the address of a page and that of its history, where the site is known to have one."""
    canonical = next((item.get("href") for item in root.iter("link") if (item.get("rel") or "").lower() == "canonical"), None)
    said = _on_host(canonical, archive.host)
    if archive.host is None or not is_wikimedia(archive.host):
        return said or archive.source, None
    name = quote(path.replace(" ", "_"), safe="/:,()!*;@~$")
    return said or f"https://{archive.host}/wiki/{name}", f"https://{archive.host}/w/index.php?title={name}&action=history"


def _on_host(address: str | None, host: str | None) -> str | None:
    """Return an address that leads to a host, its spaces encoded; None for any other."""
    said = re.sub(r"[\s<>\"]", lambda found: quote(found[0]), (address or "").strip())
    said = f"https:{said}" if said.startswith("//") else said
    try:
        parts = urlsplit(said)
        return said if host and parts.hostname == host and parts.scheme in ("http", "https") else None
    except ValueError:
        return None
