"""Credits: which fields the rights of a passage ask a notice to show, and which of them a given notice lacks.

A field is shown when its words stand in the notice after N0; how the notice is laid out is the system's own affair. Fields: author,
title, source, licence, change, date, mention, layer, label.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag_commons.errors import UnknownLicence
from rag_commons.evaluation.licence_links import is_link_of
from rag_commons.licences.lines import one_address, one_line
from rag_commons.licences.notices import missing_fields, rights_of
from rag_commons.licences.people import contributors, history_address
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.table import Licence, licence, licences
from rag_commons.text.normal import n0

FIELDS = ("author", "title", "source", "licence", "change", "date", "mention", "layer", "label")
FIELDS_FR = {
    "author": "l'auteur",
    "title": "le titre",
    "source": "l'adresse de la source",
    "licence": "la licence et son adresse",
    "change": "l'avis de modification",
    "date": "la date de mise à jour",
    "mention": "la mention prescrite",
    "layer": "le crédit d'une autre couche de droits",
    "label": "le protocole communautaire",
}

_ALWAYS = ("R", "C", "M")
_SUPPLIED = ("R", "C")
_CHANGE = re.compile(
    r"reformul|reword|paraphras|remani|(?<!non )(?<!sans )(?<!not )(?<!un)modifi|(?<!un)altered|\bchang(?:é|ed|es)\b", re.IGNORECASE
)
# a line of conditions names rewording without saying that there was any
_CONDITIONS = re.compile(r"^(?:À respecter|To respect|Respecter)\b.*$", re.IGNORECASE | re.MULTILINE)

_LINKS = re.compile(r"https?://[^\s<>\"»)]+")

# the alternatives of which one must stand in the notice, each a group of words that must all stand there
Ways = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A field that a notice must show: in one of these ways, or as the name and a link of these rights, or as any word of change."""

    field: str
    ways: Ways = ()
    row: Licence | None = None

    def shown(self, notice: str, provenance: Provenance) -> bool:
        """Whether a notice, after N0, shows the field."""
        if self.field == "change":
            return _says_change(notice, provenance)
        if self.row is not None:
            names = (self.row.badge, self.row.name_fr, self.row.name_en, self.row.id)
            return any(n0(name) in n0(notice) for name in names) and any(is_link_of(link, self.row) for link in _LINKS.findall(notice))
        held = n0(notice)
        return any(all(n0(part) in held for part in way) for way in self.ways)


def required(provenance: Provenance, adapted: bool) -> tuple[str, ...]:
    """Return the fields that the notice of this provenance must show; UnknownLicence where the table does not hold its rights."""
    return tuple(dict.fromkeys(need.field for need in _needs(provenance, adapted)))


def lacking(notice: str, provenance: Provenance, adapted: bool) -> tuple[str, ...]:
    """Return the fields that a notice must show and does not, or denies; UnknownLicence where the table does not hold the rights."""
    lacks = [need.field for need in _needs(provenance, adapted) if not need.shown(notice, provenance)]
    return tuple(dict.fromkeys([*lacks, *(["licence"] if contradicts(notice, provenance) else [])]))


def unnamed(notice: str, provenance: Provenance) -> tuple[str, ...]:
    """Return, in French, what a reference says of itself and its notice does not say, whatever its rights ask for."""
    address = provenance.permalink or provenance.url
    said = [("le titre", provenance.title), ("l'institution", provenance.holder), ("l'adresse", address and one_address(address))]
    said += [("les auteurs", author) for author in provenance.authors]
    held = n0(notice)
    return tuple(dict.fromkeys(french for french, value in said if value and one_line(value) and n0(one_line(value)) not in held))


def contradicts(notice: str, provenance: Provenance) -> bool:
    """Whether a notice links to rights that are neither those of the text and its layers nor those of sharing an adaptation."""
    rows = rights_of(provenance)
    good = [*rows, *(licence(row.outbound) for row in rows if row.outbound)]
    said = notice
    # a note of the publisher may name what it likes
    for value in (provenance.rights_note, provenance.title, provenance.collection, *(label.text for label in provenance.labels)):
        if value and one_line(value):
            said = said.replace(one_line(value), "")
    links = [link for link in _LINKS.findall(said) if any(is_link_of(link, row) for row in licences())]
    return any(not any(is_link_of(link, row) for row in good) for link in links)


def unmet(provenance: Provenance) -> tuple[str, ...]:
    """Return what the rights require and the record itself does not give; empty for rights that are not in the table."""
    try:
        return missing_fields(provenance)
    except UnknownLicence:
        return ()


def _says_change(notice: str, provenance: Provenance) -> bool:
    """Whether a notice says, in words of its own, that the text was changed."""
    said = _CONDITIONS.sub("", notice)
    for value in (provenance.title, provenance.collection, provenance.holder, provenance.rights_note, *provenance.authors):
        if value and one_line(value):
            said = said.replace(one_line(value), "")
    return bool(_CHANGE.search(n0(said)))


def _needs(provenance: Provenance, adapted: bool) -> Iterator[Need]:
    rows = rights_of(provenance)
    text = rows[0]
    people = _people(provenance, text)
    if people:
        yield Need("author", people)
    if text.asks.title in _ALWAYS and one_line(provenance.title):
        yield Need("title", ((one_line(provenance.title),),))
    addresses = tuple((one_address(url),) for url in (provenance.permalink, provenance.url) if url and one_line(url))
    if text.asks.source in _SUPPLIED and addresses:
        yield Need("source", addresses)
    for row in rows:
        field = "licence" if row is text else "layer"
        if row.asks.licence == "R":
            yield Need(field, row=row)
        if adapted and row.asks.change == "R":
            yield Need("change")
        sentence = row.sentence("fr"), row.sentence("en")
        if any(sentence):
            database = one_line(provenance.collection or "") or one_line(provenance.title)
            yield Need("mention", tuple((one.replace("{database}", database),) for one in sentence if one))
    if provenance.modified and any(row.asks.date == "R" for row in rows):
        yield Need("date", ((one_line(provenance.modified),),))
    yield from _layers(provenance, {row.id: row for row in rows})
    for label in provenance.labels:
        yield Need("label", ((one_line(label.community), one_line(label.text), one_address(label.uri)),))


def _people(provenance: Provenance, row: Licence) -> Ways:
    """Return the ways to name who is to be credited; none where nobody is asked for or supplied."""
    if row.asks.author not in _ALWAYS:
        return ()
    ways = []
    authors = tuple(one_line(name) for name in provenance.authors if one_line(name))
    holder = one_line(provenance.holder or "")
    if authors:
        ways.append(authors)
    elif row.kind == "licence":
        hands = [contributors(provenance, "fr"), contributors(provenance, "en"), history_address(provenance)]
        ways += [(one,) for one in hands if one]
    if row.grantor and holder:
        ways.append((holder,))
    return tuple(ways)


def _layers(provenance: Provenance, rows: dict[str, Licence]) -> Iterator[Need]:
    for layer in provenance.layers:
        row = rows[layer.licence]
        authors = tuple(one_line(name) for name in layer.authors if one_line(name))
        holder = one_line(layer.holder or "")
        if row.asks.author not in _ALWAYS or not (authors or holder):
            continue
        ways = [way for way in (authors, (holder,) if row.grantor and holder else ()) if way]
        if ways:
            yield Need("layer", tuple(ways))
