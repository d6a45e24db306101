"""Answers as JSON objects, schema 1."""

from dataclasses import asdict
from typing import TypedDict

from rag_commons.answers import Answer, Reference, Statement
from rag_commons.documents import Hit
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.reuse import Reuse
from rag_commons.licences.table import licence

SCHEMA = 1

JsonObject = dict[str, object]


class LicenceJson(TypedDict):
    """A licence as an answer shows it."""

    id: str
    kind: str
    name: str
    url: str | None


def answer_to_json(answer: Answer) -> JsonObject:
    """Return the answer as a JSON object; only what is cited stands under `references`, all that was retrieved under `seen`."""
    return {
        "schema": SCHEMA,
        "id": answer.id,
        "created": answer.created,
        "index": {"name": answer.index_name, "build": answer.index_build},
        "question": answer.question,
        "language": answer.language,
        "mode": answer.mode,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "statements": [_statement(statement) for statement in answer.statements],
        "references": [reference_to_json(reference, answer.language) for reference in answer.references],
        "seen": [_seen(hit) for hit in answer.seen],
        "reuse": _reuse(answer.reuse),
        "timings_ms": asdict(answer.timings),
    }


def licence_to_json(licence_id: str, language: str = "fr") -> LicenceJson:
    """Return the id, kind, name and address of a licence of the table."""
    row = licence(licence_id)
    return {"id": row.id, "kind": row.kind, "name": row.name_fr if language == "fr" else row.name_en, "url": row.url}


def provenance_to_json(provenance: Provenance, language: str = "fr") -> JsonObject:
    """Return the provenance of a reference: people, institution, links, dates, licence, layers and labels."""
    return {
        "title": provenance.title,
        "authors": list(provenance.authors),
        "holder": provenance.holder,
        "collection": provenance.collection,
        "url": provenance.url,
        "permalink": provenance.permalink,
        "language": provenance.language,
        "licence": licence_to_json(provenance.licence, language),
        "layers": [asdict(layer) for layer in provenance.layers],
        "labels": [asdict(label) for label in provenance.labels],
        "issued": provenance.issued,
        "modified": provenance.modified,
        "retrieved": provenance.retrieved,
        "rights_note": provenance.rights_note,
    }


def _statement(statement: Statement) -> JsonObject:
    return {"text": statement.text, "citations": [asdict(citation) for citation in statement.citations]}


def reference_to_json(reference: Reference, language: str) -> JsonObject:
    """Return a cited passage with its words, its provenance and its notice."""
    passage = reference.passage
    return {
        "ref": reference.ref,
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        "page": passage.page.label if passage.page else None,
        **provenance_to_json(reference.provenance, language),
        "notice": reference.notice,
        "sha256": passage.sha256,
    }


def _seen(hit: Hit) -> JsonObject:
    return {
        "passage_id": hit.passage.id,
        "document_id": hit.passage.document_id,
        "title": hit.provenance.title,
        "score": round(hit.score, 6),
    }


def _reuse(reuse: Reuse) -> JsonObject:
    return {
        "form": reuse.form,
        "licence": reuse.licence,
        "parts": [asdict(part) for part in reuse.parts],
        "obligations": list(reuse.obligations),
        "notice": reuse.notice,
        "conflicts": list(reuse.conflicts),
    }
