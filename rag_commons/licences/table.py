"""The table of rights, read from `table.toml`: one frozen `Licence` an id.

The one surprise: not every row is a licence. `kind` says what it is, and only a licence may be called one in what people read.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from rag_commons.errors import UnknownLicence
from rag_commons.licences.wording import Lang

Kind = Literal["licence", "public-domain", "rights-statement", "terms"]
Ask = Literal["R", "C", "O", "M", "-"]


@dataclass(frozen=True, slots=True)
class Asks:
    """What must be shown: R required, C required if supplied, O good practice, M moral right (always shown), - nothing.

    `change` is asked of a paraphrase only; the others of a verbatim excerpt as well.
    """

    author: Ask
    title: Ask
    source: Ask
    licence: Ask
    change: Ask
    date: Ask


@dataclass(frozen=True, slots=True)
class Licence:
    """One row of the table of rights.

    `grantor`: the holder may stand for the authors. `credit_use`: a paraphrase must name the work that it uses.
    `by_country`: the status differs from one country to another. `outbound`: the id under which an adaptation is shared.
    `database`: it is the licence of a database, not of its contents.
    `commerce_unsure`: it refers to restrictions that it does not state, so commerce is never promised.
    `merges_into`: families of share-alike whose licence may take in an adaptation of this one.
    A sentence is prescribed by the licence itself; `{database}` in it stands for the name of the database.
    """

    id: str
    kind: Kind
    name_fr: str
    name_en: str
    badge: str
    url: str
    family: str
    version: str
    asks: Asks
    commercial: bool
    adaptation: bool
    share_alike: bool
    quotation_only: bool
    grantor: bool = False
    credit_use: bool = False
    by_country: bool = False
    no_endorsement: bool = False
    database: bool = False
    commerce_unsure: bool = False
    sentence_fr: str | None = None
    sentence_en: str | None = None
    remark_fr: str | None = None
    remark_en: str | None = None
    outbound: str | None = None
    merges_into: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()

    def name(self, lang: Lang = "fr") -> str:
        """Return the name of the row in a language."""
        return self.name_en if lang == "en" else self.name_fr

    def sentence(self, lang: Lang = "fr") -> str | None:
        """Return the sentence that the licence prescribes, if any."""
        return self.sentence_en if lang == "en" else self.sentence_fr

    def remark(self, lang: Lang = "fr") -> str | None:
        """Return what must be known beside the flags, if anything."""
        return self.remark_en if lang == "en" else self.remark_fr


def licences() -> tuple[Licence, ...]:
    """Return every row of the table, in its order."""
    return tuple(_table().values())


def licence(licence_id: str) -> Licence:
    """Return the row of an exact id; raise UnknownLicence where there is none."""
    try:
        return _table()[licence_id]
    except KeyError:
        raise UnknownLicence(licence_id) from None


@cache
def _table() -> Mapping[str, Licence]:
    data = tomllib.loads(files("rag_commons.licences").joinpath("table.toml").read_text(encoding="utf-8"))
    rows = {name: {**row, "asks": Asks(**row["asks"])} for name, row in data["rows"].items()}
    table: dict[str, Licence] = {}
    for entry in data["licence"]:
        lists = {key: tuple(entry.get(key, ())) for key in ("merges_into", "aliases", "uris")}
        own = {key: value for key, value in entry.items() if key != "row"}
        table[entry["id"]] = Licence(**{**rows[entry["row"]], **own, **lists})
    return table
