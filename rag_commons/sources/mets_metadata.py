"""What a METS file says of the work it packs: MODS or Dublin Core, and the rights of its administrative metadata."""

import re
from collections.abc import Callable, Iterable

from rag_commons.errors import DocumentRefused
from rag_commons.licences.resolve import resolve_licence
from rag_commons.sources.languages import language_tag
from rag_commons.sources.xml import Element, every, local_name, plain

_HREF = "{http://www.w3.org/1999/xlink}href"
_DATE = re.compile(r"(?<![0-9])([12][0-9]{3})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?(?![0-9])")
_LIVED = re.compile(r"[0-9]{4}\s*[-–—]\s*([0-9]{4})\s*\)?\Z")
_HTTP = re.compile(r"https?://[^\s<>\"]+\Z")
_RIGHTS = ("accessCondition", "rights", "license", "licence", "useAndReproduction", "RightsDeclaration", "userights")
_AUTHORS = ("aut", "author", "auteur", "cre", "creator", "dte", "")


def described(root: Element, ids: Iterable[str]) -> dict[str, object]:
    """Return the fields of contract 1 that the metadata named by ids give, or else the first metadata of the file."""
    wanted = set(ids)
    sections = every(root, "dmdSec")
    chosen = [item for item in sections if item.get("ID") in wanted] or sections[:1]
    records = [record for item in chosen for record in every(item, "mdWrap/xmlData")]
    fields: dict[str, object] = {}
    published: str | None = None
    for record in records:
        for holder in (record, *record):
            found = _of_mods(holder) if local_name(holder) == "mods" else _of_dublin_core(holder)
            published = published or _first(every(holder, "originInfo/publisher"), plain)
            fields = found | {key: value for key, value in fields.items() if value}
    if not fields.get("title"):
        fields["title"] = " ".join(root.get("LABEL", "").split()) or None
    seen, note = _rights([*records, *every(root, "amdSec/rightsMD//xmlData")])
    fields |= {"licence": seen, "rights_note": note}
    fields["holder"] = fields.get("holder") or _first(every(root, "amdSec/rightsMD//owner"), plain) or _agent(root) or published
    return {key: value for key, value in fields.items() if value}


def _agent(root: Element) -> str | None:
    """Return the organisation that keeps or made the file."""
    agents = [item for item in every(root, "metsHdr/agent") if item.get("TYPE") == "ORGANIZATION"]
    agents.sort(key=lambda item: item.get("ROLE") != "CUSTODIAN")
    return _first([name for item in agents for name in every(item, "name")], plain)


def _of_mods(mods: Element) -> dict[str, object]:
    authors: list[str] = []
    deaths: list[int | None] = []
    for name in every(mods, "name"):
        roles = [plain(term).lower() for term in every(name, "role/roleTerm")]
        if any(role in _AUTHORS for role in roles) or not roles:
            written, died = _named(name)
            if written:
                authors.append(written)
                deaths.append(died)
    titles = [item for item in every(mods, "titleInfo") if item.get("type") is None]
    return {
        "title": _mods_title(titles[0]) if titles else None,
        "authors": authors,
        "authors_died": max((year for year in deaths if year), default=None) if deaths and all(deaths) else None,
        "issued": _first(every(mods, "originInfo/dateIssued") + every(mods, "originInfo/dateCreated"), _date),
        "holder": _first(every(mods, "location/physicalLocation"), plain),
        "language": _first(every(mods, "language/languageTerm"), lambda item: language_tag(plain(item))),
        "url": _first(every(mods, "location/url") + every(mods, "identifier"), _address),
    }


def _mods_title(info: Element) -> str:
    parts = {local_name(item): plain(item) for item in info}
    title = " ".join(filter(None, (parts.get("nonSort", ""), parts.get("title", "")))).replace("' ", "'")
    title = " : ".join(filter(None, (title, parts.get("subTitle", ""))))
    return ", ".join(filter(None, (title, parts.get("partNumber", ""), parts.get("partName", ""))))


def _named(name: Element) -> tuple[str, int | None]:
    parts = {item.get("type", ""): plain(item) for item in reversed(every(name, "namePart"))}
    written = parts.get("", "") or ", ".join(filter(None, (parts.get("family", ""), parts.get("given", ""))))
    if not written:
        written = next((plain(item) for item in every(name, "displayForm")), "")
    lived = _LIVED.search(parts.get("date", ""))
    return written, int(lived[1]) if lived else None


def _of_dublin_core(record: Element) -> dict[str, object]:
    held: dict[str, list[Element]] = {}
    for item in record:
        if "purl.org/dc/" in str(item.tag):
            held.setdefault(local_name(item), []).append(item)
    return {
        "title": _first(held.get("title", []), plain),
        "authors": [plain(item) for item in held.get("creator", []) if plain(item)],
        "issued": _first(held.get("issued", []) + held.get("date", []), _date),
        "holder": _first(held.get("publisher", []), plain),
        "language": _first(held.get("language", []), lambda item: language_tag(plain(item))),
        "url": _first(held.get("identifier", []), _address),
    }


def _rights(records: Iterable[Element]) -> tuple[str | None, str | None]:
    """Return the licence that statements of rights name, the first that the table knows, and what they say beside it."""
    said: list[str] = []
    for record in records:
        for item in record.iter():
            if local_name(item) in _RIGHTS:
                said += [item.get(_HREF, ""), *re.findall(r"https?://[^\s<>\"')]+[^\s<>\"'),.;]", plain(item)), plain(item)]
    said = [text for text in said if text]
    for text in said:
        try:
            resolve_licence(text)
        except DocumentRefused:
            continue
        return text, None
    return (said[0], None) if said else (None, None)


def _first(items: Iterable[Element], read: Callable[[Element], str | None]) -> str | None:
    return next(filter(None, map(read, items)), None)


def _date(item: Element) -> str | None:
    found = _DATE.search(plain(item))
    return "-".join(filter(None, found.groups())) if found else None


def _address(item: Element) -> str | None:
    text = plain(item)
    if _HTTP.match(text):
        return text
    return f"https://doi.org/{text}" if item.get("type") == "doi" and text.startswith("10.") else None
