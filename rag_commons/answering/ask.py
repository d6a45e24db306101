"""Ask: one question through retrieval, reading and verification to an answer."""

import time
from dataclasses import replace
from datetime import UTC, datetime

from rag_commons.answering.draft import Draft, DraftStatement, Reader
from rag_commons.answering.ledger import Ledger
from rag_commons.answering.verification import refusal
from rag_commons.answers import Answer, Timings
from rag_commons.licences.wording import Lang
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever

NOTHING_FOUND = "Aucun passage de l'index ne répond à cette question."
NOTHING_VERIFIED = "Aucune phrase proposée n'est soutenue par le passage qu'elle cite."


def ask(
    question: str,
    retriever: Retriever,
    reader: Reader,
    *,
    k: int = 8,
    filters: Filters | None = None,
    id: str | None = None,
    language: Lang = "fr",
) -> Answer:
    """Answer a question from what the retriever finds; every statement that leaves is verified against its passage."""
    started = time.perf_counter()
    hits = tuple(retriever.retrieve(question, k, filters))
    retrieved = time.perf_counter()
    draft = reader.read(question, hits) if hits else Draft(reason=NOTHING_FOUND)
    read = time.perf_counter()
    kept = [statement for statement in draft.statements if refusal(statement, hits) is None]
    answer = _answer(question, retriever, draft, kept, id, language)
    timings = Timings(
        retrieve=round((retrieved - started) * 1000, 1),
        read=round((read - retrieved) * 1000, 1),
        verify=round((time.perf_counter() - read) * 1000, 1),
    )
    return replace(answer, seen=hits, mode=draft.mode or reader.mode, timings=timings)


def _answer(question: str, retriever: Retriever, draft: Draft, kept: list[DraftStatement], id: str | None, language: Lang) -> Answer:
    ledger = Ledger(language)
    statements = ledger.statements(kept)
    reason = draft.reason
    if not kept:
        reason = NOTHING_VERIFIED if draft.statements else draft.reason or NOTHING_FOUND
    return Answer(
        question=question,
        created=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        index_name=retriever.index.name,
        index_build=retriever.index.manifest.build,
        statements=statements,
        references=ledger.references(),
        reuse=ledger.reuse(),
        id=id,
        language=language,
        reason=reason,
    )
