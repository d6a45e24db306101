"""The reply of a model, piece by piece, within limits: whatever the model does, the one who reads it is free again in time.

The one surprise: the model is read in a thread of its own. One that blocks is left there; it ends with its own timeout, and one that
writes one reply at a time keeps its turn until then.
"""

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from rag_commons.answering.llm.loading import Limits
from rag_commons.answering.llm.wire import hang_up
from rag_commons.errors import ReaderFailed

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage, ChatResponse

# seconds after which one who asked to stop is heard, though the model says nothing
_HEARD = 0.1

_Told = SimpleQueue[str | Exception | None]


def iter_reply(
    llm: "LLM",
    messages: Sequence["ChatMessage"],
    limits: Limits,
    stop: threading.Event,
    turn: threading.Semaphore | None = None,
) -> Generator[str, None, None]:
    """Yield the pieces of a reply as they come, until `stop` is set; ReaderFailed when the model fails, is too slow or does not end.

    `turn` is that of a model which writes one reply at a time: waited for, whatever the limits, and given back once the model is free.
    """
    turn = turn or threading.Semaphore()
    if not _taken(turn, stop):
        return
    told: _Told = SimpleQueue()
    stopped = threading.Event()
    deadline = time.monotonic() + limits.seconds
    threading.Thread(target=_pump, args=(llm, messages, told, stopped, turn), daemon=True, name="llm").start()
    read = 0
    try:
        while True:
            piece = _next(told, deadline, limits, stop)
            if piece is None:
                return
            read += len(piece)
            if read > limits.characters:
                raise ReaderFailed("a reply that ends", f"more than {limits.characters} characters", "ask another model")
            yield piece
    finally:
        stopped.set()


def _taken(turn: threading.Semaphore, stop: threading.Event) -> bool:
    """Wait for a turn; False once none is wanted."""
    while not stop.is_set():
        if turn.acquire(timeout=_HEARD):
            return True
    return False


def _next(told: _Told, deadline: float, limits: Limits, stop: threading.Event) -> str | None:
    """Return the next piece, None once there are no more or none is wanted."""
    said = None
    while not stop.is_set():
        left = deadline - time.monotonic()
        try:
            said = told.get(timeout=min(_HEARD, max(0.0, left)))
            break
        except Empty:
            if left <= 0:
                raise ReaderFailed("a reply in time", f"none after {limits.seconds:g} seconds", "ask a faster model") from None
    if isinstance(said, Exception):
        raise ReaderFailed("a reply of the model", failure_name(said), "check that the model of --llm runs and knows that name") from said
    return said


def failure_name(error: Exception) -> str:
    """Return the kind of a failure and its HTTP status, never its message, which may hold a key or the words of a server."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} {status}" if isinstance(status, int) else type(error).__name__


def _pump(llm: "LLM", messages: Sequence["ChatMessage"], told: _Told, stopped: threading.Event, turn: threading.Semaphore) -> None:
    """Read the model into the queue until it ends, fails or nobody listens."""
    try:
        stream = _stream(llm, messages)
        try:
            seen = 0
            for response in stream:
                if stopped.is_set():
                    return
                piece, seen = _piece(response, seen)
                if piece:
                    told.put(piece)
        finally:
            with suppress(Exception):
                getattr(stream, "close", lambda: None)()
            with suppress(Exception):
                hang_up()
        told.put(None)
    except Exception as error:
        told.put(error)
    finally:
        turn.release()


def _stream(llm: "LLM", messages: Sequence["ChatMessage"]) -> Iterator["ChatResponse"]:
    try:
        return iter(llm.stream_chat(messages))
    except NotImplementedError:
        return iter([llm.chat(messages)])


def _piece(response: "ChatResponse", seen: int) -> tuple[str, int]:
    """Return the new words of a response and how many characters are known: some models only give all that was said so far."""
    if response.delta is not None:
        return response.delta, seen + len(response.delta)
    whole = response.message.content or ""
    return whole[seen:], max(seen, len(whole))
