"""XML from outside, read safely: no entity, no network, no outside DTD, bounded in size and depth.

The one surprise: a file that declares an entity is refused whole, since its text would be read with holes or not at all.
"""

from pathlib import Path

from lxml import etree

from rag_commons.errors import DocumentRefused
from rag_commons.sources.files import unreadable

Element = etree._Element

LARGEST = 256 * 2**20
_HEAD = 64 * 2**10
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_xml(path: Path, largest: int = LARGEST) -> Element:
    """Return the root of an XML file; raises DocumentRefused (`unreadable-file`, `too-large`, `malformed-xml`, `unsafe-xml`)."""
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise unreadable(str(path), error) from None
    if len(data) > largest:
        raise DocumentRefused("too-large", f"XML of at most {largest // 2**20} MiB", str(path), "cut it into smaller files")
    return parse_xml(data, str(path))


def parse_xml(data: bytes, where: str) -> Element:
    """Return the root of an XML document; `where` names it in messages; raises DocumentRefused (`malformed-xml`, `unsafe-xml`)."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        seen = f"{where}: {' '.join(str(error).split())[:160]}"
        raise DocumentRefused("malformed-xml", "well-formed XML", seen, "correct the file or leave it out") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and declared.entities():  # type: ignore[union-attr]  # the stubs forget it
        raise DocumentRefused(
            "unsafe-xml", "XML without entities of its own", f"{where} declares some", "write the characters themselves, in UTF-8"
        )
    return root


def root_name(path: Path) -> str:
    """Return the local name of a file's root without reading the rest, "" where it has none."""
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        with path.open("rb") as file:
            parser.feed(file.read(_HEAD))
    except (etree.XMLSyntaxError, OSError, LookupError, ValueError):
        return ""
    for _, element in parser.read_events():
        return local_name(element) if isinstance(element, Element) else ""
    return ""


def local_name(element: Element) -> str:
    """Return an element's name without its namespace, so that every version of a format reads alike."""
    return str(element.tag).rpartition("}")[2]


def plain(element: Element | None) -> str:
    """Return the text of an element and all below it on one line; nothing for None."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def first(element: Element | None, path: str) -> Element | None:
    """Return the first element at a path of local names (`fileDesc/titleStmt/title`), whatever their namespace."""
    return None if element is None else next(iter(every(element, path)), None)


def every(element: Element | None, path: str) -> list[Element]:
    """Return the elements at a path of local names, whatever their namespace; `.//name` and `name//name` look at any depth."""
    if element is None:
        return []
    steps = ("{*}" + step if step.strip(".") else step for step in path.split("/"))
    return element.findall("/".join(steps))
