"""What a TEI header says of what the file was made from: printed source, first edition, manuscript, digital editions before it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from rag_commons.errors import DocumentRefused
from rag_commons.licences.resolve import resolve_licence
from rag_commons.licences.table import licence
from rag_commons.sources.xml import Element, every, first, local_name, plain

_NO_NAME = frozenset(("idno", "ptr", "note", "date", "birth", "death"))
_YEARS = re.compile(r"\s*[(\[]\s*(?P<born>[^()\[\]–—-]{0,12})\s*[-–—]\s*(?P<died>[^()\[\]–—-]{0,12})\s*[)\]]\s*\Z")
_YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2})(?![0-9])")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_HTTP = re.compile(r"https?://[^\s\x00-\x1f<>\"]+\Z")
_DOI = re.compile(r"(?:doi:\s*)?(10\.[0-9]{4,9}/\S+)\Z", re.IGNORECASE)
_ARK = re.compile(r"(?:ark:/12148/)?((?:bpt6k|btv1b|bd6t)[0-9]+[0-9b-df-hj-np-tv-xz])\Z")
# the source that tells when the work came out, best first
_PREFERRED = ("firstEdition", "originalSource", "printSource", None, "edition", "digitalSource")


@dataclass(frozen=True, slots=True)
class Person:
    """A name, and the year of death where the header gives it surely."""

    name: str
    died: int | None = None


@dataclass(frozen=True, slots=True)
class SourceBibl:
    """What the sources of a text say: people, first publication, where the original is, and the editions to credit (as layers)."""

    authors: tuple[str, ...] = ()
    issued: str | None = None
    holder: str | None = None
    url: str | None = None
    public_domain: bool = False
    editions: list[dict[str, object]] = field(default_factory=list)


def source_bibl(headers: Iterable[Element], root: Element) -> SourceBibl:
    """Return what headers say of the sources; the dates of the title page and of events stand in for a date they lack."""
    described = [item for header in headers for item in every(header, "fileDesc/sourceDesc")][:1]
    bibls = [item for desc in described for item in desc.iter() if local_name(item) in ("bibl", "biblStruct", "biblFull")]
    bibls.sort(key=lambda item: _rank(item.get("type")))
    dates = [_dated(item) for item in bibls]
    if not any(dates):
        dates = [year_or_date(item) for item in (*every(root, "text/front//docDate"), *_events(root))]
    authors = next((found for found in ([person(a).name for a in every(item, ".//author")] for item in bibls) if found), [])
    repository = plain(first(described[0], ".//repository")) if described else ""
    arks = [plain(item) for desc in described for item in every(desc, ".//msIdentifier//idno")]
    urls = [address_in(text) for text in arks] + [address for item in bibls for address in _addresses(item)]
    editions, free = _rights(bibls)
    return SourceBibl(
        authors=tuple(filter(None, authors)),
        issued=next(filter(None, dates), None),
        holder=repository or None,
        url=next(filter(None, urls), None),
        public_domain=free,
        editions=editions,
    )


def person(element: Element) -> Person:
    """Return who an author, editor or name element names: the first of several names, years taken off and read."""
    names = [item for item in element if local_name(item) in ("persName", "orgName", "name")]
    text = _name_text(next((item for item in names if plain(item)), element))
    died = next(filter(None, (_year_of(item) for item in every(element, ".//death"))), None)
    years = _YEARS.search(text)
    if years:
        text = text[: years.start()]
        died = died or (int(years["died"]) if years["died"].strip().isdecimal() and len(years["died"].strip()) in (3, 4) else None)
    return Person(text.strip(" ,"), died if died is not None and died <= date.today().year else None)


def year_or_date(element: Element) -> str | None:
    """Return the date of an element, YYYY[-MM[-DD]], from @when and its kin, or else the first year in its text."""
    for name in ("when", "from", "notBefore", "to", "notAfter"):
        found = _DATE.match(element.get(name, ""))
        if found:
            return _of_calendar(found[1], found[2], found[3])
    year = _YEAR.search(plain(element))
    return year[1] if year else None


def address_in(text: str) -> str | None:
    """Return the address that an identifier gives: http as it is, a DOI, an ark of Gallica; None for another."""
    text = text.strip()
    if _HTTP.match(text):
        return text
    doi, ark = _DOI.match(text), _ARK.match(text)
    if doi:
        return f"https://doi.org/{doi[1]}"
    return f"https://gallica.bnf.fr/ark:/12148/{ark[1]}" if ark else None


def _rank(kind: str | None) -> int:
    return _PREFERRED.index(kind) if kind in _PREFERRED else _PREFERRED.index(None)


def _dated(bibl: Element) -> str | None:
    dates = [item for item in bibl if local_name(item) == "date"] or every(bibl, ".//imprint/date")
    return next(filter(None, (year_or_date(item) for item in dates)), None)


def _events(root: Element) -> list[Element]:
    return [item for item in every(root, "standOff/listEvent/event") if item.get("type") in ("print", "publication")]


def _addresses(bibl: Element) -> list[str]:
    """Return the addresses that a source gives, those of its own elements only."""
    found: list[str | None] = []
    for item in bibl:
        if local_name(item) in ("ref", "ptr"):
            found.append(address_in(item.get("target", "")))
        elif local_name(item) == "idno":
            found.append(address_in(plain(item)))
    return [address for address in found if address]


def _rights(bibls: list[Element]) -> tuple[list[dict[str, object]], bool]:
    """Return the editions whose sources state a licence, as layers, and whether one states the public domain."""
    editions: list[dict[str, object]] = []
    free = False
    for bibl in bibls:
        for item in every(bibl, "availability/licence"):
            try:
                resolved = resolve_licence(item.get("target") or plain(item)).id
            except DocumentRefused:
                continue
            if licence(resolved).kind == "public-domain":
                free = True
                continue
            holder = plain(first(bibl, "publisher")) or plain(first(bibl, "name")) or None
            editions.append({"role": "edition", "licence": resolved, "holder": holder, "url": next(iter(_addresses(bibl)), None)})
    return editions, free


def _name_text(element: Element) -> str:
    parts: list[str] = [element.text or ""]
    for item in element:
        if local_name(item) not in _NO_NAME:
            parts += [" ", _name_text(item)]
        parts.append(item.tail or "")
    return " ".join("".join(parts).split())


def _year_of(element: Element) -> int | None:
    dated = year_or_date(element)
    return int(dated[:4]) if dated else None


def _of_calendar(year: str, month: str | None, day: str | None) -> str | None:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return year if 0 < int(year) else None
    return "-".join(filter(None, (year, month, day if month else None)))
