"""A document read whole, its passages told apart, and lists of documents to choose from, as HTML."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag_commons.documents import Document, Passage
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.wording import Lang
from rag_commons.rendering.cards import badge, facts, reading, reporting, rights
from rag_commons.rendering.corpus import number
from rag_commons.rendering.escaping import escape, escape_line, link
from rag_commons.rendering.words import say

# a browser lays out this much text without a pause that people would notice
LONGEST = 300_000
LISTED = 200

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in a list: its id, its provenance and how many passages it has."""

    id: str
    provenance: Provenance
    passages: int


def document_to_html(document: Document, passages: Sequence[Passage], lang: Lang) -> str:
    """Return a document with its rights, its headings and its passages, each under its number."""
    held = document.provenance
    total = len(document.text)
    cut = f'<p class="rc-empty">{say("cut", lang, shown=LONGEST, total=total)}</p>' if total > LONGEST else ""
    return (
        f'<article class="rc rc-document" lang="{lang}"><h2 class="rc-question" dir="auto">'
        f"{link(held.permalink or held.url, escape_line(held.title))} {badge(held.licence, lang)}</h2>"
        f'{facts(None, held, lang)}{rights(held, lang)}<p>{reporting(document.id, lang)}</p>{cut}<div class="rc-text" dir="auto">'
        f"{''.join(_pieces(document, passages, lang))}</div>{_references(held, lang)}</article>"
    )


def entries_to_html(entries: Sequence[Entry], lang: Lang, total: int | None = None) -> str:
    """Return a list of documents, each with its institution, its rights and the button that opens it; `total` where there are more."""
    if not entries:
        return f'<section class="rc" lang="{lang}"><p class="rc-empty">{say("no_document", lang)}</p></section>'
    total = len(entries) if total is None else total
    shown = entries[:LISTED]
    count = say("document_found" if total == 1 else "documents_found", lang, count=number(total, lang))
    if total > len(shown):
        count += f" ({say('first_shown', lang, count=len(shown))})"
    rows = "".join(_row(entry, lang) for entry in shown)
    return f'<section class="rc" lang="{lang}"><h2 class="rc-found">{count}</h2><ul class="rc-entries">{rows}</ul></section>'


def _row(entry: Entry, lang: Lang) -> str:
    held = entry.provenance
    passages = f"{number(entry.passages, lang)} {say('passages' if entry.passages > 1 else 'one_passage', lang)}"
    where = " · ".join([*(escape_line(part) for part in (held.holder, held.collection) if part), passages])
    return (
        f"<li><div><strong>{escape_line(held.title)}</strong> {badge(held.licence, lang)}<p>{where}</p></div>{reading(entry.id, lang)}</li>"
    )


def _pieces(document: Document, passages: Iterable[Passage], lang: Lang) -> Iterator[str]:
    """Yield the text in order: passages under their numbers, and what lies between them, headings above all."""
    at = 0
    levels = {section.start: section.level for section in document.sections}
    for passage in passages:
        if passage.start < at or passage.end > LONGEST:
            continue
        place = passage.number + 1
        mark = f'<span class="rc-number" title="{say("passage", lang, number=place)}">{place}</span>'
        yield from _between(document.text, at, passage.start, levels)
        yield f'<p class="rc-span" id="passage-{place}">{mark}{escape(passage.text)}</p>'
        at = passage.end
    yield from _between(document.text, at, min(len(document.text), LONGEST), levels)


def _between(text: str, start: int, end: int, levels: Mapping[int, int]) -> Iterator[str]:
    for line in text[start:end].splitlines(keepends=True):
        marked = _HEADING.match(line)
        level = len(marked[1]) if marked else levels.get(start)
        words = marked[2] if marked else line
        start += len(line)
        if not words.strip():
            continue
        # the title of the document is an h2
        yield f"<h{min(level + 2, 6)}>{escape_line(words)}</h{min(level + 2, 6)}>" if level else f"<p>{escape(words.strip())}</p>"


def _references(held: Provenance, lang: Lang) -> str:
    items = "".join(f"<li>{escape_line(reference)}</li>" for reference in held.references)
    return f'<h3>{say("references", lang)}</h3><ul class="rc-references">{items}</ul>' if items else ""
