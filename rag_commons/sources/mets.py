"""METS files: a volume as its library packed it, the ALTO pages in the order of the physical structure, with its metadata.

Title, people, dates, publisher, language and rights come from MODS or Dublin Core in the file, printed page numbers from ORDERLABEL,
sections from the logical structure where it points to pages or blocks. Only local files of the METS file's own folder are read: an
address of the network, a path that leads out of the folder or a link that does is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rag_commons.documents import Document, Section
from rag_commons.errors import DocumentRefused
from rag_commons.sources.alto import language_of, volume_json
from rag_commons.sources.alto_page import read_pages
from rag_commons.sources.alto_volume import Leaf, Volume, bind
from rag_commons.sources.contract import document_from_json, locate, repeated
from rag_commons.sources.files import FoundFile, find_files, leads_out, leads_outside
from rag_commons.sources.mets_metadata import described
from rag_commons.sources.mets_structure import Packed, Place, read_structure
from rag_commons.sources.sidecar import stated, without_licence
from rag_commons.sources.xml import Element, read_xml, root_name


def iter_documents(
    paths: Sequence[str | Path],
    *,
    licence: str | None = None,
    title: str | None = None,
    holder: str | None = None,
    collection: str | None = None,
    language: str | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield a document for each METS file; XML that is none, nor a page of one, is refused.

    A page that cannot be read is refused and its volume goes on without it. Raises InputError at once for a path that leads nowhere.
    """
    options = {"licence": licence, "title": title, "holder": holder, "collection": collection, "language": language}
    return _documents(find_files(paths, (".xml", ".mets")), options)


def _documents(files: list[FoundFile], options: dict[str, str | None]) -> Iterator[Document | DocumentRefused]:
    yield from (leads_out(file) for file in files if file.outside)
    inside = [file for file in files if not file.outside]
    packs = [file for file in inside if root_name(file.path) == "mets"]
    seen: set[str] = set()
    pages: set[Path] = set()
    for file in packs:
        for item in _file(file, options, pages):
            if isinstance(item, Document) and item.id in seen:
                yield repeated(item.id, str(file.path))
                continue
            if isinstance(item, Document):
                seen.add(item.id)
            yield item
    for path in (file.path for file in inside if file not in packs):
        if path.resolve() not in pages:
            yield DocumentRefused("not-mets", "a METS file, or a page of one", str(path), "use the source that reads it")


def _file(file: FoundFile, options: dict[str, str | None], read: set[Path]) -> Iterator[Document | DocumentRefused]:
    try:
        root = read_xml(file.path)
    except DocumentRefused as refused:
        yield refused
        return
    packed = read_structure(root)
    leaves: list[Leaf] = []
    first_leaf: dict[str, int] = {}
    whole = True
    for place in packed.places:
        try:
            path = _local(file, place)
            read.add(path.resolve())
            pages = read_pages(read_xml(path), place.href)
        except DocumentRefused as refused:
            yield locate(refused, f"{file.path}, page {place.label}")
            whole = False
            continue
        first_leaf[place.file] = len(leaves)
        for at, page in enumerate(pages):
            label = place.label if at == 0 and place.label else page.printed or str(len(leaves) + 1)
            leaves.append(Leaf(page, label, follows=whole))
            whole = True
    try:
        yield _document(file, root, packed, leaves, first_leaf, options)
    except DocumentRefused as refused:
        yield locate(refused, str(file.path))


def _local(file: FoundFile, place: Place) -> Path:
    """Return the path of a page; raises DocumentRefused (`outside-folder`, `missing:page`)."""
    folder = file.path.parent
    try:
        address = urlsplit(place.href)
        local = address.scheme in ("", "file")
        inside = unquote(f"{address.netloc}{address.path}" if address.scheme == "file" else place.href).lstrip("/").replace("\\", "/")
        path = folder / inside
        outside = not local or not inside or leads_outside(path, folder)
        found = not outside and path.is_file()
    except (OSError, ValueError):
        outside = True
    if outside:
        raise DocumentRefused("outside-folder", "a page in the folder of the METS file", place.href[:120], "put the page in the folder")
    if not found:
        raise DocumentRefused("missing:page", "the pages that the METS file names", place.href[:120], "put the page in the folder")
    return path


def _document(
    file: FoundFile, root: Element, packed: Packed, leaves: list[Leaf], first_leaf: dict[str, int], options: dict[str, str | None]
) -> Document:
    if not leaves:
        raise DocumentRefused("missing:pages", "ALTO pages in the structure of the METS file", "none that can be read", "add the pages")
    path = file.path
    name = path.parent.name if path.stem.lower() == "mets" else path.stem.removesuffix("-mets").removesuffix("_mets").removesuffix(".mets")
    volume = bind(leaves)
    told = _sections(packed, volume, first_leaf)
    volume = replace(volume, sections=told or volume.sections)
    fields: dict[str, object] = {"language": language_of(leaf.page for leaf in leaves)}
    fields |= described(root, packed.described_by) | stated(file.root, path.parent, path.stem, options)
    if not fields.get("licence"):
        raise without_licence(str(path), "neither the METS file nor a sidecar states one")
    group = fields.get("collection") or path.parent.absolute().name
    return document_from_json(volume_json(f"{group}/{name}", volume, fields))


def _sections(packed: Packed, volume: Volume, first_leaf: dict[str, int]) -> tuple[Section, ...]:
    """Return the titled divisions that point to a page that was read, where they start, in order."""
    sections: list[Section] = []
    for division in packed.divisions:
        leaf = first_leaf.get(division.file)
        if leaf is None:
            continue
        start = volume.blocks.get((leaf, division.block)) if division.block else None
        sections.append(Section(volume.pages[leaf].start if start is None else start, division.level, division.title))
    return tuple(sorted(sections, key=lambda section: section.start))
