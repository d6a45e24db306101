"""The header of a TEI text as fields of contract 1: titles, people, dates, publisher, languages, and the rights of each layer.

The licence is the one that the header states for the file itself (publicationStmt); where it states several, the narrowest. The
work beneath is a layer of its own, in the public domain only if the header says so or its dates prove it; else its status is told
as unknown. The one surprise: without a year of death, a work published 170 years ago counts as free, its author being dead for 70.
"""

import re
from collections.abc import Iterable
from datetime import date

from rag_commons.errors import DocumentRefused
from rag_commons.licences.public_domain import public_domain
from rag_commons.licences.resolve import resolve_licence
from rag_commons.licences.table import licence
from rag_commons.sources.languages import language_tag
from rag_commons.sources.tei_source import SourceBibl, address_in, person, source_bibl, year_or_date
from rag_commons.sources.xml import XML_LANG, Element, every, first, local_name, plain

_PUBLIC_DOMAIN = "CC-PDM-1.0"
# no one publishes before the age of 10 or lives beyond 110
_LONGEST_LIFE_AFTER = 100
_OLD = "Année de mort de l'auteur non fournie ; œuvre publiée en {year}, il y a plus de 170 ans, donc du domaine public en France."
# « : édition électronique », « : a machine readable transcription »: what the file is, no part of the title
_EDITION = re.compile(
    r"\s*[:;.,—–-]\s*(?:une? )?(?:édition|version|transcription) (?:électronique|numérique|TEI|ELTeC)\.?\Z"
    r"|\s*[:;.,—–-]\s*(?:an? )?(?:electronic|digital|machine[- ]readable) (?:edition|version|transcription)\.?\Z",
    re.IGNORECASE,
)


def header_fields(root: Element, corpus: Element | None = None) -> dict[str, object]:
    """Return what a TEI element's header states; `corpus` is the header of the teiCorpus around it, asked where its own is silent."""
    headers = [item for item in (first(root, "teiHeader"), corpus) if item is not None]
    seen, others = _licence(headers)
    holder = _holder(headers)
    source = source_bibl(headers, root)
    work, layers, note = _work(headers, source)
    fields: dict[str, object] = work | {
        "holder": holder,
        "licence": seen,
        "url": _address(headers),
        "modified": _modified(headers),
        "layers": layers + _editions(headers, seen, holder) + source.editions,
        "rights_note": " ".join([*([note] if note else []), *others]),
        "language": _language(root, headers),
    }
    return {key: value for key, value in fields.items() if value}


def work_fields(root: Element) -> dict[str, object]:
    """Return what a header states of the work alone, for another file of the same work: no licence, no editors, no publisher."""
    headers = every(root, "teiHeader")
    work, layers, note = _work(headers, source_bibl(headers, root))
    fields: dict[str, object] = work | {"layers": layers, "rights_note": note, "language": _language(root, headers)}
    return {key: value for key, value in fields.items() if value}


def _asked(headers: Iterable[Element], path: str) -> list[Element]:
    """Return the elements at a path in the first header that has some."""
    return next((found for found in (every(header, path) for header in headers) if found), [])


def _title(headers: list[Element]) -> str | None:
    titles = _asked(headers, "fileDesc/titleStmt/title")
    main = [plain(item) for item in titles if item.get("type") in (None, "main", "a", "m")] or [plain(item) for item in titles[:1]]
    subs = [plain(item) for item in titles if item.get("type") in ("sub", "subordinate")]
    told = _EDITION.sub("", " ".join(filter(None, main)))
    return " : ".join(filter(None, [told, *(_EDITION.sub("", sub) for sub in subs)])) or None


def _holder(headers: list[Element]) -> str | None:
    for name in ("publisher", "authority", "distributor"):
        for item in _asked(headers, f"fileDesc/publicationStmt/{name}"):
            if plain(item):
                return plain(item)
    return None


def _licence(headers: list[Element]) -> tuple[str | None, list[str]]:
    """Return the licence of the file as its publisher states it, and what to note of others stated beside it."""
    candidates: list[list[str]] = []
    for availability in _asked(headers, "fileDesc/publicationStmt/availability"):
        stated = [item for item in availability.iter() if local_name(item) in ("licence", "license")] or [availability]
        candidates += [_said(item) for item in stated]
    known: dict[str, str] = {}
    for said in candidates:
        for seen in said:
            found = _resolved(seen)
            if found:
                known.setdefault(found, seen)
                break
    if not known:
        return next((said[0] for said in candidates if said), None), []
    narrowest = min(known, key=_freedom)
    return narrowest, [f"L'en-tête nomme aussi : {other}." for other in known if other != narrowest]


def _said(item: Element) -> list[str]:
    """Return the strings of an element that may name a licence: targets first, then addresses in its text, then the text."""
    targets = [target for at in item.iter() for target in at.get("target", "").split()]
    text = plain(item)
    return [*targets, *re.findall(r"https?://[^\s<>\"')]+[^\s<>\"'),.;]", text), *([text] if text else [])]


def _resolved(seen: str) -> str | None:
    try:
        return resolve_licence(seen).id
    except DocumentRefused:
        return None


def _freedom(identity: str) -> tuple[bool, bool, bool, bool]:
    row = licence(identity)
    return (not row.quotation_only, row.commercial, row.adaptation, not row.share_alike)


def _work(headers: list[Element], source: SourceBibl) -> tuple[dict[str, object], list[dict[str, object]], str | None]:
    """Return what is known of the work, its layer if it is in the public domain, and what must be noted of its status."""
    people = [one for one in map(person, _asked(headers, "fileDesc/titleStmt/author")) if one.name]
    names = [one.name for one in people] or list(source.authors)
    deaths = [one.died for one in people]
    died = max((year for year in deaths if year), default=None) if deaths and all(deaths) else None
    free, note = _status(died, source)
    layer: dict[str, object] = {
        "role": "work", "licence": _PUBLIC_DOMAIN, "authors": names, "holder": source.holder, "url": source.url
    }  # fmt: skip
    told: dict[str, object] = {"title": _title(headers), "authors": names, "authors_died": died, "issued": source.issued}
    return told, [layer] if free else [], note


def _status(died: int | None, source: SourceBibl) -> tuple[bool, str | None]:
    """Say whether a work is free (the header says so, or its dates prove it for France), and what to note of it."""
    if source.public_domain:
        return True, None
    today = date.today()
    year = int(source.issued[:4]) if source.issued else today.year
    bound = year + _LONGEST_LIFE_AFTER if died is None else died
    if bound <= today.year and public_domain(bound, "FR", today).state == "public-domain":
        return True, _OLD.format(year=year) if died is None else None
    return False, f"Statut de l'œuvre : {public_domain(died, 'FR', today).sentence()}"


def _editions(headers: list[Element], seen: str | None, holder: str | None) -> list[dict[str, object]]:
    """Return the layer of those who made the file, who must be credited beside the author of the work."""
    made = [*_asked(headers, "fileDesc/titleStmt/respStmt"), *_asked(headers, "fileDesc/titleStmt/editor")]
    names: dict[str, None] = {}
    for statement in made:
        people = [item for item in statement if local_name(item) in ("name", "persName", "orgName")]
        for item in people if local_name(statement) == "respStmt" else [statement]:
            names.setdefault(person(item).name, None)
    names.pop("", None)
    if not names or not seen or not _resolved(seen):
        return []
    return [{"role": "edition", "licence": seen, "authors": list(names), "holder": holder}]


def _language(root: Element, headers: list[Element]) -> str | None:
    text = first(root, "text")
    for element in (text, root):
        tag = language_tag(element.get(XML_LANG)) if element is not None else None
        if tag:
            return tag
    used = _asked(headers, "profileDesc/langUsage/language")
    used.sort(key=lambda item: -_usage(item.get("usage")))
    return next(filter(None, (language_tag(item.get("ident")) or language_tag(plain(item)) for item in used)), None)


def _usage(percent: str | None) -> float:
    return float(percent) if percent and re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]+)?", percent) else 0


def _address(headers: list[Element]) -> str | None:
    for item in _asked(headers, "fileDesc/publicationStmt/idno"):
        address = address_in(plain(item))
        if address:
            return address
    targets = [item.get("target", "") for item in _asked(headers, "fileDesc/publicationStmt/ref")]
    return next(filter(None, map(address_in, reversed(targets))), None)


def _modified(headers: list[Element]) -> str | None:
    changes = [year_or_date(item) for header in headers[:1] for item in every(header, ".//change") if item.get("when")]
    published = [year_or_date(item) for item in _asked(headers, "fileDesc/publicationStmt/date")]
    return max(filter(None, changes), default=None) or next(filter(None, published), None)
