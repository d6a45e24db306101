"""The REST API: ask, search, cite, read a document, the table of rights, the card of the index. It reads, and changes nothing."""

import json
from collections.abc import AsyncIterator, Generator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import iterate_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from rag_commons.answering.links import LONGEST_QUESTION, link_from_pairs, link_of, link_to_query
from rag_commons.answers import Answer, Mode
from rag_commons.errors import CommonsError
from rag_commons.licences.wording import Lang
from rag_commons.rendering.contract import answer_to_json
from rag_commons.retrieval.filters import Filters
from rag_commons.server.bodies import AskBody, SearchBody
from rag_commons.server.failures import failure_to_json, refusal, told
from rag_commons.server.objects import (
    cited_to_json,
    hits_to_json,
    index_to_json,
    licences_to_json,
    reopened_to_json,
    whole_document_to_json,
)
from rag_commons.server.schema import AnswerShape, CitedShape, FailureShape, HitsShape, ReopenedShape
from rag_commons.server.wording import described
from rag_commons.ui.asker import Asker, Told, Written

# a header that is longer would be refused by some proxies
_LONGEST_LINK = 4_000

Responses = dict[int | str, dict[str, Any]]

Language = Annotated[Lang, Query(description="Langue des mentions et des noms.")]
PassageId = Annotated[str, Query(min_length=1, max_length=1_000, description="Identifiant du passage.")]
Quote = Annotated[str | None, Query(max_length=LONGEST_QUESTION * 5, description="Mots à retrouver tels quels dans le passage.")]


def answered(asker: Asker, question: str, filters: Filters, language: Lang, mode: Mode | None) -> Answer:
    """Return the answer to a question, its steps untold."""
    return next(event for event in asker.ask(question, filters, language, mode) if isinstance(event, Answer))


class Api:
    """The functions behind the addresses under `/api`."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def router(self) -> APIRouter:
        """Return the addresses."""
        failures: Responses = {status: {"model": FailureShape} for status in (400, 401, 403, 404, 413, 422, 429, 500, 503)}
        router = APIRouter(prefix="/api", responses=failures, default_response_class=JSONResponse)
        stream: Responses = {
            200: {
                "content": {"text/event-stream": {}},
                "description": "Événements `step` (et `written` où un modèle rédige), puis `answer` ou `error`.",
            }
        }
        # OpenAPI is in French throughout: its parameters and bodies are described in no other language
        router.add_api_route("/ask", self.ask, methods=["POST"], response_model=AnswerShape, **described("/api/ask", "fr"))
        router.add_api_route(
            "/ask/stream", self.ask_stream, methods=["POST"], responses=stream, response_class=StreamingResponse,
            **described("/api/ask/stream", "fr"),
        )  # fmt: skip
        router.add_api_route("/search", self.search, methods=["POST"], response_model=HitsShape, **described("/api/search", "fr"))
        router.add_api_route("/cite", self.cite, response_model=CitedShape, **described("/api/cite", "fr"))
        router.add_api_route("/answer", self.answer, response_model=ReopenedShape, **described("/api/answer", "fr"))
        router.add_api_route("/documents/{identity:path}", self.document, **described("/api/documents/{identity}", "fr"))
        router.add_api_route("/licences", self.licences, **described("/api/licences", "fr"))
        router.add_api_route("/index", self.index, **described("/api/index", "fr"))
        # what is no address of the API is answered here: the page behind would answer in its own way
        router.add_api_route(
            "/{rest:path}", self.nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], include_in_schema=False
        )
        return router

    def ask(self, body: AskBody) -> JSONResponse:
        """Answer with an object of contract 3, and its address in the page as a Link header."""
        filters = body.filters()
        answer = answered(self._asker, body.question, filters, body.language, body.mode)
        query = link_to_query(link_of(answer, filters))
        headers = {"link": f'</?{query}>; rel="bookmark"'} if len(query) <= _LONGEST_LINK else {}
        return JSONResponse(answer_to_json(answer), headers=headers)

    def ask_stream(self, body: AskBody) -> StreamingResponse:
        """Send each step as it begins, then the answer."""
        events = _closing(self._events(body))
        return StreamingResponse(events, media_type="text/event-stream", headers={"cache-control": "no-store", "x-accel-buffering": "no"})

    def search(self, body: SearchBody) -> JSONResponse:
        """Return the nearest passages, best first."""
        return JSONResponse(hits_to_json(body.question, self._asker.search(body.question, body.filters(), body.k), body.language))

    def cite(self, passage_id: PassageId, quote: Quote = None, language: Language = "fr") -> JSONResponse:
        """Return a passage, and where in it the words to quote lie."""
        held = self._asker.passage(passage_id)
        if held is None:
            return _absent("a passage of the index", passage_id)
        return JSONResponse(cited_to_json(held, quote, language))

    def answer(self, request: Request, question: Annotated[str, Query()], language: Language = "fr") -> JSONResponse:
        """Return the answer of a link, and what became of each of its citations."""
        return JSONResponse(reopened_to_json(self._asker.reopen(link_from_pairs(request.query_params.multi_items()), language)))

    def document(self, identity: str, language: Language = "fr") -> JSONResponse:
        """Return a document as contract 1 writes it, and its passages."""
        read = self._asker.document(identity)
        return JSONResponse(whole_document_to_json(*read, language)) if read else _absent("a document of the index", identity)

    def licences(self, language: Language = "fr") -> JSONResponse:
        """Return the table of rights, and how much of the index is under each row."""
        return JSONResponse(licences_to_json(self._asker.manifest, language))

    def index(self) -> JSONResponse:
        """Return the card of the index."""
        return JSONResponse(index_to_json(self._asker.name, self._asker.manifest))

    def nothing(self, rest: str) -> JSONResponse:
        """Refuse an address that is none, or a method that is not its own."""
        return refusal(404, "an address of the API, with its method", repr(rest[:80]), "see /api/openapi.json")

    def _events(self, body: AskBody) -> Generator[str]:
        try:
            for event in self._asker.ask(body.question, body.filters(), body.language, body.mode):
                yield _told(event)
        except CommonsError as error:
            # the answer has begun with status 200: an event is all that can still tell
            yield _event("error", failure_to_json(told(error)))


def _absent(expected: str, seen: str) -> JSONResponse:
    return refusal(404, expected, f"{seen[:80]!r}, which is not, or no longer, in it", "search again: it may have another id now")


async def _closing(events: Generator[str]) -> AsyncIterator[str]:
    """Yield events and end them when the client leaves, so that no model writes for nobody."""
    try:
        async for event in iterate_in_threadpool(events):
            yield event
    finally:
        events.close()


def _told(event: Told) -> str:
    if isinstance(event, Answer):
        return _event("answer", answer_to_json(event))
    if isinstance(event, Written):
        return _event("written", asdict(event))
    return _event("step", {"step": event})


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
