"""Resolution: from a licence as a publisher states it (id, name, address, SPDX expression) to one id of the table.

The one surprise: what could mean two rows means none. « Domaine public » names no country, « CC BY » no version: both are refused.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag_commons.errors import DocumentRefused, UnknownLicence
from rag_commons.licences.lines import one_line
from rag_commons.licences.table import Licence, licence, licences

if TYPE_CHECKING:
    from license_expression import LicenseExpression  # type: ignore[import-untyped]

_LONGEST_STATEMENT = 500
_OPERATOR = re.compile(r"\b(?:and|or|with)\b", re.IGNORECASE)
_VERSION = re.compile(r"\bv(?:ersion)?\.?\s*(?=\d)")
_IGNORED = re.compile(r"[\s\-_/,()«»\"'’–—:]+")
_PORT = re.compile(r"(?<=\d)(?:international|unported|generic|nontranspose|generique)$")

_CC_LICENCE = re.compile(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)(?:/(?:deed|legalcode|rdf)[\w.-]*)?")
_CC_DOMAIN = re.compile(r"creativecommons\.org/publicdomain/(zero|mark)/1\.0(?:/(?:deed|legalcode|rdf)[\w.-]*)?")
_STATEMENT = re.compile(r"rightsstatements\.org/(?:vocab|page|data)/([a-z-]+)/1\.0")
_SPDX = re.compile(r"spdx\.org/licenses/([a-z0-9.+-]+?)(?:\.json)?")

# text of Wikipedia is under CC BY-SA 4.0 since its terms of use of that day
_WIKIPEDIA_4 = "2023-06-07"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?")


@dataclass(frozen=True, slots=True)
class Resolution:
    """An id of the table, and what must be kept in `rights_note` of the choice that led to it."""

    id: str
    note: str | None = None


def resolve_licence(seen: str) -> Resolution:
    """Find the id that a licence is stated under; raise UnknownLicence naming what was seen.

    Reads ids and names whatever their case, http and https addresses, and SPDX expressions: of `A OR B` the most open branch is
    used and `note` keeps the choice; `A AND B` is refused unless one row states all that both ask for.
    """
    stated = one_line(seen)
    if not stated or len(stated) > _LONGEST_STATEMENT:
        raise UnknownLicence(seen)
    found = _by_address(stated) or _by_name(stated)
    if found:
        return Resolution(found)
    if _OPERATOR.search(stated):
        return _by_expression(stated)
    raise UnknownLicence(seen)


def wikipedia_licence(revised: str | None) -> str:
    """Return the licence of a Wikipedia text by the date of its revision (YYYY[-MM[-DD]] or a timestamp).

    Before 2023-06-07 it is CC BY-SA 3.0, from then on 4.0. A date that is missing, or too coarse to tell, tells neither: the text
    is refused (DocumentRefused, missing:modified), for stating the wrong version would be a false notice.
    """
    date = _DATE.fullmatch(one_line(revised or ""))
    if date:
        year, month, day = date.groups()
        earliest = f"{year}-{month or '01'}-{day or '01'}"
        latest = f"{year}-{month or '12'}-{day or '31'}"
        if latest < _WIKIPEDIA_4:
            return "CC-BY-SA-3.0"
        if earliest >= _WIKIPEDIA_4:
            return "CC-BY-SA-4.0"
    raise DocumentRefused(
        "missing:modified",
        f"the date of the revision, to tell whether it is older than {_WIKIPEDIA_4}",
        repr(revised)[:80],
        "give the day of the revision, or state the licence in the document",
    )


def _by_name(stated: str) -> str | None:
    key = _key(stated)
    return _names().get(key) or _names().get(re.sub("^licen[cs]e", "", key))


def _key(name: str) -> str:
    """Fold a name: case, accents, spaces, dashes and the words that add nothing to a version."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold())
    folded = "".join(character for character in folded if not unicodedata.combining(character))
    return _PORT.sub("", _IGNORED.sub("", _VERSION.sub("", folded)))


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for row in licences():
        # the badge of a status is for the eye: « Domaine public » says neither which label nor which country
        badges = (row.badge,) if row.kind == "licence" else ()
        for name in (row.id, row.name_fr, row.name_en, *badges, *row.aliases):
            names.setdefault(_key(name), row.id)
    return names


def _by_address(stated: str) -> str | None:
    address = _address(stated)
    if address is None:
        return None
    if match := _CC_LICENCE.fullmatch(address):
        return _by_name(f"CC-{match[1]}-{match[2]}")
    if match := _CC_DOMAIN.fullmatch(address):
        return "CC0-1.0" if match[1] == "zero" else "CC-PDM-1.0"
    if match := _STATEMENT.fullmatch(address):
        return _by_name(f"LicenseRef-RS-{match[1]}")
    if match := _SPDX.fullmatch(address):
        return _by_name(match[1])
    return _addresses().get(address)


def _address(stated: str) -> str | None:
    """Fold an address: no scheme, no www, no query, no closing slash; None for what is not an address."""
    if " " in stated:
        return None
    try:
        parts = urlsplit(stated if "//" in stated else f"//{stated}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "") or not parts.path.strip("/"):
        return None
    return f"{host}{parts.path.rstrip('/').removesuffix('.html')}".lower()


@cache
def _addresses() -> Mapping[str, str]:
    addresses: dict[str, str] = {}
    for row in licences():
        for uri in (row.url, *row.uris):
            # the first row wins: the address of a GFDL does not say « or later », so it is read as « only »
            addresses.setdefault(_address(uri) or uri, row.id)
    return addresses


def _by_expression(stated: str) -> Resolution:
    # imported here: most licences are a plain id, and this loads the index of all SPDX ids
    from boolean.boolean import ParseError  # type: ignore[import-untyped]
    from license_expression import ExpressionError

    try:
        parsed = _spdx().parse(stated, validate=True)
    except (ExpressionError, ParseError, RecursionError) as problem:
        raise _refusal(stated, "write a valid SPDX expression of ids that SPDX or the table of rights holds") from problem
    return _branch(parsed, stated)


@cache
def _spdx():  # type: ignore[no-untyped-def]  # noqa: ANN202 (license-expression is not typed)
    from license_expression import build_spdx_licensing, get_license_index

    own = [
        {"license_key": row.id, "spdx_license_key": row.id, "other_spdx_license_keys": [], "is_exception": False, "is_deprecated": False}
        for row in licences()
        if row.id.startswith("LicenseRef-")
    ]
    return build_spdx_licensing(get_license_index() + own)


def _branch(parsed: "LicenseExpression", stated: str) -> Resolution:
    """Resolve one node of an expression."""
    operator = getattr(parsed, "operator", None)
    if not operator or not getattr(parsed, "args", ()):
        found = _by_name(str(parsed))
        if not found:
            raise UnknownLicence(str(parsed))
        return Resolution(found)
    if operator.strip() == "OR":
        return _most_open(parsed, stated)
    return _all_at_once(parsed, stated)


def _most_open(parsed: "LicenseExpression", stated: str) -> Resolution:
    found: list[str] = []
    for branch in parsed.args:
        try:
            found.append(_branch(branch, stated).id)
        except UnknownLicence:
            continue
    if not found:
        raise _refusal(stated, "none of the branches can be used: give one that the table of rights holds")
    chosen = min(map(licence, found), key=_openness)
    return Resolution(chosen.id, f"Au choix selon la source ({stated}) ; {chosen.id} retenu, la branche la plus ouverte.")


def _all_at_once(parsed: "LicenseExpression", stated: str) -> Resolution:
    found = [_branch(part, stated) for part in parsed.args]
    rows = {one.id: licence(one.id) for one in found}
    asking = [row for row in rows.values() if not _asks_nothing(row)] or list(rows.values())[:1]
    if len(asking) > 1:
        raise _refusal(stated, "no one row states what all of these ask for together: give each layer its own licence in `layers`")
    if len(rows) == 1:
        return Resolution(asking[0].id, next((one.note for one in found if one.note), None))
    return Resolution(
        asking[0].id, f"Plusieurs à la fois selon la source ({stated}) ; {asking[0].id} retenu, le seul à poser des conditions."
    )


def _asks_nothing(row: Licence) -> bool:
    # CC0 and PDDL, which state that nothing is asked; a label of public domain says nothing of the kind for every country
    return row.kind == "public-domain" and not row.by_country


def _openness(row: Licence) -> tuple[bool, bool, bool, bool, bool, int, float]:
    """Sort key: the smaller, the more open."""
    # without the title, which the house asks for where CC BY-SA 4.0 does not
    asks = (row.asks.author, row.asks.source, row.asks.licence, row.asks.change, row.asks.date)
    conditions = 2 * asks.count("R") + asks.count("C")
    version = -float(row.version or 0)
    return (row.quotation_only, not row.adaptation, not row.commercial, row.share_alike, row.by_country, conditions, version)


def _refusal(stated: str, todo: str) -> UnknownLicence:
    refusal = UnknownLicence(stated)
    refusal.todo = todo
    return refusal
