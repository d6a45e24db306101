"""Dublin Core, as libraries write it: repeated elements, names with dates and roles, rights in words or by address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag_commons.errors import DocumentRefused
from rag_commons.licences.resolve import Resolution, resolve_licence
from rag_commons.sources.languages import language_tag
from rag_commons.sources.xml import XML_LANG, Element, local_name

_NAMESPACES = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")
_DATE = re.compile(r"\s*([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9])")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+\Z", re.IGNORECASE)
# « Hugo, Victor (1802-1885). Auteur du texte »
_PERSON = re.compile(
    r"(.{1,300}?)\s*\((?:[^()]{0,40}?([0-9]{4})?\??\s*[-–]\s*(?:[^()0-9]{0,10}([0-9]{4}))?[^()]{0,20})\)\.?(?:\s*.{0,100})?\Z", re.DOTALL
)
_ROLE = re.compile(
    r"(.{3,300}?)\.\s+(?:Auteur|Autrice|Traduct|Illustrat|Éditeur|Graveur|Dessinat|Préfac|Collaborat|Directeur|Cartograph)[^.]{0,60}\Z"
)
# says who may open a file, nothing of what may be done with it
_ACCESS = re.compile(
    r"info:eu-repo/semantics/\w+Access\Z|(?:open|restricted|closed|embargoed) ?access\Z|accès (?:libre|restreint)\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DublinCore:
    """The elements of a record, in their order, white space as one space."""

    title: tuple[str, ...] = ()
    creator: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    identifier: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    source: tuple[str, ...] = ()

    def people(self) -> tuple[str, ...]:
        """Return the names of its creators, without their dates and roles."""
        return tuple(dict.fromkeys(_person(name)[0] for name in self.creator))

    def died(self) -> int | None:
        """Return the last year of death among its creators, None unless it is given for all."""
        years = [_person(name)[1] for name in self.creator]
        return max(year for year in years if year) if years and all(years) else None

    def issued(self) -> str | None:
        """Return the first date that is one of the calendar, YYYY[-MM[-DD]]."""
        return next(filter(None, map(iso_date, self.date)), None)

    def address(self) -> str | None:
        """Return the first identifier that is an address."""
        return next((value for value in self.identifier if _ADDRESS.match(value)), None)

    def tag(self) -> str | None:
        """Return the language of the record, None where it names several that differ or none that is known."""
        tags = {tag for tag in map(language_tag, self.language) if tag}
        return tags.pop() if len(tags) == 1 else None


def read_dublin_core(root: Element) -> DublinCore:
    """Return the Dublin Core that an element holds at any depth, in the elements or the terms namespace."""
    found: dict[str, list[str]] = {}
    for element in root.iter():
        name = str(element.tag)
        if name.startswith("{") and name[1:].partition("}")[0] in _NAMESPACES:
            words = " ".join("".join(map(str, element.itertext())).split())
            if words:
                key = {"abstract": "description", "license": "rights", "issued": "date", "created": "date"}.get(
                    local_name(element), local_name(element)
                )
                # a licence says more than a statement of rights: it is read first
                found.setdefault(key, []).insert(0 if local_name(element) == "license" else len(found.get(key, ())), words)
    fields = DublinCore.__slots__
    return DublinCore(**{name: tuple(dict.fromkeys(values)) for name, values in found.items() if name in fields})


def text_language(root: Element) -> str | None:
    """Return the language that descriptions are marked with, None where they are marked with none or several."""
    marked = {element.get(XML_LANG) for element in root.iter() if local_name(element) in ("description", "abstract")}
    tag = marked.pop() if len(marked) == 1 else None
    return language_tag(tag)


def rights_of(seen: Iterable[str], given: str | None = None) -> Resolution:
    """Return the first of the rights of a record that the table holds; raises DocumentRefused, naming the first that was seen.

    `given` is the licence that the user states for records without any rights. What only says who may open a file is no right.
    """
    stated = [value for value in seen if not _ACCESS.match(value)]
    unknown: DocumentRefused | None = None
    for value in stated:
        try:
            found = resolve_licence(value)
        except DocumentRefused as refusal:
            unknown = unknown or refusal
            continue
        others = [other for other in stated if other != value and not _same(other, found.id)]
        note = f"La notice porte aussi la mention « {others[0][:200]} »." if others else None
        return Resolution(found.id, " ".join(filter(None, (found.note, note))) or None)
    if unknown is not None:
        raise unknown
    if given:
        return resolve_licence(given)
    raise DocumentRefused("missing:licence", "a record with dc:rights that state a licence", "none", "ask its repository to state it")


def iso_date(value: str) -> str | None:
    """Return the date that a value begins with, None where it is not one."""
    found = _DATE.match(value)
    if not found or not 1 <= int(found[2] or 1) <= 12 or not 1 <= int(found[3] or 1) <= 31:
        return None
    return "-".join(part for part in found.groups() if part)


def _same(value: str, licence: str) -> bool:
    try:
        return resolve_licence(value).id == licence
    except DocumentRefused:
        return False


def _person(name: str) -> tuple[str, int | None]:
    found = _PERSON.match(name)
    if found:
        return found[1].strip(), int(found[3]) if found[3] else None
    role = _ROLE.match(name)
    return (role[1] if role else name).strip(), None
