"""EPUB files: the chapters in reading order as one text, the package document as the publisher's metadata.

The one surprise: a chapter that is not well-formed is read as HTML, and one that is missing is left out; a book without any that
can be read is refused.
"""

import re
from html.entities import html5
from pathlib import Path

from rag_commons.errors import DocumentRefused
from rag_commons.sources.archive import Archive, inside
from rag_commons.sources.fetching.opt_outs import opt_out
from rag_commons.sources.file_content import FileContent, day_of, names_of, stated_licence
from rag_commons.sources.flow import Flow
from rag_commons.sources.languages import language_tag
from rag_commons.sources.web_page import decode_html, parse_html, write_page
from rag_commons.sources.xml import Element, every, first, local_name, parse_xml, plain

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html", "application/html+xml")
_NAMES = ("title", "creator", "language", "rights", "publisher")
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
# fonts may be scrambled, which hides no text
_FONTS = re.compile(r"\.(?:otf|ttf|woff2?|ttc)\Z", re.IGNORECASE)


def read_epub(path: Path) -> FileContent:
    """Return the text and metadata of an EPUB; raises DocumentRefused for one that is broken, protected, or opted out."""
    with Archive(path) as archive:
        root = first(parse_xml(archive.read(_CONTAINER), f"{path.name}: {_CONTAINER}"), ".//rootfile")
        name = inside("", root.get("full-path") or "") if root is not None else ""
        package = parse_xml(archive.read(name), f"{path.name}: {name[:120]}")
        fields = _fields(package, path.name)
        flow = Flow(frozenset)
        chapters = _chapters(package, name)
        _check_protection(archive, chapters, path.name)
        read = [_write_chapter(archive.read(chapter), chapter, flow) for chapter in chapters if archive.holds(chapter)]
        if not any(read):
            todo = "fetch the file again"
            raise DocumentRefused("malformed-file", "an EPUB with chapters that can be read", f"{path.name}: none", todo)
        return FileContent(flow.finish(), fields, tuple(flow.sections), tuple(flow.pages))


def _fields(package: Element, where: str) -> dict[str, object]:
    metadata = first(package, "metadata")
    metas = every(metadata, "meta")
    said = {
        name: [plain(item) for item in every(metadata, f".//{name}")] for name in ("title", "creator", "language", "rights", "publisher")
    }
    properties = {name: [plain(item) for item in metas if item.get("property") == name] for name in ("dcterms:license", "dcterms:rights")}
    if any(
        (item.get("property") or item.get("name")) == "tdm:reservation" and (plain(item) or item.get("content")) == "1" for item in metas
    ):
        raise opt_out("tdmrep", where, "its publisher says tdm:reservation: 1")
    links = [item.get("href") or "" for item in every(metadata, "link") if "license" in (item.get("rel") or "").replace(":", " ").split()]
    dates = {item.get("{http://www.idpf.org/2007/opf}event") or "publication": day_of(plain(item)) for item in every(metadata, ".//date")}
    identifiers = [plain(item) for item in [*every(metadata, ".//identifier"), *every(metadata, ".//source")]]
    fields: dict[str, object] = {
        "title": next(iter(names_of(said["title"])), None),
        "authors": names_of(said["creator"]),
        "language": next(filter(None, map(language_tag, said["language"])), None),
        "licence": stated_licence(
            [*properties.get("dcterms:license", ()), *links], [*said["rights"], *properties.get("dcterms:rights", ())]
        ),
        "holder": next(iter(names_of(said["publisher"])), None),
        "issued": dates.get("publication"),
        "modified": next(map(day_of, properties.get("dcterms:modified", ())), None),
        "url": next((one for one in identifiers if re.fullmatch(r"https?://[^\s<>\"]+", one)), None),
    }
    return {key: value for key, value in fields.items() if value}


def _chapters(package: Element, base: str) -> list[str]:
    """Return the names of the chapters in reading order; what is outside of it (`linear="no"`) and the contents are left out."""
    manifest = {item.get("id"): item for item in every(package, "manifest/item")}
    found: list[str] = []
    for reference in every(package, "spine/itemref"):
        item = manifest.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or item.get("media-type") not in _CHAPTERS:
            continue
        if "nav" not in (item.get("properties") or "").split():
            found.append(inside(base, item.get("href") or ""))
    return list(dict.fromkeys(found))


def _check_protection(archive: Archive, chapters: list[str], where: str) -> None:
    if not archive.holds(_ENCRYPTION):
        return
    root = parse_xml(archive.read(_ENCRYPTION), f"{where}: {_ENCRYPTION}")
    hidden = {inside("", item.get("URI") or "") for item in every(root, ".//CipherReference")}
    if any(name in chapters or not _FONTS.search(name) for name in hidden):
        raise DocumentRefused("encrypted-file", "an EPUB without protection", where, "ask its publisher for a free copy")


def _write_chapter(data: bytes, name: str, flow: Flow) -> bool:
    html = _ENTITY.sub(_character, _DECLARATION.sub("", decode_html(data, name), count=1))
    try:
        root: Element | None = parse_xml(html.encode(), name)
    except DocumentRefused:
        root = parse_html(html)
    if root is None or local_name(root) != "html":
        return False
    flow.end_block(wide=True)
    write_page(root, flow)
    return True


def _character(named: re.Match[str]) -> str:
    """Return the character of a named entity of HTML, which XML does not know."""
    return named[0] if named[1] in _OF_XML else html5.get(f"{named[1]};", named[0])
