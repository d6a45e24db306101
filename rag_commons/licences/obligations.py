"""Obligations: what reuse of a passage asks of a person, as a short checklist."""

from rag_commons.licences.table import Licence, licence
from rag_commons.licences.wording import Lang, Use, say


def obligations(licence_id: str, use: Use = "verbatim", lang: Lang = "fr") -> tuple[str, ...]:
    """Return what a licence, status or set of terms asks of a use, one sentence each; raise UnknownLicence."""
    row = licence(licence_id)
    said = [*_to_show(row, lang), *_to_do(row, use, lang)]
    return tuple(said) or (say("do-nothing", lang, badge=row.badge),)


def _to_show(row: Licence, lang: Lang) -> list[str]:
    asks = row.asks
    said = []
    if row.grantor:
        said.append(say("do-grantor", lang))
    elif asks.author != "-":
        said.append(say(f"do-author-{asks.author}", lang))
    if row.database and asks.title == "R":
        said.append(say("do-database", lang))
    elif asks.title in ("R", "C", "M"):
        said.append(say(f"do-title-{asks.title}", lang))
    if asks.source in ("R", "C", "O"):
        said.append(say(f"do-source-{asks.source}", lang))
    if asks.licence != "-":
        what = {"licence": "licence", "terms": "terms"}.get(row.kind, "status")
        said.append(say(f"do-{what}-{asks.licence}", lang, name=row.name(lang), url=row.url))
    if asks.date == "R":
        said.append(say("do-date", lang, badge=row.badge))
    sentence = row.sentence(lang)
    if sentence:
        sentence = sentence.replace("{database}", say("database-name", lang))
        said.append(say("do-statement", lang, badge=row.badge, sentence=sentence))
    return said


def _to_do(row: Licence, use: Use, lang: Lang) -> list[str]:
    said = []
    if row.quotation_only:
        said.append(say(f"do-quotation-{use}", lang, badge=row.badge))
    elif not row.adaptation:
        said.append(say(f"do-nd-{use}", lang, badge=row.badge))
    elif use == "paraphrase":
        said += _to_adapt(row, lang)
    if not row.commercial and not row.quotation_only:
        said.append(say("do-nc", lang, badge=row.badge))
    if row.by_country:
        said.append(say("do-by-country", lang, badge=row.badge))
    if row.no_endorsement:
        said.append(say("do-not-endorse", lang))
    remark = row.remark(lang)
    if remark:
        said.append(say("do-remark", lang, badge=row.badge, remark=remark))
    return said


def _to_adapt(row: Licence, lang: Lang) -> list[str]:
    said = [say("do-change", lang)] if row.asks.change == "R" else []
    if row.credit_use:
        said.append(say("do-credit-use", lang))
    if row.share_alike and row.outbound:
        outbound = licence(row.outbound)
        said.append(say("do-sa-database" if row.database else "do-sa", lang, badge=outbound.badge, url=outbound.url))
    return said
