"""The text of a TEI document: what a reader of the edition reads, without notes, apparatus or what the printer put around it.

Kept of a choice: `orig` and `sic`, the spelling of the source, and `expan`, since an abbreviation is no spelling; of an apparatus,
the lemma. Left out: notes, variants, deletions, running titles, descriptions of figures. A gap is written « […] », a stage
direction stands in parentheses. The one surprise: a note's call (`<ref target="#n1">1</ref>`) goes with its note.
"""

import re

from rag_commons.sources.flow import Flow
from rag_commons.sources.hyphenation import lazy_spellings
from rag_commons.sources.xml import XML_ID, Element, every, local_name, plain

_LEFT_OUT = frozenset(
    "note noteGrp fw figDesc rdg rdgGrp del surplus index metamark teiHeader standOff facsimile sourceDoc listApp listBibl listWit "
    "certainty precision respons interp interpGrp spanGrp link linkGrp timeline alt altGrp witDetail witStart witEnd desc".split()
)
# blocks, and whether a blank line sets them apart from what is around them
_BLOCKS = dict.fromkeys("l speaker item row castItem castGroup label byline signed salute dateline role".split(), False) | dict.fromkeys(
    (
        "p ab head lg sp list table castList trailer opener closer epigraph argument postscript titlePart docTitle docAuthor docDate "
        "docImprint docEdition imprimatur titlePage performance set prologue epilogue figure floatingText div div1 div2 div3 div4 div5 "
        "div6 div7 spGrp eg lyrics"
    ).split(),
    True,
)
_DIVISION = re.compile(r"div[1-7]?\Z")
# what is a block only where no block holds it
_SOMETIMES = frozenset(("stage", "quote", "q", "cit", "bibl", "move", "view", "camera"))
_HOLDERS = frozenset(("body", "front", "back", "group", "text", "sp", "lg", "spGrp", "castList", "performance", "floatingText"))
_INLINE = frozenset(("label", "role", "figure"))
_NOTES = frozenset(("notes", "footnotes", "endnotes", "apparatus", "note"))
_CALL = re.compile(r"[\[(]?(?:[0-9]{1,4}|[a-z]|[*†‡]+)[\])]?\Z")
_DIGITS = re.compile(r"[0-9]+")
_GAP = "[…]"
# what printers put between a page break and the text: titles, numbers, signatures, notes
_MOST_BETWEEN = 20


def read_text(root: Element, front: bool = False) -> Flow:
    """Return the text of a TEI element with its sections and pages; `front` takes in what stands before and after the body."""
    parts = ("front", "body", "back") if front else ("body",)
    texts = [part for text in every(root, "text") for part in text.iter() if local_name(part) in parts]
    reading = _Reading(root, Flow(lazy_spellings(lambda: ("".join(map(str, part.itertext())) for part in texts))))
    held = set(texts)
    for part in texts:
        if not any(above in held for above in part.iterancestors()):
            reading.read(part, 0)
            reading.flow.end_block(wide=True)
    reading.flow.finish()
    return reading.flow


class _Reading:
    """The reading of one TEI element into a flow: knows its notes and the page it is on."""

    def __init__(self, root: Element, flow: Flow) -> None:
        self.flow = flow
        self._notes = {note.get(XML_ID) for note in root.iter("{*}note")} - {None}
        self._page = ""
        self._count = 0

    def read(self, element: Element, level: int) -> None:
        """Read what an element holds; `level` counts the titled divisions around it."""
        if element.text:
            self.flow.write(element.text)
        for item in element:
            self._item(item, level)
            if item.tail:
                self.flow.write(item.tail)

    def _item(self, item: Element, level: int) -> None:
        name = local_name(item)
        if name in _LEFT_OUT or self._is_call(item, name):
            return
        if name in ("lb", "cb"):
            self.flow.end_line("word" if item.get("break") == "no" else None)
        elif name == "pb":
            self._turn_page(item)
        elif name == "gap":
            self.flow.write(_GAP)
        elif name in ("choice", "app"):
            self._choose(item, level)
        elif name == "stage":
            self._stage(item)
        elif name == "head":
            self._head(item, level)
        elif _DIVISION.match(name):
            self._divide(item, level)
        elif self._is_block(item, name):
            wide = _BLOCKS.get(name, True) and not _within_speech(item)
            self.flow.begin_block(wide)
            self.read(item, level)
            self.flow.end_block(wide)
        else:
            self.read(item, level)
            if name == "cell":
                self.flow.write(" ")

    def _divide(self, item: Element, level: int) -> None:
        if item.get("type") in _NOTES:
            return
        self.flow.begin_block(wide=True)
        self.read(item, level + 1 if every(item, "head") else level)
        self.flow.end_block(wide=True)

    def _head(self, item: Element, level: int) -> None:
        """Read a heading; those of a division make a section, several in a row make one."""
        before, after, parent = item.getprevious(), item.getnext(), item.getparent()
        divides = parent is not None and bool(_DIVISION.match(local_name(parent)))
        begins = before is None or local_name(before) != "head"
        self.flow.begin_block(wide=begins)
        if divides and begins:
            self.flow.begin_heading(level)
        self.read(item, level)
        ends = after is None or local_name(after) != "head"
        if divides and ends:
            self.flow.end_heading()
        self.flow.end_block(wide=ends)

    def _choose(self, item: Element, level: int) -> None:
        wanted = ("orig", "sic", "expan") if local_name(item) == "choice" else ("lem",)
        readings = [child for child in item if local_name(child) not in ("note", "noteGrp", "rdgGrp", "witDetail")]
        chosen = next((child for child in readings if local_name(child) in wanted), next(iter(readings), None))
        if chosen is not None:
            self.read(chosen, level)

    def _stage(self, item: Element) -> None:
        block = self._is_block(item, "stage")
        if block:
            self.flow.begin_block()
        if any(local_name(child) == "pb" for child in item.iter()):
            self.read(item, 0)
        else:
            aside = _Reading(item, Flow(lazy_spellings(tuple)))
            aside.read(item, 0)
            said = " ".join(aside.flow.finish().split())
            self.flow.write(said if not said or said[0] in "([" else f"({said})")
        if block:
            self.flow.end_block()

    def _turn_page(self, item: Element) -> None:
        self._count += 1
        reference = next(filter(None, (item.get(name) for name in ("n", XML_ID, "corresp", "facs"))), "")
        label = reference.lstrip("#") if not reference.startswith("http") else ""
        follows = _follows(self._page, label)
        self._page = label
        facsimile = item.get("facs", "")
        url = facsimile if re.match(r"https?://[^\s<>\"]+\Z", facsimile) else None
        self.flow.begin_page(label[:40] or str(self._count), url=url, runs_on=follows and _then_layout(item))
        if item.get("break") == "no":
            self.flow.end_line("word")

    def _is_block(self, item: Element, name: str) -> bool:
        if name in _SOMETIMES or name in _INLINE:
            parent = item.getparent()
            above = "" if parent is None else local_name(parent)
            return above in _HOLDERS or bool(_DIVISION.match(above)) or (name in _INLINE and above in ("list", "castGroup"))
        return name in _BLOCKS

    def _is_call(self, item: Element, name: str) -> bool:
        if name != "ref":
            return False
        target = item.get("target", "")
        called = target.startswith("#") and target[1:] in self._notes
        return called or (item.get("type") in _NOTES | {"noteAnchor"} and bool(_CALL.match(plain(item))))


def _within_speech(item: Element) -> bool:
    parent = item.getparent()
    return parent is not None and local_name(parent) in ("sp", "lg", "castList", "list", "item")


def _follows(last: str, label: str) -> bool:
    """Whether a page comes right after another, as far as their labels tell."""
    before, after = _DIGITS.findall(last), _DIGITS.findall(label)
    return not before or not after or int(after[-1][-9:]) == int(before[-1][-9:]) + 1


def _then_layout(item: Element) -> bool:
    """Whether the block after a page break is one of layout (`ab`), that may go on from the page before, and no true paragraph."""
    after = item.getnext()
    for _ in range(_MOST_BETWEEN):
        if after is None or local_name(after) not in ("fw", "note", "pb", "lb"):
            break
        after = after.getnext()
    return after is not None and local_name(after) == "ab"
