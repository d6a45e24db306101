"""Rows: what a peer answers, in contract 3, from its text with markers and the sources that it names. Nothing is mended.

A peer gives no quoted words, so its citations have none; the notice shown is the one that its sources carry in their metadata.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag_commons.documents import Hit
from rag_commons.licences.notices import notice
from rag_commons.rendering.contract import JsonObject, provenance_to_json
from rag_commons.text.sentences import sentence_spans

_MARKER = re.compile(r" ?\[(\d+)\]")
_AFTER_STOP = re.compile(r"([.!?…]+)((?: ?\[\d+\])+)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A source as a peer shows it: its number, its text there, and the hit that it was made of."""

    number: int
    text: str
    hit: Hit


def row_of(identity: str, question: str, said: str, shown: Sequence[Shown], hits: Sequence[Hit]) -> JsonObject:
    """Return the answer as a row; only the sources that it cites are references."""
    text = _AFTER_STOP.sub(r"\2\1", said.strip())
    statements = [_statement(text[start:end]) for start, end in sentence_spans(text)]
    cited = {int(number) for number in _MARKER.findall(text)}
    return {
        "schema": 1,
        "id": identity,
        "question": question,
        "abstained": not statements,
        "reason": None if statements else "aucune réponse",
        "statements": statements,
        "references": [_reference(one) for one in shown if one.number in cited],
        "seen": [{"passage_id": hit.passage.id, "document_id": hit.passage.document_id, "score": hit.score} for hit in hits],
    }


def _statement(sentence: str) -> JsonObject:
    return {"text": _MARKER.sub("", sentence), "citations": [{"ref": int(number)} for number in _MARKER.findall(sentence)]}


def _reference(shown: Shown) -> JsonObject:
    passage = shown.hit.passage
    return {
        "ref": shown.number,
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "text": shown.text,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        **provenance_to_json(shown.hit.provenance),
        "notice": notice(shown.hit.provenance),
        "sha256": passage.sha256,
    }
