"""Reading answers of any system: contract 3 (JSON, schema 1), or the answer format of TREC RAG.

Needed of contract 3: `statements`, and `references` with `ref`, `text` and `licence.id`. The rest is kept where present; what is
absent is for the judgement to say. TREC RAG (Pradeep et al. 2024) gives `references`, a list of document ids (or of objects with an
`id` or `docid`, and whatever contract 3 knows), and `answer`, a list of `{"text", "citations": [indices from 0]}`; reference
number n is index n - 1; the topic is told at the top (2024) or in `metadata` (2025).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag_commons.errors import InputError
from rag_commons.evaluation.fields import Fields
from rag_commons.evaluation.judged import (
    JudgedAnswer,
    JudgedCitation,
    JudgedReference,
    JudgedReuse,
    JudgedStatement,
)
from rag_commons.licences.provenance import Label, Layer, LayerRole, Provenance

_ROLES: dict[str, LayerRole] = {"work": "work", "edition": "edition", "transcription": "transcription", "digitisation": "digitisation"}
SCHEMAS = (1,)
_TREC_IDS = ("id", "topic_id", "qid", "narrative_id")
_TREC_QUESTIONS = ("question", "topic", "query", "narrative")


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that holds no answer: its number from 1 and what is wrong with it."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds a JSON object: its number and the object."""

    line: int
    row: dict[str, object]


def iter_lines(path: Path) -> Iterator[Line | Malformed]:
    """Yield the JSON object of each line that is not blank; a line that holds none is yielded as malformed."""
    try:
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if raw.strip():
                    yield _line(number, raw)
    except OSError as error:
        raise InputError("a readable file of answers", f"{path}: {error.strerror}", "check the path") from error


def _line(number: int, raw: bytes) -> Line | Malformed:
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Malformed(number, "not UTF-8")
    except (ValueError, RecursionError):
        return Malformed(number, "not JSON")
    if not isinstance(row, dict):
        return Malformed(number, f"a JSON {type(row).__name__} where an object is expected")
    return Line(number, row)


def read_answer(row: dict[str, object]) -> JudgedAnswer:
    """Return the answer that a JSON object gives, in either format."""
    if "answer" in row and "statements" not in row:
        return _trec(Fields(row))
    return _contract(Fields(row))


def _contract(fields: Fields) -> JudgedAnswer:
    for name in ("statements", "references"):
        if not fields.has(name):
            fields.note(f"« {name} » est absent")
    schema = fields.row.get("schema")
    if schema is not None and schema not in SCHEMAS:
        fields.note(f"schéma inconnu : {schema!r}"[:80])
    statements = tuple(_statement(item) for item in fields.objects("statements"))
    references = tuple(_reference(item) for item in fields.objects("references"))
    seen = tuple(key for item in fields.objects("seen") if (key := item.text("passage_id"))) if fields.has("seen") else None
    reuse = fields.child("reuse")
    return JudgedAnswer(
        id=fields.identifier("id"),
        question=fields.text("question"),
        language=fields.text("language"),
        abstained=fields.boolean("abstained"),
        reason=fields.text("reason"),
        statements=statements,
        references=references,
        seen=seen,
        reuse=_reuse(reuse) if reuse else None,
        problems=tuple(dict.fromkeys(fields.problems)),
    )


def _statement(fields: Fields) -> JudgedStatement:
    citations = tuple(
        JudgedCitation(
            ref=item.integer("ref"),
            quote=item.text("quote"),
            start=item.integer("start"),
            end=item.integer("end"),
            support=item.text("support"),
        )
        for item in fields.objects("citations")
    )
    return JudgedStatement(fields.text("text") or "", citations)


def _reference(fields: Fields, ref: int | None = None) -> JudgedReference:
    stated = fields.child("licence") if isinstance(fields.row.get("licence"), dict) else None
    named = fields.row.get("licence")
    return JudgedReference(
        ref=fields.integer("ref") if ref is None else ref,
        text=fields.text("text"),
        provenance=_provenance(fields, (stated.text("id") if stated else named if isinstance(named, str) else None) or ""),
        passage_id=fields.text("passage_id"),
        document_id=fields.text("document_id"),
        start=fields.integer("start"),
        end=fields.integer("end"),
        section=fields.text("section"),
        licence_kind=stated.text("kind") if stated else None,
        licence_name=stated.text("name") if stated else None,
        licence_url=stated.text("url") if stated else None,
        notice=fields.text("notice"),
        sha256=fields.text("sha256"),
        problems=tuple(fields.problems),
    )


def _provenance(fields: Fields, licence_id: str) -> Provenance:
    layers = tuple(
        Layer(_ROLES.get(item.text("role") or "", "work"), item.text("licence") or "", item.texts("authors"), item.text("holder"), url)
        for item in fields.objects("layers")
        for url in (item.text("url"),)
    )
    labels = tuple(
        Label(item.text("uri") or "", item.text("community") or "", item.text("text") or "") for item in fields.objects("labels")
    )
    return Provenance(
        title=fields.text("title") or "",
        licence=licence_id,
        language=fields.text("language"),
        authors=fields.texts("authors"),
        holder=fields.text("holder"),
        collection=fields.text("collection"),
        url=fields.text("url"),
        permalink=fields.text("permalink"),
        issued=fields.text("issued"),
        modified=fields.text("modified"),
        retrieved=fields.text("retrieved"),
        rights_note=fields.text("rights_note"),
        layers=layers,
        labels=labels,
    )


def _reuse(fields: Fields) -> JudgedReuse:
    parts = tuple((item.integer("ref"), item.text("licence")) for item in fields.objects("parts"))
    return JudgedReuse(fields.text("form"), fields.text("licence"), parts, fields.texts("conflicts"))


def _trec(fields: Fields) -> JudgedAnswer:
    references = tuple(_trec_reference(item, number) for number, item in enumerate(fields.items("references"), 1))
    statements = []
    for item in fields.objects("answer"):
        indices = item.items("citations")
        if not all(isinstance(index, int) and not isinstance(index, bool) for index in indices):
            item.note("« citations » contient autre chose que des indices")
        refs = [index + 1 if isinstance(index, int) and not isinstance(index, bool) else None for index in indices]
        statements.append(JudgedStatement(item.text("text") or "", tuple(JudgedCitation(ref) for ref in refs)))
    # since 2025 the topic is told apart, in « metadata »
    told = [one for one in (fields, fields.child("metadata")) if one]
    identity = next((one.identifier(name) for one in told for name in _TREC_IDS if one.has(name)), None)
    question = next((one.text(name) for one in told for name in _TREC_QUESTIONS if one.has(name)), None)
    return JudgedAnswer(
        id=identity,
        question=question,
        statements=tuple(statements),
        references=references,
        reason="réponse vide" if not statements else None,
        format="trec",
        problems=tuple(dict.fromkeys(fields.problems)),
    )


def _trec_reference(item: object, number: int) -> JudgedReference:
    if isinstance(item, dict):
        fields = Fields(item, f"references {number}")
        key = next((fields.identifier(name) for name in ("passage_id", "id", "docid") if fields.has(name)), None)
        return _reference(Fields({**item, "passage_id": key}), number)
    key = item.encode("utf-8", "replace").decode() if isinstance(item, str) else str(item) if isinstance(item, int) else None
    return JudgedReference(number, None, Provenance("", ""), key, key)
