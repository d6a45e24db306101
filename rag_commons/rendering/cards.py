"""Source cards: one passage with its words, people, institution, links, dates, rights and community labels, as HTML."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from rag_commons.documents import Hit, Passage
from rag_commons.licences.combination import provenance_allows
from rag_commons.licences.people import contributors, history_address
from rag_commons.licences.provenance import Label, Layer, Provenance
from rag_commons.licences.table import Licence, licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import escape, escape_line, link, web_address
from rag_commons.rendering.words import date_words, kind_word, language_name, say

# characters of the passage shown on each side of the quoted words before the rest is folded
CONTEXT = 260

Span = tuple[int, int]


def badge(licence_id: str, lang: Lang) -> str:
    """Return the name of a row of the table of rights as a badge that leads to its text."""
    row = licence(licence_id)
    openness = "open" if row.commercial and row.adaptation else "closed" if row.quotation_only else "limited"
    title = f"{kind_word(row.kind, lang)}{say('colon', lang)}{row.name(lang)}"
    inner = f'<span class="rc-badge rc-{openness}" title="{escape_line(title)}">{escape_line(row.badge)}</span>'
    return link(row.url, inner, "license noopener noreferrer" if row.kind == "licence" else "noopener noreferrer")


def permissions(row: Licence, lang: Lang, commercial: bool = True, adaptation: bool = True) -> str:
    """Return what a row lets people do, as words joined by a middle dot; False where something beside it forbids."""
    if row.quotation_only:
        return say("quotation_only", lang)
    keys = [
        f"commercial_{'yes' if row.commercial and commercial else 'no'}",
        f"adaptation_{'yes' if row.adaptation and adaptation else 'no'}",
    ]
    return " · ".join(say(key, lang) for key in (*keys, *(["share_alike"] if row.share_alike else [])))


def marked(text: str, spans: Iterable[Span]) -> str:
    """Return a text as HTML with its spans highlighted; spans that overlap are joined, those outside are cut."""
    parts: list[str] = []
    at = 0
    for start, end in _joined(spans, len(text)):
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def excerpt(text: str, spans: Iterable[Span], lang: Lang, language: str | None = None) -> str:
    """Return the quoted words with their context; a passage that is longer is folded whole underneath."""
    held = _joined(spans, len(text))
    first, last = (held[0][0], held[-1][1]) if held else (0, 0)
    start, end = max(0, first - CONTEXT), min(len(text), last + CONTEXT)
    start = 0 if start < CONTEXT // 4 else _word_edge(text, start, 1)
    end = len(text) if len(text) - end < CONTEXT // 4 else _word_edge(text, end, -1)
    shown = marked(text[start:end], [(a - start, b - start) for a, b in held])
    before, after = "… " if start else "", " …" if end < len(text) else ""
    opening = f'<blockquote class="rc-passage"{spoken(language)} dir="auto">'
    quoted = f"{opening}{before}{shown}{after}</blockquote>"
    if not before and not after:
        return quoted
    whole = f"{opening}{marked(text, held)}</blockquote>"
    return f'{quoted}<details class="rc-whole"><summary>{say("whole_passage", lang)}</summary>{whole}</details>'


def spoken(language: str | None) -> str:
    """Return the attribute that tells a screen reader in which language words are."""
    return f' lang="{escape_line(language)}"' if language else ""


def hit_card(hit: Hit, lang: Lang, anchor: str, level: int = 4) -> str:
    """Return a passage that was found but is not cited: its head, its words and its rights."""
    same = "".join(
        f'<p class="rc-same">{say(said, lang)} {", ".join(map(escape_line, others))}</p>'
        for said, others in (("same_text", hit.same_text), ("same_words", hit.same_words))
        if others
    )
    return (
        f'<li class="rc-card rc-hit" id="{escape_line(anchor)}"><article>{heading(hit.passage, hit.provenance, lang, hit.rank, level)}'
        f'<div class="rc-main">{excerpt(hit.passage.text, (), lang, hit.provenance.language)}{same}'
        f"{rights(hit.provenance, lang)}{reading(hit.passage.document_id, lang, hit.passage.id)}</div>"
        f"{facts(hit.passage, hit.provenance, lang)}</article></li>"
    )


def near_card(hit: Hit, lang: Lang, anchor: str, interactive: bool) -> str:
    """Return a passage that came near, in brief: its provenance and rights are folded, save the labels of communities."""
    held = hit.provenance
    where = " · ".join(escape_line(part) for part in (held.holder, held.collection) if part)
    told = _rights(held, lang) + facts(hit.passage, held, lang)
    folded = f'<details class="rc-near"><summary>{say("provenance", lang)}</summary>{told}</details>'
    return (
        f'<li class="rc-card rc-hit" id="{escape_line(anchor)}"><article>{heading(hit.passage, held, lang, hit.rank)}'
        f'<div class="rc-main">{excerpt(hit.passage.text, (), lang, held.language)}<p class="rc-same">{where}</p>'
        f"{labels(held, lang)}{folded}{reading(hit.passage.document_id, lang, hit.passage.id) if interactive else ''}</div></article></li>"
    )


def reading(document_id: str, lang: Lang, passage_id: str | None = None) -> str:
    """Return the button that opens a whole document where the page has the script, and the one that reports a passage of it."""
    words = say("read_document", lang)
    opening = f'<button type="button" class="rc-copy" data-rc-document="{escape(document_id)}">{words}</button>'
    return f'<p class="rc-read">{opening}{reporting(passage_id, lang) if passage_id else ""}</p>'


def reporting(source: str, lang: Lang) -> str:
    """Return the button that reports a source; the page shows it only where reports are kept."""
    words = say("report", lang)
    return f'<button type="button" class="rc-copy rc-report" data-rc-event="edit" data-rc-value="{quote(source, safe="")}">{words}</button>'


def heading(passage: Passage, provenance: Provenance, lang: Lang, number: int, level: int = 4) -> str:
    """Return the head of a card: its number as on the spine of a book, the title, the section and the badge."""
    path = " › ".join(escape_line(part) for part in (passage.section or "").split(" > ") if part.strip())
    section = f'<p class="rc-section">{path}</p>' if path else ""
    return (
        f'<header><span class="rc-cote" aria-hidden="true">{number}</span><div>'
        f"<h{level}>{link(provenance.permalink or provenance.url, escape_line(provenance.title))}</h{level}>{section}</div>"
        f"{badge(provenance.licence, lang)}</header>"
    )


def facts(passage: Passage | None, provenance: Provenance, lang: Lang) -> str:
    """Return what is known of a passage as a list of terms: people, institution, dates, link, OCR."""
    rows = "".join(f"<div><dt>{say(key, lang)}</dt><dd>{value}</dd></div>" for key, value in _facts(passage, provenance, lang))
    return f'<dl class="rc-facts">{rows}</dl>'


def rights(provenance: Provenance, lang: Lang) -> str:
    """Return the rights of a passage: its own, those of each layer, the note on them and every community label."""
    return _rights(provenance, lang) + labels(provenance, lang)


def labels(provenance: Provenance, lang: Lang) -> str:
    """Return every community label of a passage."""
    return "".join(_label(label, lang) for label in provenance.labels)


def _rights(provenance: Provenance, lang: Lang) -> str:
    row = licence(provenance.licence)
    name = link(row.url, escape_line(row.name(lang)), "license noopener noreferrer" if row.kind == "licence" else "noopener noreferrer")
    allowed = _allowed(provenance, row, lang)
    lines = [f"<p><strong>{kind_word(row.kind, lang)}</strong>{say('colon', lang)}{name} <small>({allowed})</small></p>"]
    lines += [_layer(layer, lang) for layer in provenance.layers]
    if provenance.rights_note:
        lines.append(f"<p><strong>{say('rights_note', lang)}</strong>{say('colon', lang)}{escape_line(provenance.rights_note)}</p>")
    return f'<div class="rc-rights">{"".join(lines)}</div>'


def _allowed(provenance: Provenance, row: Licence, lang: Lang) -> str:
    # a community label is not ours to interpret, whatever the licence says
    if provenance.labels:
        return say("ask_community", lang)
    return permissions(row, lang, provenance_allows(provenance, "commercial"), provenance_allows(provenance, "adaptation"))


def _facts(passage: Passage | None, held: Provenance, lang: Lang) -> Iterator[tuple[str, str]]:
    people = " · ".join(map(escape_line, held.authors)) or escape_line(contributors(held, lang)) or say("not_given", lang)
    history = link(history_address(held), say("history", lang)) if web_address(history_address(held)) else ""
    yield "people", f"{people} ({history})" if history else people
    yield "holder", escape_line(held.holder) if held.holder else say("not_given", lang)
    if held.collection:
        yield "collection", escape_line(held.collection)
    if held.language:
        yield "language", escape_line(language_name(held.language, lang))
    page = passage.page if passage else None
    if page:
        yield "page", link(page.url, escape_line(page.label))
    for key, date in (("issued", held.issued), ("modified", held.modified), ("retrieved", held.retrieved)):
        if date:
            yield key, f'<time datetime="{escape_line(date)}">{escape_line(date_words(date, lang))}</time>'
    yield "link", _address(held, lang)
    if page and page.ocr is not None:
        yield "ocr", say("ocr_value", lang, percent=round(page.ocr * 100))


def _address(held: Provenance, lang: Lang) -> str:
    if web_address(held.permalink):
        return link(held.permalink, say("permalink", lang))
    if web_address(held.url):
        return f"{link(held.url, say('address', lang))} ({say('unknown_revision', lang)})"
    return say("unknown_revision", lang)


def _layer(layer: Layer, lang: Lang) -> str:
    row = licence(layer.licence)
    who = " · ".join(map(escape_line, (*layer.authors, *([layer.holder] if layer.holder else []))))
    address = f" — {link(layer.url, say('address', lang))}" if web_address(layer.url) else ""
    head = f"<strong>{say(layer.role, lang)}</strong>{say('colon', lang)}"
    return f"<p>{head}{who + ', ' if who else ''}{link(row.url, escape_line(row.badge))}{address}</p>"


def _label(label: Label, lang: Lang) -> str:
    head = say("label_of", lang, community=escape_line(label.community))
    about = link(label.uri, say("about_label", lang)) if web_address(label.uri) else ""
    return f'<aside class="rc-label"><strong>{head}</strong><p>{escape(label.text)}</p>{about}</aside>'


def _joined(spans: Iterable[Span], length: int) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _word_edge(text: str, at: int, step: int) -> int:
    """Move an offset, by 40 characters at most, to a place where a word ends."""
    for moved in range(at, at + 40 * step, step):
        if 0 < moved < len(text) and text[moved].isspace():
            return moved + (1 if step > 0 else 0)
    return at
