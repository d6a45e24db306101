"""Notices: the text a person can paste, with all that the rights of a passage ask for, and nothing that they do not.

One fact a line, each line opened by a label of ours; a field of the corpus fills the rest of its line and can start no other.
The one surprise: a field that is asked for « if supplied » and was not is said « non fourni », never left out.
"""

from rag_commons.licences.lines import one_address, one_line
from rag_commons.licences.obligations import obligations
from rag_commons.licences.people import contributors, history_address
from rag_commons.licences.provenance import Layer, Provenance
from rag_commons.licences.public_domain import country_name, date_in_words, free_from
from rag_commons.licences.table import Licence, licence
from rag_commons.licences.wording import Lang, Use, say

__all__ = ["missing_fields", "notice", "obligations"]

_ALWAYS_SAID = ("R", "C", "M")
# the two whose terms differ most among those we serve
_DOMAIN_COUNTRIES = ("FR", "CA")


def missing_fields(provenance: Provenance) -> tuple[str, ...]:
    """Name the fields that the rights of a text or of its layers require and the record lacks; raise UnknownLicence."""
    text = licence(provenance.licence)
    missing = _missing(text, provenance.authors, provenance.holder, "")
    if text.asks.title == "R" and not one_line(provenance.title):
        missing.append("title")
    rows = [text]
    for layer in provenance.layers:
        row = licence(layer.licence)
        rows.append(row)
        missing += _missing(row, layer.authors, layer.holder, "layers.")
    addresses = (provenance.url, provenance.permalink)
    if text.asks.source == "R" and not _any(addresses):
        missing.append("url")
    if any(row.asks.source == "R" and not _any((layer.url, *addresses)) for row, layer in zip(rows[1:], provenance.layers, strict=True)):
        missing.append("layers.url")
    if any(row.asks.date == "R" for row in rows) and not _any((provenance.modified,)):
        missing.append("modified")
    return tuple(dict.fromkeys(missing))


def notice(provenance: Provenance, use: Use = "verbatim", lang: Lang = "fr", excerpt: bool = True) -> str:
    """Return the notice of a passage, one fact a line; `excerpt` says that a verbatim text is not the whole one.

    A use that the rights do not allow still gets its notice, which says so.
    """
    rows = rights_of(provenance)
    lines = [*_identity(provenance, rows[0], lang), *_rights(provenance, lang)]
    lines += _statements(provenance, rows, lang)
    if provenance.modified and any(row.asks.date == "R" for row in rows):
        lines.append(say("modified", lang, value=one_line(provenance.modified)))
    lines += _use(provenance, rows, use, lang, excerpt)
    if any(row.by_country for row in rows):
        lines.append(say("public-domain-in", lang, value=_domains(provenance, lang)))
    for label in provenance.labels:
        fields = {"community": one_line(label.community), "text": one_line(label.text), "uri": one_address(label.uri)}
        lines.append(say("label", lang, **fields))
    if provenance.rights_note:
        lines.append(say("rights-note", lang, value=one_line(provenance.rights_note)))
    if provenance.retrieved:
        lines.append(say("retrieved", lang, value=one_line(provenance.retrieved)))
    return "\n".join(lines)


def rights_of(provenance: Provenance) -> tuple[Licence, ...]:
    """Return the rows of a text and of its layers, the text's first, each once."""
    ids = dict.fromkeys((provenance.licence, *(layer.licence for layer in provenance.layers)))
    return tuple(licence(one) for one in ids)


def _any(values: tuple[str | None, ...]) -> bool:
    return any(value and one_line(value) for value in values)


def _missing(row: Licence, authors: tuple[str, ...], holder: str | None, prefix: str) -> list[str]:
    if row.asks.author != "R" or _any(authors) or (row.grantor and _any((holder,))):
        return []
    return [prefix + ("holder" if row.grantor else "authors")]


def _identity(provenance: Provenance, row: Licence, lang: Lang) -> list[str]:
    """Title, people, holder, collection and addresses."""
    lines = [say("title", lang, value=one_line(provenance.title) or say("not-supplied", lang))]
    authors = _people(provenance, row, lang)
    if not authors and row.asks.author in _ALWAYS_SAID and not (row.grantor and _any((provenance.holder,))):
        authors = say("not-supplied", lang)
    if authors:
        lines.append(_author_line(authors, lang))
    history = history_address(provenance)
    if history:
        lines.append(say("history", lang, value=history))
    for key, value in (("holder", provenance.holder), ("collection", provenance.collection)):
        if value and one_line(value):
            lines.append(say(key, lang, value=one_line(value)))
    lines.append(say("source", lang, value=_source(provenance, lang)))
    return lines


def _people(provenance: Provenance, row: Licence, lang: Lang) -> str:
    # those who wrote on a wiki hold the rights of its licence; they are not the authors of an old work that it transcribes
    return _names(provenance.authors) or (contributors(provenance, lang) if row.kind == "licence" else "")


def _names(names: tuple[str, ...]) -> str:
    return " ; ".join(filter(None, map(one_line, names)))


def _author_line(authors: str, lang: Lang) -> str:
    many = " ; " in authors or authors.casefold().startswith("contribut")
    return say("authors" if many else "author", lang, value=authors)


def _source(provenance: Provenance, lang: Lang) -> str:
    url = one_address(provenance.url or "")
    permalink = one_address(provenance.permalink or "")
    if permalink:
        link = say("permalink", lang, url=permalink)
        return f"{url} – {link}" if url else link
    return f"{url or say('no-link', lang)} – {say('no-revision', lang)}"


def _rights(provenance: Provenance, lang: Lang) -> list[str]:
    """Return one line for the text, one for each layer, each under its own rights."""
    row = licence(provenance.licence)
    key = "rights-as-received" if provenance.layers else "rights"
    lines = [_right(row, key, lang)]
    for layer in provenance.layers:
        rights = _right(licence(layer.licence), "rights", lang)
        lines.append(say("layer", lang, role=say(f"role-{layer.role}", lang), rights=rights + _layer_people(layer, lang)))
    return lines


def _right(row: Licence, key: str, lang: Lang) -> str:
    name = row.name(lang)
    # a person looks for « CC BY-SA 4.0 » as much as for its full name
    if row.family.startswith("cc-"):
        name = f"{name} ({row.badge})"
    return say(key, lang, kind=say(f"kind-{row.kind}", lang), name=name, url=row.url)


def _layer_people(layer: Layer, lang: Lang) -> str:
    row = licence(layer.licence)
    authors = _names(layer.authors)
    holder = one_line(layer.holder or "")
    if not authors and row.asks.author in _ALWAYS_SAID and not (row.grantor and holder):
        authors = say("not-supplied", lang)
    said = [_author_line(authors, lang)] if authors else []
    if holder:
        said.append(say("holder", lang, value=holder))
    if layer.url and one_address(layer.url):
        said.append(say("source", lang, value=one_address(layer.url)))
    return "".join(f" – {one}" for one in said)


def _statements(provenance: Provenance, rows: tuple[Licence, ...], lang: Lang) -> list[str]:
    """Return the sentences that licences prescribe, with the name and the link of a database."""
    lines = []
    for row in rows:
        sentence = row.sentence(lang)
        if sentence:
            database = one_line(provenance.collection or "") or one_line(provenance.title)
            said = sentence.replace("{database}", database)
            lines.append(say("statement", lang, value=f"{said} {row.url}" if row.database else said))
    return lines


def _use(provenance: Provenance, rows: tuple[Licence, ...], use: Use, lang: Lang, excerpt: bool) -> list[str]:
    """Say what was done to the text and what its rights still ask."""
    lines = []
    if use == "paraphrase" and any(row.credit_use for row in rows):
        authors = _people(provenance, rows[0], lang) or say("not-supplied", lang)
        lines.append(say("change-of", lang, title=one_line(provenance.title), authors=authors))
    elif use == "paraphrase":
        lines.append(say("change", lang))
    elif excerpt:
        lines.append(say("excerpt", lang))
    asked = dict.fromkeys(condition for row in rows for condition in _conditions(row, use, lang))
    if asked:
        lines.append(say("respect", lang, value=" ; ".join(asked)))
    return lines


def _conditions(row: Licence, use: Use, lang: Lang) -> list[str]:
    said = []
    if row.quotation_only:
        said.append(say(f"quotation-{use}", lang))
    elif not row.adaptation:
        said.append(say(f"nd-{use}", lang))
    if not row.commercial and not row.quotation_only:
        said.append(say("nc", lang))
    if use == "paraphrase" and row.share_alike and row.outbound and not row.quotation_only:
        outbound = licence(row.outbound)
        key = "sa-database" if row.database else "sa-paraphrase"
        said.append(say(key, lang, badge=outbound.badge, url=outbound.url))
    remark = row.remark(lang)
    return [*said, remark] if remark else said


def _domains(provenance: Provenance, lang: Lang) -> str:
    """Say from when the work is free, country by country: days do not change with the day on which they are read."""
    died = provenance.authors_died
    if died is None:
        return say("domain-unknown", lang)
    said = [
        say("domain-in", lang, country=country_name(country, lang), date=date_in_words(free_from(died, country), lang))
        for country in _DOMAIN_COUNTRIES
    ]
    return say("domain-died", lang, countries=", ".join(said), died=str(died))
