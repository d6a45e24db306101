"""Contract 1: a document as JSON, what it must hold, and the reasons for refusing it.

`check_document` holds the rules, whatever a document comes from; `document_from_json` adds what JSON alone can get wrong (keys
and types) and resolves licences. Reasons are short keys to count by: `missing:<field>`, `invalid:<field>`, `unknown-key`,
`empty-text`, `unknown-licence:<as seen>`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from rag_commons.documents import Document, Page, Section
from rag_commons.errors import DocumentRefused
from rag_commons.licences.notices import missing_fields
from rag_commons.licences.provenance import Label, Layer, LayerRole, Provenance
from rag_commons.licences.resolve import resolve_licence
from rag_commons.licences.table import licence
from rag_commons.sources.fields import Fields, invalid

KEYS = (
    *("id", "title", "text", "language", "authors", "authors_died", "holder", "collection"),
    *("url", "permalink", "history_url", "licence", "issued", "modified", "retrieved", "rights_note"),
    *("layers", "sections", "pages", "labels", "references"),
)
ROLES: dict[str, LayerRole] = {"work": "work", "edition": "edition", "transcription": "transcription", "digitisation": "digitisation"}

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
# RFC 5646, its grammar without the registry: language, extended languages, script, region, variants, extensions, private use
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?\Z|x(?:-[a-z0-9]{1,8})+\Z|i-[a-z]{2,8}\Z",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f<>\"]+\Z", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def document_from_json(obj: object) -> Document:
    """Return the document that a JSON object describes; raises DocumentRefused."""
    fields = Fields(obj, "document", KEYS)
    text = fields.text("text", blank="empty-text")
    identity, title, seen = fields.text("id"), fields.text("title"), fields.text("licence")
    resolved = resolve_licence(seen)
    layers = [_layer(item) for item in fields.objects("layers", ("role", "licence", "authors", "holder", "url"))]
    provenance = Provenance(
        title=title,
        licence=resolved.id,
        language=fields.text_or_none("language"),
        authors=fields.texts("authors"),
        authors_died=fields.integer_or_none("authors_died"),
        holder=fields.text_or_none("holder"),
        collection=fields.text_or_none("collection"),
        url=fields.text_or_none("url"),
        permalink=fields.text_or_none("permalink"),
        history_url=fields.text_or_none("history_url"),
        issued=fields.text_or_none("issued"),
        modified=fields.text_or_none("modified"),
        retrieved=fields.text_or_none("retrieved"),
        rights_note=_joined([fields.text_or_none("rights_note"), resolved.note, *(note for _, note in layers)]),
        layers=tuple(layer for layer, _ in layers),
        labels=tuple(_label(item) for item in fields.objects("labels", ("uri", "community", "text"))),
        references=fields.texts("references"),
    )
    document = Document(
        id=identity,
        text=text,
        provenance=provenance,
        sections=tuple(_section(item) for item in fields.objects("sections", ("start", "level", "title"))),
        pages=tuple(_page(item) for item in fields.objects("pages", ("start", "label", "ocr", "url"))),
    )
    check_document(document)
    return replace(document, provenance=replace(provenance, language=canonical_language(provenance.language)))


def document_to_json(document: Document) -> dict[str, object]:
    """Return the JSON object of a document, every key of contract 1 present: the inverse of `document_from_json`."""
    held = document.provenance
    plain: dict[str, object] = {key: getattr(held, key) for key in KEYS if hasattr(held, key)}
    plain |= {
        "id": document.id,
        "text": document.text,
        "authors": list(held.authors),
        "references": list(held.references),
        "layers": [
            {"role": layer.role, "licence": layer.licence, "authors": list(layer.authors), "holder": layer.holder, "url": layer.url}
            for layer in held.layers
        ],
        "labels": [{"uri": label.uri, "community": label.community, "text": label.text} for label in held.labels],
        "sections": [{"start": section.start, "level": section.level, "title": section.title} for section in document.sections],
        "pages": [{"start": page.start, "label": page.label, "ocr": page.ocr, "url": page.url} for page in document.pages],
    }
    return {key: plain[key] for key in KEYS}


def check_document(document: Document) -> None:
    """Raise DocumentRefused unless a document may enter an index: whole, under licences of the table, with what they require."""
    if not document.text.strip():
        raise DocumentRefused("empty-text", "a document with text", f"{document.id!r} without any", "leave it out or give its text")
    _check_encoding("text", (document.text,))
    _check_names(document)
    for layer in document.provenance.layers:
        if layer.role not in ROLES:
            raise _unknown_role(layer.role)
        licence(layer.licence)
    licence(document.provenance.licence)
    _check_dates(document.provenance)
    _check_addresses(document)
    _check_offsets("sections", document.text, [section.start for section in document.sections])
    _check_offsets("pages", document.text, [page.start for page in document.pages])
    lacking = missing_fields(document.provenance)
    if lacking:
        raise DocumentRefused(
            f"missing:{lacking[0]}",
            f"what {document.provenance.licence} requires: {', '.join(lacking)}",
            f"{document.id!r} without it",
            f"give {lacking[0]!r} as the publisher states it, or leave the document out",
        )


def canonical_language(tag: str | None) -> str | None:
    """Return a BCP 47 tag in its usual case: fr, fr-CA, oc-Latn-ES."""
    if tag is None:
        return None
    first, *rest = tag.lower().split("-")
    for at, part in enumerate(rest):
        if len(part) == 1:
            break
        rest[at] = part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part
    return "-".join((first, *rest))


def locate(error: DocumentRefused, where: str) -> DocumentRefused:
    """Return a refusal whose message says where the document stood (file and line)."""
    error.seen = f"{where}: {error.seen}"
    return error


def repeated(identity: str, where: str) -> DocumentRefused:
    """Return the refusal of a document whose id was seen before in the same run."""
    return DocumentRefused("duplicate-id", "one document an id", f"{where}: {identity!r} again", "give each document its own id")


def _layer(fields: Fields) -> tuple[Layer, str | None]:
    role = fields.text("role")
    if role not in ROLES:
        raise _unknown_role(role)
    resolved = resolve_licence(fields.text("licence"))
    layer = Layer(ROLES[role], resolved.id, fields.texts("authors"), fields.text_or_none("holder"), fields.text_or_none("url"))
    return layer, resolved.note


def _unknown_role(role: str) -> DocumentRefused:
    return invalid("layers", f"a role among {', '.join(ROLES)}", repr(role))


def _section(fields: Fields) -> Section:
    return Section(fields.integer("start"), fields.integer("level"), fields.text("title"))


def _page(fields: Fields) -> Page:
    return Page(fields.integer("start"), fields.text("label"), fields.number_or_none("ocr"), fields.text_or_none("url"))


def _label(fields: Fields) -> Label:
    return Label(fields.text("uri"), fields.text("community"), fields.text("text"))


def _joined(notes: Iterable[str | None]) -> str | None:
    """Return notes joined, each once, so that what was resolved before is not noted again."""
    kept: list[str] = []
    for note in notes:
        if note and not any(note in other for other in kept):
            kept.append(note)
    return " ".join(kept) or None


def _check_names(document: Document) -> None:
    held = document.provenance
    for name, value in (("id", document.id), ("title", held.title)):
        if not value.strip():
            raise DocumentRefused(f"missing:{name}", f"a document with {name!r}", repr(value[:80]), f"give {name!r} in words")
    if _CONTROL.search(document.id):
        raise invalid("id", "an id on one line, without control characters", repr(document.id[:80]))
    if held.language is not None and not _LANGUAGE.match(held.language):
        raise invalid("language", "a BCP 47 tag (fr, oc, fr-CA) or null", repr(held.language[:80]))
    for section in document.sections:
        if section.level < 1:
            raise invalid("sections", "a level of 1 or more", str(section.level))
    for page in document.pages:
        if page.ocr is not None and not 0 <= page.ocr <= 1:
            raise invalid("pages", "an OCR confidence from 0 to 1", str(page.ocr))
    _check_encoding("provenance", _strings(document))


def _strings(document: Document) -> Iterator[str]:
    held = document.provenance
    yield document.id
    yield from (held.title, held.holder or "", held.collection or "", held.rights_note or "", *held.authors, *held.references)
    for layer in held.layers:
        yield from (layer.holder or "", *layer.authors)
    for label in held.labels:
        yield from (label.community, label.text)
    yield from (section.title for section in document.sections)
    yield from (page.label for page in document.pages)


def _check_encoding(name: str, values: Iterable[str]) -> None:
    """Refuse what UTF-8 or the store cannot keep; nothing is cleaned, since offsets are those of the text as given."""
    for value in values:
        at = value.find("\0")
        if at >= 0:
            raise invalid(name, "text without NUL characters", f"one at character {at}")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise invalid(name, "text that UTF-8 can write", f"a lone surrogate at character {error.start}") from None


def _check_dates(held: Provenance) -> None:
    for name in ("issued", "modified", "retrieved"):
        value: str | None = getattr(held, name)
        found = _DATE.match(value) if value is not None else None
        try:
            if value is not None:
                if not found:
                    raise ValueError
                date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        except ValueError:
            raise invalid(name, "a date of the calendar, YYYY[-MM[-DD]]", repr(value)) from None


def _check_addresses(document: Document) -> None:
    held = document.provenance
    for name, values in (
        ("url", [held.url]),
        ("permalink", [held.permalink]),
        ("history_url", [held.history_url]),
        ("layers", [layer.url for layer in held.layers]),
        ("pages", [page.url for page in document.pages]),
        ("labels", [label.uri for label in held.labels]),
    ):
        for value in values:
            if value is not None and not _ADDRESS.match(value):
                raise invalid(name, "an http or https address without spaces", repr(value[:120]))


def _check_offsets(name: str, text: str, starts: list[int]) -> None:
    before = 0
    for start in starts:
        if not before <= start <= len(text):
            raise invalid(name, f"starts in order, from 0 to the {len(text)} characters of the text", f"{start} after {before}")
        before = start
