"""Mutants of rights: a licence changed, a credit dropped, texts used as their rights forbid."""

import re
from dataclasses import replace

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.credits import required
from rag_commons.evaluation.judged import JudgedReference
from rag_commons.evaluation.mutants.mutant import (
    CHANGE,
    Mutant,
    Pool,
    citation_of,
    next_ref,
    paraphrases_of,
    quotes_of,
    rewordings_of,
    rights,
    shown,
    spoiled,
    with_reference,
    with_statement,
)
from rag_commons.evaluation.policy import adapted
from rag_commons.licences.combination import provenance_allows
from rag_commons.licences.people import contributors, history_address
from rag_commons.licences.table import licence

_VERSION = re.compile(r"/(\d\.\d)/")


def licensed_as(reference: JudgedReference, licence_id: str) -> JudgedReference:
    """Return the reference under another licence, well written."""
    row = licence(licence_id)
    provenance = replace(reference.provenance, licence=row.id)
    return replace(reference, provenance=provenance, licence_kind=row.kind, licence_name=row.name_fr, licence_url=row.url)


def _public(case: Case, pool: Pool) -> Case | None:
    at = next((at for at, one in enumerate(case.references) if one.provenance.licence != "CC0-1.0"), None)
    return None if at is None else with_reference(case, at, licensed_as(case.references[at], "CC0-1.0"))


def _version(case: Case, pool: Pool) -> Case | None:
    for at, reference in enumerate(case.references):
        match = _VERSION.search(reference.licence_url or "")
        if match and "/licenses/" in (reference.licence_url or ""):
            other = "/3.0/" if match[1] == "4.0" else "/4.0/"
            return with_reference(case, at, replace(reference, licence_url=_VERSION.sub(other, reference.licence_url or "")))
    return None


def _without(case: Case, field: str) -> Case | None:
    """Return the case with one notice that lacks a field that it must show."""
    if case.answer is None:
        return None
    reworded = adapted(case.answer)
    for at, reference in enumerate(case.references):
        held = rights(case, reference)
        if reference.notice and field in required(held, reference.ref in reworded):
            notice = reference.notice
            for words in _words(case, reference, field):
                notice = notice.replace(words, "")
            if notice != reference.notice:
                return with_reference(case, at, replace(reference, notice=notice))
    return None


def _words(case: Case, reference: JudgedReference, field: str) -> list[str]:
    held = rights(case, reference)
    rows = [licence(held.licence), *(licence(layer.licence) for layer in held.layers)]
    if field == "author":
        people = [*held.authors, held.holder or "", contributors(held, "fr"), contributors(held, "en"), history_address(held)]
        return [one for one in people if one]
    if field == "date":
        return [held.modified or " "]
    if field == "mention":
        said = [row.sentence(lang) or "" for row in rows for lang in ("fr", "en")]
        return [part for one in said for part in one.split("{database}") if part.strip()]
    return [line for line in (reference.notice or "").splitlines() if re.match(r"Modification|Change", line)]


def _no_author(case: Case, pool: Pool) -> Case | None:
    return _without(case, "author")


def _no_change(case: Case, pool: Pool) -> Case | None:
    return next((changed for said, _ in rewordings_of(case) if (changed := _without(said, "change"))), None)


def _no_date(case: Case, pool: Pool) -> Case | None:
    return _without(case, "date")


def _no_mention(case: Case, pool: Pool) -> Case | None:
    return _without(case, "mention")


def _merged(case: Case, pool: Pool) -> Case | None:
    barred = next((entry for entry in pool.entries.values() if licence(entry.provenance.licence).family == "cc-by-nc"), None)
    for at in paraphrases_of(case) if barred else []:
        statement = case.statements[at]
        rows = [licence(rights(case, one).licence) for _, one in case.resolved(statement)]
        if barred and case.answer and any(row.share_alike and row.commercial for row in rows):
            ref = next_ref(case)
            added = replace(statement, citations=(*statement.citations, citation_of(barred.passage, ref)))
            merged = spoiled(with_statement(case, at, added), references=(*case.references, shown(barred, ref)))
            seen = case.answer.seen
            answer = merged.answer and replace(merged.answer, seen=(*seen, barred.passage.id) if seen is not None else None)
            return replace(merged, answer=answer)
    return None


def _adapted(case: Case, pool: Pool) -> Case | None:
    for at in quotes_of(case):
        statement = case.statements[at]
        (_, reference) = case.resolved(statement)[0]
        cut = statement.text.rfind(",")
        if cut > 0 and not licence(rights(case, reference).licence).adaptation:
            marker = replace(statement.citations[0], support="entailed")
            noticed = replace(reference, notice=f"{reference.notice}\n{CHANGE}")
            changed = with_statement(case, at, replace(statement, text=f"{statement.text[:cut]}.", citations=(marker,)))
            return with_reference(changed, case.references.index(reference), noticed)
    return None


def _commercial(case: Case, pool: Pool) -> Case | None:
    if all(provenance_allows(rights(case, one), "commercial") for one in case.cited()):
        return None
    return replace(spoiled(case), question=replace(case.question, commercial=True))


MUTANTS = (
    Mutant("licence-cc0", "licence remplacée par CC0", "licence replaced by CC0", _public, ("LC",), ("ASR",)),
    Mutant("licence-version", "adresse d'une autre version", "address of another version", _version, ("LC",)),
    Mutant("author-dropped", "auteur ôté de la mention", "author dropped from the notice", _no_author, ("AC",)),
    Mutant("change-dropped", "avis de modification ôté", "change notice dropped", _no_change, ("AC",)),
    Mutant("date-dropped", "date de mise à jour ôtée", "date dropped", _no_date, ("AC",)),
    Mutant("mention-dropped", "mention prescrite ôtée", "prescribed statement dropped", _no_mention, ("AC",)),
    Mutant("sa-nc-merged", "BY-SA et NC fondus en une phrase", "BY-SA and NC merged in one statement", _merged, ("LP",), ("GP", "KP")),
    Mutant("nd-adapted", "texte ND reformulé", "ND text reworded", _adapted, ("LP",), ("KP",)),
    Mutant("nc-commercial", "texte NC en contexte commercial", "NC text in a commercial context", _commercial, ("LP",)),
)
