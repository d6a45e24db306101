"""What goes wrong, as one line of JSON: what was expected, what was seen, what to do."""

import sys
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from rag_commons.errors import CommonsError, EncoderUnusable, IndexUnusable, InputError, ReaderFailed, UsageError

_SEE = "see /api/openapi.json"
# the client's mistake is told to the client; anything else to the person who runs the server
_STATUS = ((UsageError, 400), (InputError, 400), (IndexUnusable, 503), (EncoderUnusable, 503), (ReaderFailed, 502))


def refusal(status: int, expected: str, seen: str, todo: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return a response that says in one line why there is no other."""
    return JSONResponse(failure_to_json(CommonsError(expected, seen, todo)), status_code=status, headers=headers)


def failure_to_json(error: CommonsError) -> dict[str, str]:
    """Return an error as every door of the API tells it."""
    return {"error": str(error), "expected": error.expected, "seen": error.seen, "to_do": error.todo}


def told(error: CommonsError) -> CommonsError:
    """Return what a client may know of an error: never a path of the server, which the person who runs it reads instead."""
    if isinstance(error, UsageError | InputError):
        return error
    print(f"rag-commons: {error}", file=sys.stderr, flush=True)  # noqa: T201
    return CommonsError("an answer", "the index or its reader failed", "try again; if it lasts, tell the person who runs this server")


def status_of(error: CommonsError) -> int:
    """Return the HTTP status of an error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def add_failures(app: FastAPI) -> None:
    """Have every failure of the application answered with one line of JSON."""

    def failed(request: Request, error: CommonsError) -> JSONResponse:
        return JSONResponse(failure_to_json(told(error)), status_code=status_of(error))

    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return refusal(422, f"{where}: {first['msg']}", repr(first.get("input"))[:80], _SEE)

    def wrong(request: Request, error: HTTPException) -> JSONResponse:
        expected = "an address of this server, with its method" if error.status_code in (404, 405) else "a request that can be read"
        seen = f"{request.method} {request.url.path[:80]}: {error.detail or HTTPStatus(error.status_code).phrase}"
        return refusal(error.status_code, expected, seen[:200], _SEE, error.headers)

    def crashed(request: Request, error: Exception) -> JSONResponse:
        return refusal(500, "an answer", "a fault of the server", "try again; if it lasts, report it")

    for kind, handler in ((CommonsError, failed), (RequestValidationError, invalid), (HTTPException, wrong), (Exception, crashed)):
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]
