"""Rows of Parquet data sets as the fields of contract 1, by the columns that they have: Wikipedia, or Common Corpus.

The one surprise: « Public Domain » names no country and « CC-By » no version, so most of Common Corpus is refused as it stands.
Whoever knows better may say how a statement is to be read (`licences`), and the notice tells that it was read so.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from rag_commons.errors import DocumentRefused, InputError, UnknownLicence
from rag_commons.licences.resolve import resolve_licence, wikipedia_licence
from rag_commons.sources.file_content import day_of
from rag_commons.sources.languages import language_tag
from rag_commons.sources.wikimedia_enterprise import AUTHORS
from rag_commons.sources.wikis import Wiki, find_wiki

Row = Mapping[str, object]

WIKIPEDIA = ("id", "url", "title", "text")
# what every version of Common Corpus has; titles, people, dates, word counts where a version has them
COMMON_CORPUS = ("identifier", "collection", "license", "text")
OPTIONAL = ("open_type", "date", "title", "creator", "language")

_CONFIGURATION = re.compile(r"(?:\A|[/\\@])(\d{4})(\d{2})(\d{2})\.[a-z-]+(?:[/\\]|\Z)")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
# names of languages as Common Corpus writes them
_LANGUAGES = {
    "german": "de", "italian": "it", "spanish": "es", "portuguese": "pt", "dutch": "nl", "polish": "pl", "greek": "el", "catalan": "ca",
    "romanian": "ro", "basque": "eu", "corsican": "co", "danish": "da", "swedish": "sv", "czech": "cs", "hungarian": "hu",
    "arabic": "ar", "russian": "ru", "luxembourgish": "lb", "irish": "ga", "welsh": "cy", "galician": "gl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says of a data set: the day of a dump, and fields that come before those of the rows.

    `readings`: how a statement of a licence is to be read, folded → id of the table.
    """

    dump: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)


def shape_of(columns: Collection[str]) -> tuple[str, ...] | None:
    """Return the columns to read of a data set, None where it has neither shape."""
    names = set(columns)
    if names.issuperset(COMMON_CORPUS):
        return (*COMMON_CORPUS, *(name for name in OPTIONAL if name in names))
    return WIKIPEDIA if names.issuperset(WIKIPEDIA) else None


def row_fields(row: Row, where: str, wanted: Wanted) -> dict[str, object]:
    """Return the fields of contract 1 that a row gives; raises DocumentRefused."""
    found = _corpus_row(row, wanted) if "license" in row else _wikipedia_row(row, where, wanted)
    return {key: value for key, value in found.items() if value or key == "text"} | dict(wanted.fields)


def dump_day(said: str | None, where: str) -> str | None:
    """Return the day of a dump, YYYY-MM-DD: as the user says it, else as the configuration of the path (`20231101.fr`) does."""
    found = _DAY.fullmatch(said.strip()) if said else _CONFIGURATION.search(where)
    if said and not found:
        raise InputError("the day of a dump, YYYYMMDD", repr(said[:40]), "correct --set dump=…")
    return day_of("-".join(found.groups())) if found else None


def read_readings(said: str | None) -> dict[str, str]:
    """Return how statements of licences are to be read: `Public Domain=CC-PDM-1.0; CC-By=CC-BY-4.0`; raises InputError."""
    readings: dict[str, str] = {}
    for rule in filter(str.strip, (said or "").split(";")):
        seen, equals, meant = rule.partition("=")
        try:
            if not equals or not seen.strip():
                raise UnknownLicence(rule)
            readings[_folded(seen)] = resolve_licence(meant).id
        except UnknownLicence as error:
            todo = "write --set 'licences=Public Domain=CC-PDM-1.0; CC-By=CC-BY-4.0'"
            raise InputError("statements and the licence of the table that each is read as", error.seen, todo) from None
    return readings


def _wikipedia_row(row: Row, where: str, wanted: Wanted) -> dict[str, object]:
    title, address = _text(row, "title"), _text(row, "url")
    wiki = _wiki(address, where)
    if not _text(row, "id").isdecimal() or not title:
        raise DocumentRefused("malformed-row", "a row with the id and the title of a page", where, "fetch the file again")
    name = quote(title.replace(" ", "_"), safe="/:,()!*;@~$")
    day = wanted.dump
    return {
        "id": f"{wiki.id}/{_text(row, 'id')}",
        "title": title,
        "text": row.get("text"),
        "language": wiki.language,
        "authors": [AUTHORS.format(project=wiki.project)],
        "holder": wiki.name,
        "collection": wiki.collection,
        "url": f"https://{wiki.host}/wiki/{name}",
        "history_url": f"https://{wiki.host}/w/index.php?title={name}&action=history",
        "licence": wanted.fields.get("licence") or wikipedia_licence(day),
        "retrieved": day,
    }


def _wiki(address: str, where: str) -> Wiki:
    """Return the Wikipedia that the address of a page is of; its name is in the host."""
    try:
        host = urlsplit(unquote(address)).hostname or ""
        code, _, domain = host.partition(".")
        if domain == "wikipedia.org":
            return find_wiki(f"{code.replace('-', '_')}wiki")
    except (ValueError, InputError):
        pass
    raise DocumentRefused("unknown-wiki", "the address of a page of Wikipedia", f"{where}: {address[:120]!r}", "leave the row out")


def _corpus_row(row: Row, wanted: Wanted) -> dict[str, object]:
    identifier, collection = _text(row, "identifier"), _text(row, "collection")
    stated = _text(row, "license")
    if not identifier:
        raise DocumentRefused("missing:id", "a row with its identifier", "none", "leave the row out")
    if not stated and not wanted.fields.get("licence"):
        raise DocumentRefused("missing:licence", "a row that states its licence", identifier[:120], "leave the row out")
    read = wanted.readings.get(_folded(stated))
    creator, language = _text(row, "creator"), _text(row, "language")
    return {
        "id": f"{collection or 'common-corpus'}/{identifier}",
        "title": _text(row, "title") or identifier,
        "text": row.get("text"),
        "language": _LANGUAGES.get(language.lower()) or language_tag(language),
        "authors": [creator] if creator else [],
        "collection": collection,
        "url": identifier if re.fullmatch(r"https?://[^\s<>\"]+", identifier) else None,
        "issued": day_of(_text(row, "date")),
        "licence": read or stated,
        "rights_note": f"Droits selon le jeu de données : « {stated} », lu comme {read} par qui a constitué cet index." if read else None,
    }


def _text(row: Row, key: str) -> str:
    """Return a value as text on one line: numbers are written out, null is blank."""
    value = row.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())[:2000]


def _folded(statement: str) -> str:
    return re.sub(r"[\s_-]+", "", statement).casefold()
