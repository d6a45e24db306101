"""A volume: pages of ALTO put together as one text, words joined over line ends and pages, every offset exact."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag_commons.documents import Page, Section
from rag_commons.sources.alto_page import AltoBlock, AltoLine, AltoPage
from rag_commons.sources.flow import Flow
from rag_commons.sources.hyphenation import MARKS, Cut, lazy_spellings

_REPEATED = 3
# letters that are words of their own, so that a drop capital of them may stand alone: A, À, Ô, Y
_WORDS_OF_A_LETTER = frozenset("aàâoôy")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page in its volume: its label, its address, and whether it follows the one before without a gap."""

    page: AltoPage
    label: str
    url: str | None = None
    follows: bool = True


@dataclass(frozen=True, slots=True)
class Volume:
    """The text of a volume, its sections and pages, and where each block starts, by (number of the leaf, id of the block)."""

    text: str
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]
    blocks: dict[tuple[int, str], int]


def bind(leaves: Sequence[Leaf]) -> Volume:
    """Return the volume that leaves make: a line break ends a block, lines of a block are one paragraph.

    What stands in the side margins comes after the rest of its page. A paragraph goes on from one page to the next where a word or
    a sentence visibly does.
    """
    flow = Flow(lazy_spellings(lambda: _texts(leaves)))
    blocks: dict[tuple[int, str], int] = {}
    last: AltoLine | None = None
    beside = True
    for number, leaf in enumerate(leaves):
        flow.begin_page(leaf.label, leaf.page.ocr, leaf.url, runs_on=leaf.follows and not beside)
        if not leaf.follows:
            last = None
        ordered = sorted(_with_capitals(leaf.page.blocks, flow), key=lambda block: block.margin)
        for block in ordered:
            start, last = _write_block(flow, block, last)
            blocks.setdefault((number, block.id), start)
            flow.end_block()
        beside = any(block.margin for block in ordered)
    text = flow.finish()
    return Volume(text, _unrepeated([section for section in flow.sections if _stands(section, text)]), tuple(flow.pages), blocks)


def _stands(section: Section, text: str) -> bool:
    """Whether a heading stands in the text as its title says: a last word that goes on over the page makes it no heading."""
    return " ".join(text[section.start : section.start + 2 * len(section.title) + 8].split()).startswith(section.title)


def _unrepeated(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the headings that head something: those that come back are running titles, or the speakers of a play."""
    words = [re.findall(r"\w+", section.title.casefold()) for section in sections]
    counts = Counter(map(tuple, words))
    common = {word for title, count in counts.items() if count >= _REPEATED for word in title}
    return tuple(
        section for section, said in zip(sections, words, strict=True) if any(word not in common and not word.isdecimal() for word in said)
    )


def _write_block(flow: Flow, block: AltoBlock, last: AltoLine | None) -> tuple[int, AltoLine | None]:
    start: int | None = None
    heading = False
    for line in block.lines:
        if line.heading != heading:
            heading = _turn_heading(flow, line.heading, begun=start is not None)
        elif last is not None:
            flow.end_line(_told(last, line))
        at = flow.write(line.text)
        start = at if start is None else start
        last = line
    if heading:
        flow.end_heading()
    return start or 0, last


def _turn_heading(flow: Flow, heading: bool, begun: bool) -> bool:
    if not heading:
        flow.end_heading()
    if begun:
        flow.end_block()
    if heading:
        flow.begin_heading(1)
    return heading


def _told(last: AltoLine, line: AltoLine) -> Cut | None:
    """Say what SUBS_CONTENT tells of the word that goes on from one line to the next, None where it tells nothing sure."""
    if not last.whole or not last.text:
        return None
    begun = last.text.split()[-1].rstrip(MARKS)
    ended = line.text.split()[0]
    if last.whole in begun + ended:
        return "word"
    return "compound" if last.whole in f"{begun}-{ended}" else None


def _texts(leaves: Iterable[Leaf]) -> Iterator[str]:
    return (line.text for leaf in leaves for block in leaf.page.blocks for line in block.lines)


def _with_capitals(blocks: Iterable[AltoBlock], flow: Flow) -> Iterator[AltoBlock]:
    """Yield blocks with each drop capital put before the line that follows it."""
    for block in blocks:
        lines: list[AltoLine] = []
        for line in block.lines:
            if lines and lines[-1].capital and not lines[-1].heading:
                capital = lines.pop().text
                line = replace(line, text=capital + ("" if _belongs(capital, line.text, flow) else " ") + line.text)
            lines.append(line)
        yield replace(block, lines=tuple(lines))


def _belongs(capital: str, text: str, flow: Flow) -> bool:
    """Say whether a drop capital begins the word that follows it: « L' » + « ouvrage », but « A » + « quoi bon »."""
    if capital.lower() not in _WORDS_OF_A_LETTER:
        return True
    return flow.is_spelled((capital + text.split()[0]).lower().rstrip(".,;:!?"))
