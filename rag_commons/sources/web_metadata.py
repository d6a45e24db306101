"""The metadata of a web page: what its publisher says in its head (Dublin Core, Open Graph, links) and in JSON-LD (schema.org).

The one surprise: a `rel="license"` in the body of a page says nothing here, for anyone whose words the page shows may write one.
"""

import json
from collections.abc import Iterator

from rag_commons.errors import DocumentRefused
from rag_commons.sources.fetching.opt_outs import opt_out
from rag_commons.sources.file_content import FileContent, day_of, names_of, stated_licence
from rag_commons.sources.flow import Flow
from rag_commons.sources.languages import language_tag
from rag_commons.sources.loose_json import Object, texts
from rag_commons.sources.web_page import decode_html, parse_html, write_page
from rag_commons.sources.xml import Element, local_name, plain

_TITLES = ("dc.title", "dcterms.title", "citation_title", "og:title")
_AUTHORS = ("dc.creator", "dcterms.creator", "citation_author", "author", "article:author")
_LICENCES = ("dcterms.license", "dc.rights.license", "dc.license", "license", "licence", "cc:license")
_RIGHTS = ("dc.rights", "dcterms.rights", "rights", "copyright")
_ISSUED = ("dcterms.issued", "dc.date.issued", "dc.date", "dcterms.date", "citation_publication_date", "article:published_time", "date")
_MODIFIED = ("dcterms.modified", "dc.date.modified", "article:modified_time", "last-modified")
_HOLDERS = ("dc.publisher", "dcterms.publisher", "citation_publisher", "og:site_name")
_LANGUAGES = ("dc.language", "dcterms.language", "citation_language")
# what a page is, among the many things that its JSON-LD describes: a picture's licence is not the text's
_WORKS = frozenset(
    "Article NewsArticle BlogPosting ScholarlyArticle TechArticle Report Book Chapter CreativeWork WebPage AboutPage ItemPage Thesis "
    "ArchiveComponent Manuscript Poem ShortStory Dataset LearningResource".split()
)
_LONGEST_JSON = 1 << 20
_MOST_WORKS = 200


def read_web_page(data: bytes, where: str) -> FileContent:
    """Return the text and metadata of an HTML file; raises DocumentRefused (`malformed-file`, `opt-out:tdmrep`, …)."""
    root = parse_html(decode_html(data, where))
    if root is None:
        raise DocumentRefused("empty-text", "a page with text", "none", "leave it out")
    fields = page_fields(root, where)
    flow = Flow(frozenset)
    write_page(root, flow)
    return FileContent(flow.finish(), fields, tuple(flow.sections), tuple(flow.pages))


def page_fields(root: Element, where: str) -> dict[str, object]:
    """Return the fields that the metadata of a page gives, as keys of contract 1.

    Raises DocumentRefused where it states two licences, or reserves text and data mining (`tdm-reservation`).
    """
    metas = _metas(root)
    if "1" in metas.get("tdm-reservation", ()):
        raise opt_out("tdmrep", where, "its publisher says tdm-reservation: 1")
    links = _links(root)
    works = list(_works(root))
    licences = [*_said(metas, _LICENCES), *links.get("license", ()), *(words for work in works for words in _words(work, "license"))]
    authors = _said(metas, _AUTHORS)[:50] or [name for work in works[:1] for name in _words(work, "author", "creator")]
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    fields: dict[str, object] = {
        "title": next(iter(names_of([*_said(metas, _TITLES), *_titles(root)])), None),
        "authors": names_of(name for name in authors if not name.startswith(("http://", "https://"))),
        "licence": stated_licence(licences, _said(metas, _RIGHTS)),
        "language": next(filter(None, map(language_tag, [language, *_said(metas, _LANGUAGES)])), None),
        "holder": next(iter(names_of(_said(metas, _HOLDERS))), None),
        "issued": next(filter(None, map(day_of, _said(metas, _ISSUED))), None),
        "modified": next(filter(None, map(day_of, _said(metas, _MODIFIED))), None),
        "url": next((link for link in links.get("canonical", ()) if link.startswith(("http://", "https://")) and " " not in link), None),
    }
    return {key: value for key, value in fields.items() if value}


def _metas(root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in _head(root, "meta"):
        content = (meta.get("content") or "").strip()
        for name in {(meta.get(key) or "").strip().lower() for key in ("name", "property")} - {""}:
            if content:
                found.setdefault(name, []).append(content[:1000])
    return found


def _links(root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in _head(root, "link"):
        address = (link.get("href") or "").strip()
        for relation in (link.get("rel") or "").lower().split():
            if address:
                found.setdefault("license" if relation in ("licence", "dcterms:license", "cc:license") else relation, []).append(address)
    return found


def _head(root: Element, tag: str) -> Iterator[Element]:
    for head in root:
        if local_name(head) == "head":
            yield from (item for item in head if local_name(item) == tag)


def _titles(root: Element) -> list[str]:
    return [plain(item) for item in _head(root, "title")]


def _said(metas: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in metas.get(name, ())]


def _works(root: Element) -> Iterator[Object]:
    """Yield the objects of JSON-LD that describe the page, at the top or in a graph."""
    count = 0
    for script in root.iter():
        if local_name(script) != "script" or (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            said = json.loads((script.text or "")[:_LONGEST_JSON])
        except (ValueError, RecursionError):
            continue
        for item in said if isinstance(said, list) else [said]:
            graph = item.get("@graph") if isinstance(item, dict) else None
            for work in graph if isinstance(graph, list) else [item]:
                if isinstance(work, dict) and not _WORKS.isdisjoint(texts(work, "@type")) and count < _MOST_WORKS:
                    count += 1
                    yield work


def _words(work: Object, *keys: str) -> list[str]:
    """Return the words at keys: texts, or the address, id or name of objects."""
    found: list[str] = []
    for key in keys:
        value = work.get(key)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                found.append(item)
            elif isinstance(item, dict):
                order = ("name", "@id", "url") if key != "license" else ("@id", "url", "identifier", "name")
                found += next((said for name in order if (said := texts(item, name))), [])
    return [words.encode("utf-8", "ignore").decode() for words in found]
