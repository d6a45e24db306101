"""The structure of a METS file: its ALTO pages in physical order, and its titled logical divisions.

The one surprise: which file of a page is its ALTO is told by the use of its group, else by its name, since few files say it alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag_commons.sources.xml import Element, every, local_name

_HREF = "{http://www.w3.org/1999/xlink}href"
_LABEL = "{http://www.w3.org/1999/xlink}label"
_FROM = "{http://www.w3.org/1999/xlink}from"
_TO = "{http://www.w3.org/1999/xlink}to"
_ALTO_USE = re.compile(r"alto|full-?text|ocr|text", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A page: the id of its ALTO file, where that is, and the label of the page (empty where none is given)."""

    file: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Division:
    """A titled part of the work, and the ALTO file (and block, if told) where it begins."""

    level: int
    title: str
    file: str
    block: str


@dataclass(frozen=True, slots=True)
class Packed:
    """The pages of a METS file in order, its divisions, and the ids of the metadata that describe the whole."""

    places: tuple[Place, ...]
    divisions: tuple[Division, ...]
    described_by: tuple[str, ...]


def read_structure(root: Element) -> Packed:
    """Return the structure of a METS document."""
    files = _alto_files(root)
    physical = [item for item in every(root, "structMap") if item.get("TYPE", "").upper() == "PHYSICAL"]
    logical = [item for item in every(root, "structMap") if item.get("TYPE", "").upper() == "LOGICAL"]
    places: dict[str, Place] = {}
    page_of: dict[str, str] = {}
    for division in _in_order(physical[:1] or every(root, "structMap")[:1]):
        held = [pointer for pointer in _pointers(division) if pointer.get("FILEID") in files]
        if not held:
            continue
        identity = held[0].get("FILEID", "")
        label = division.get("ORDERLABEL", "").strip() or (division.get("LABEL") or division.get("ORDER") or "").strip()
        places.setdefault(identity, Place(identity, files[identity], " ".join(label.split())[:60]))
        page_of.setdefault(division.get("ID", ""), identity)
    if not physical and not places:
        places = {identity: Place(identity, href, "") for identity, href in files.items()}
    divisions = tuple(_divisions(logical, root, page_of, files))
    described = tuple(token for item in logical[:1] + physical[:1] for token in _first_described(item))
    return Packed(tuple(places.values()), divisions, described)


def _alto_files(root: Element) -> dict[str, str]:
    """Return where each ALTO file is, by id."""
    named: dict[str, str] = {}
    used: dict[str, str] = {}
    for item in every(root, "fileSec//file"):
        href = next((location.get(_HREF, "") for location in item if local_name(location) == "FLocat"), "")
        uses = [item.get("USE", ""), *(group.get("USE") or group.get("ID") or "" for group in item.iterancestors("{*}fileGrp"))]
        if not href or not item.get("ID"):
            continue
        if any(_ALTO_USE.search(use) for use in uses):
            used[item.get("ID", "")] = href
        elif re.search(r"alto", href, re.IGNORECASE) and href.lower().endswith(".xml"):
            named[item.get("ID", "")] = href
    return used or named


def _in_order(maps: list[Element]) -> Iterator[Element]:
    """Yield the divisions of structure maps, those of one parent by ORDER where all have it."""
    for item in maps:
        divisions = every(item, "div")
        if all((division.get("ORDER") or "").isdecimal() for division in divisions):
            divisions.sort(key=lambda division: int(division.get("ORDER", "0")[:9]))
        for division in divisions:
            yield division
            yield from _in_order([division])


def _pointers(division: Element) -> list[Element]:
    """Return what a division points to itself: fptr, and the areas in it."""
    found: list[Element] = []
    for pointer in every(division, "fptr"):
        found += [pointer, *every(pointer, ".//area")]
    return found


def _divisions(logical: list[Element], root: Element, page_of: dict[str, str], files: dict[str, str]) -> Iterator[Division]:
    links: dict[str, str] = {}
    for link in every(root, "structLink//smLink"):
        page = page_of.get(link.get(_TO, ""))
        if page is not None:
            links.setdefault(link.get(_FROM, ""), page)
    for structure in logical:
        divisions = list(structure.iter("{*}div"))
        begins: dict[Element, tuple[str, str] | None] = {}
        for division in reversed(divisions):  # what is in a division comes after it
            inner = (begins.get(item) for item in every(division, "div"))
            begins[division] = _points(division, links, files) or next(filter(None, inner), None)
        levels: dict[Element, int] = {}
        for division in divisions:
            title = " ".join((division.get("LABEL") or division.get(_LABEL) or "").split())
            above = division.getparent()
            level = 1 if above is None else levels.get(above, 1)
            levels[division] = level + bool(title)
            where = begins[division]
            if title and where:
                yield Division(level, title, *where)


def _points(division: Element, links: dict[str, str], files: dict[str, str]) -> tuple[str, str] | None:
    """Return the (file, block) that a division itself points or is linked to."""
    for pointer in _pointers(division):
        if pointer.get("FILEID") in files:
            return pointer.get("FILEID", ""), pointer.get("BEGIN", "")
    linked = links.get(division.get("ID", ""))
    return None if linked is None else (linked, "")


def _first_described(structure: Element) -> list[str]:
    """Return the ids of the metadata of the widest division that has some."""
    for division in every(structure, ".//div"):
        tokens = division.get("DMDID", "").split()
        if tokens:
            return tokens
    return []
