"""A page of ALTO (versions 1 to 4): its blocks and lines in reading order, its label and OCR confidence.

Left out, as no part of the text: what stands in the top and bottom margins, and zones that are tagged as page numbers, running
titles, quire marks, stamps and seals (SegmOnto's names). Text in the side margins is kept apart. The one surprise: such a zone that
holds more than one short line is kept, since a whole text is sometimes tagged so by mistake.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag_commons.errors import DocumentRefused
from rag_commons.sources.languages import language_tag
from rag_commons.sources.xml import Element, every, local_name

_LEFT_OUT = frozenset(
    ("numberingzone", "runningtitlezone", "quiremarkszone", "stampzone", "sealzone", "damagezone", "digitizationartefactzone")
)
_LONGEST_LEFT_OUT = 60
_MARGINS = frozenset(("margintextzone", "leftmargin", "rightmargin"))
_NUMBER = re.compile(r"[\[(—–-]?\s*([ivxlcdm]{1,8}|[0-9]{1,4})\s*[\])—–.-]?\Z", re.IGNORECASE)

# a mark of division that was set apart from its word; a hyphen after a space is a dash
_LOOSE_MARK = re.compile(r"(?<=\w) ([¬⸗\u00ad])\Z")


@dataclass(frozen=True, slots=True)
class AltoLine:
    """A line: its text, the whole word that its last part begins (SUBS_CONTENT), and whether it is a heading or a drop capital."""

    text: str
    whole: str | None = None
    heading: bool = False
    capital: bool = False


@dataclass(frozen=True, slots=True)
class AltoBlock:
    """Lines of one block, one after the other in reading order; `margin` where they stand beside the text."""

    id: str
    lines: tuple[AltoLine, ...]
    margin: bool = False


@dataclass(frozen=True, slots=True)
class AltoPage:
    """A page: the number printed on it (None where it isn't known), mean word confidence (0 to 1), language, blocks."""

    printed: str | None
    ocr: float | None
    language: str | None
    blocks: tuple[AltoBlock, ...]


def read_pages(root: Element, where: str) -> list[AltoPage]:
    """Return the pages of an ALTO document; raises DocumentRefused (`not-alto`, `missing:page`)."""
    if local_name(root) != "alto":
        raise DocumentRefused(
            "not-alto", "a file of ALTO XML", f"{where}: <{local_name(root)[:40]}>", "leave it out, or use the source that reads it"
        )
    labels = {tag.get("ID", ""): tag.get("LABEL", "") for tags in every(root, "Tags") for tag in tags}
    pages = every(root, "Layout/Page")
    if not pages:
        raise DocumentRefused("missing:page", "a page in an ALTO file", where, "leave it out")
    return [_page(root, page, labels) for page in pages]


def _page(root: Element, page: Element, labels: dict[str, str]) -> AltoPage:
    printed = page.get("PRINTED_IMG_NR", "").strip() or None
    blocks: list[AltoBlock] = []
    for block, lines in _in_order(root, page):
        zone = _zone(block, labels)
        read = tuple(line for line in (_line(item, labels) for item in lines) if line.text)
        if not read:
            continue
        if zone in _LEFT_OUT and len(read) == 1 and len(read[0].text) <= _LONGEST_LEFT_OUT:
            number = _NUMBER.match(read[0].text) if zone == "numberingzone" else None
            printed = printed or (number[1] if number else None)
        else:
            blocks.append(AltoBlock(block.get("ID", ""), read, zone in _MARGINS))
    return AltoPage(printed, _confidence(page), _language(page), tuple(blocks))


def _in_order(root: Element, page: Element) -> Iterator[tuple[Element, list[Element]]]:
    """Yield (block, lines): in the order of ReadingOrder, then of the document; lines of one block that follow are together."""
    order = _order(root, page)
    lines = [line for line in _lines(page)]
    ranks = {line: _rank(line, order) for line in lines}
    lines.sort(key=lambda line: ranks[line])  # a stable sort: what is not referred to keeps its order
    group: list[Element] = []
    for line in lines:
        if group and group[-1].getparent() is not line.getparent():
            yield _parent(group[0]), group
            group = []
        group.append(line)
    if group:
        yield _parent(group[0]), group


def _lines(page: Element) -> list[Element]:
    """Return the lines of the print space and the side margins; all of the page's where there are none."""
    spaces = [space for space in page if local_name(space) in ("PrintSpace", "LeftMargin", "RightMargin")]
    lines = [line for space in spaces for line in every(space, ".//TextLine")]
    return lines or every(page, ".//TextLine")


def _order(root: Element, page: Element) -> dict[str, int]:
    """Return the rank of each element that the first reading order names; IDNEXT chains where there is none."""
    groups = every(root, "ReadingOrder")
    first_order = [group for group in groups[0]][:1] if groups else []
    refs = [ref for group in first_order for item in every(group, ".//ElementRef") for ref in item.get("REF", "").split()]
    if not refs:
        following = {block.get("ID", ""): block.get("IDNEXT", "") for block in every(page, ".//TextBlock")}
        if any(following.values()):
            refs = _chained(following)
    ranks: dict[str, int] = {}
    for rank, ref in enumerate(refs):
        ranks.setdefault(ref, rank)
    return ranks


def _chained(following: dict[str, str]) -> list[str]:
    later = set(following.values())
    chained: dict[str, None] = {}
    for start in (*(block for block in following if block not in later), *following):
        while start in following and start not in chained:
            chained[start] = None
            start = following[start]
    return list(chained)


def _rank(line: Element, order: dict[str, int]) -> float:
    if not order:
        return math.inf
    for element in (line, *(string for string in line)):
        rank = order.get(element.get("ID", ""))
        if rank is not None:
            return rank
    for element in line.iterancestors():
        rank = order.get(element.get("ID", ""))
        if rank is not None:
            return rank
    return math.inf


def _parent(line: Element) -> Element:
    parent = line.getparent()
    return line if parent is None else parent


def _line(element: Element, labels: dict[str, str]) -> AltoLine:
    spaced = any(local_name(item) == "SP" for item in element)
    pieces: list[str] = []
    whole: str | None = None
    for item in element:
        name = local_name(item)
        if name == "String":
            if pieces and not spaced:
                pieces.append(" ")
            pieces.append(item.get("CONTENT", ""))
            whole = item.get("SUBS_CONTENT") if item.get("SUBS_TYPE") == "HypPart1" else None
        elif name == "SP":
            pieces.append(" ")
        elif name == "HYP":
            mark = item.get("CONTENT") or "-"
            if not "".join(pieces[-1:]).endswith(mark):
                pieces.append(mark)
    text = _LOOSE_MARK.sub(r"\1", " ".join("".join(pieces).split()))
    zone = _zone(element, labels)
    capital = zone == "dropcapitalline" and len(text) <= 2
    return AltoLine(text, whole, zone == "headingline", capital)


def _zone(element: Element, labels: dict[str, str]) -> str:
    """Return the kind of an element as its tags say, without subtype, or as the margin it stands in."""
    for ref in element.get("TAGREFS", "").split():
        label = re.split(r"[:#]", labels.get(ref, ""))[0].strip().lower()
        if label:
            return label
    for above in element.iterancestors():
        if local_name(above) in ("LeftMargin", "RightMargin"):
            return local_name(above).lower()
    return ""


def _confidence(page: Element) -> float | None:
    """Return the mean WC of a page's words, else its PC, else its ACCURACY (a percentage)."""
    given = [value for value in (_share(string.get("WC")) for string in every(page, ".//String")) if value is not None]
    if given:
        return round(sum(given) / len(given), 4)
    share = _share(page.get("PC"))
    return share if share is not None else _share(page.get("ACCURACY"), 100)


def _share(value: str | None, of: int = 1) -> float | None:
    try:
        share = float(value or "") / of
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def _language(page: Element) -> str | None:
    for element in (page, *every(page, ".//TextBlock")):
        tag = language_tag(element.get("LANG") or element.get("language"))
        if tag:
            return tag
    return None
