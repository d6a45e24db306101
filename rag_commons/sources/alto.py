"""ALTO files and folders: the pages of a volume as one document, with what a sidecar or the command line states of it.

Pages are of one volume when they lie in one folder under one name but for their number (`bpt6k15204009_f11.xml`, `tome-0012.xml`);
under bare numbers (`0001.xml`) the folder is the volume. ALTO says nothing of title, people or rights: sidecars and options do, and a
TEI file of the volume's name beside the pages (`bpt6k15204009.xml`) tells of the work, its people and dates, but not of the rights in the
pages. Without a licence a volume is refused.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources.alto_page import AltoPage, read_pages
from rag_commons.sources.alto_volume import Leaf, Volume, bind
from rag_commons.sources.contract import document_from_json, locate, repeated
from rag_commons.sources.files import FoundFile, find_files, leads_out
from rag_commons.sources.sidecar import names_itself, stated, without_licence
from rag_commons.sources.tei_header import work_fields
from rag_commons.sources.xml import local_name, read_xml

_NUMBERED = re.compile(
    r"(?P<volume>.*?)(?:[-_. ](?P<kind>f|p|v|page|vue|img|image|folio|alto)?[-_. ]?|\A)(?P<number>[0-9]{1,8})\Z", re.IGNORECASE
)
# how Gallica names what it digitised; 12148 is the BnF's number among archival resource keys
_GALLICA = re.compile(r"(?:bpt6k|btv1b|bd6t)[0-9]+[0-9bcdfghjkmnpqrstvwxz]\Z")
_ARK = "https://gallica.bnf.fr/ark:/12148/"


@dataclass(slots=True)
class _Pile:
    """The files of one volume: where they were sought and lie, its name, its pages (number, label), and the file named like it, if any."""

    root: Path
    folder: Path
    name: str
    pages: list[tuple[int, str, Path]] = field(default_factory=list)
    whole: Path | None = None


def iter_documents(
    paths: Sequence[str | Path],
    *,
    licence: str | None = None,
    title: str | None = None,
    holder: str | None = None,
    collection: str | None = None,
    language: str | None = None,
) -> Iterator[Document | DocumentRefused]:
    """Yield a document for each volume under some paths; a page that cannot be read is refused and its volume goes on without it.

    Raises InputError at once for a path that leads nowhere.
    """
    options = {"licence": licence, "title": title, "holder": holder, "collection": collection, "language": language}
    return _documents(find_files(paths, (".xml", ".alto")), options)


def volume_json(name: str, volume: Volume, fields: dict[str, object]) -> dict[str, object]:
    """Return a volume as an object of contract 1, under the name of its file where no title is given in `fields`."""
    return {
        "id": name,
        "title": name.rpartition("/")[2],
        "text": volume.text,
        "sections": [{"start": item.start, "level": item.level, "title": item.title} for item in volume.sections],
        "pages": [{"start": item.start, "label": item.label, "ocr": item.ocr, "url": item.url} for item in volume.pages],
    } | fields


def language_of(pages: Iterable[AltoPage]) -> str | None:
    """Return the language that most pages say they are in."""
    said = [page.language for page in pages if page.language]
    return max(sorted(set(said)), key=said.count) if said else None


def _documents(files: list[FoundFile], options: dict[str, str | None]) -> Iterator[Document | DocumentRefused]:
    piles = _piles(file for file in files if not file.outside)
    yield from (leads_out(file) for file in files if file.outside)
    many = {folder for folder, count in Counter(pile.folder for pile in piles).items() if count > 1}
    seen: set[str] = set()
    for pile in piles:
        for item in _volume(pile, options, shared=pile.folder in many):
            if isinstance(item, Document) and item.id in seen:
                yield repeated(item.id, str(pile.folder / pile.name))
            else:
                seen.update([item.id] if isinstance(item, Document) else [])
                yield item


def _piles(files: Iterable[FoundFile]) -> list[_Pile]:
    piles: dict[tuple[Path, str], _Pile] = {}
    for file in files:
        path = file.path
        found = _NUMBERED.match(path.stem)
        name = path.stem if found is None else found["volume"] or path.absolute().parent.name
        pile = piles.setdefault((path.parent, name), _Pile(file.root, path.parent, name))
        if found is None:
            pile.whole = path
        else:
            number = int(found["number"])
            pile.pages.append((number, f"f{number}" if found["kind"] in ("f", "F") else str(number), path))
    for pile in piles.values():
        pile.pages.sort(key=lambda page: (page[0], page[2].name))
    return sorted(piles.values(), key=lambda pile: (str(pile.folder), pile.name))


def _volume(pile: _Pile, options: dict[str, str | None], shared: bool) -> Iterator[Document | DocumentRefused]:
    beside: dict[str, object] = {}
    leaves: list[Leaf] = []
    before = -2
    for number, label, path in [*([(-1, "", pile.whole)] if pile.whole else []), *pile.pages]:
        try:
            root = read_xml(path)
            if path == pile.whole and pile.pages and local_name(root) == "TEI":
                beside = work_fields(root)
                continue
            read = read_pages(root, str(path))
        except DocumentRefused as refused:
            yield refused
            continue
        for at, page in enumerate(read):
            printed = page.printed or (label if len(read) == 1 and label else str(at + 1))
            leaves.append(Leaf(page, printed, _address(pile.name, number), follows=at > 0 or number == before + 1))
        before = number
    if leaves:
        yield _document(pile, leaves, beside, options, shared)


def _address(name: str, number: int) -> str | None:
    return f"{_ARK}{name}/f{number}.item" if _GALLICA.match(name) and number > 0 else None


def _document(
    pile: _Pile, leaves: list[Leaf], beside: dict[str, object], options: dict[str, str | None], shared: bool
) -> Document | DocumentRefused:
    where = str(pile.folder / pile.name)
    try:
        fields: dict[str, object] = {"language": language_of(leaf.page for leaf in leaves)}
        if _GALLICA.match(pile.name):
            fields["url"] = _ARK + pile.name
        said = stated(pile.root, pile.folder, pile.name, options)
        if shared and "title" in said and not names_itself(pile.folder, pile.name):
            said["title"] = f"{said['title']}, {pile.name}"
        fields |= beside | said
        if not fields.get("licence"):
            return without_licence(where, "ALTO states none")
        group = fields.get("collection") or pile.folder.absolute().name
        return document_from_json(volume_json(f"{group}/{pile.name}", bind(leaves), fields))
    except DocumentRefused as refused:
        return locate(refused, where)
