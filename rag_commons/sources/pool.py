"""All cores on one stream: tasks read apart, their documents in the order of the tasks, a few tasks in memory at a time."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError, UsageError

_TASKS_PER_WORKER = 3
# below this, starting processes takes longer than reading (bytes, as they lie on the disk)
_WORTH_A_POOL = 8 << 20

# a refusal as it travels between processes: exceptions of several arguments do not
Told = tuple[str, str, str, str]
Task = Callable[[], list[Document | Told]]


def tell(items: Iterable[Document | DocumentRefused]) -> list[Document | Told]:
    """Return documents and refusals as a task hands them back."""
    return [item if isinstance(item, Document) else (item.reason, item.expected, item.seen, item.todo) for item in items]


def count_workers(said: int | str | None, paths: Iterable[Path]) -> int:
    """Return how many processes read these files: as many as is said, else all cores where there is much to read; raises UsageError."""
    if said is None:
        return os.cpu_count() or 1 if sum(path.stat().st_size for path in paths) >= _WORTH_A_POOL else 1
    try:
        return max(1, int(said))
    except ValueError:
        raise UsageError("a number of processes", repr(said), "correct --set workers=…") from None


def read_in_order(tasks: Iterator[Task | DocumentRefused], workers: int) -> Iterator[Document | DocumentRefused]:
    """Yield what tasks hold, in their order, read in this process or in a pool of others; raises InputError where those die."""
    if workers == 1:
        for task in tasks:
            yield from [task] if isinstance(task, DocumentRefused) else map(_heard, task())
        return
    # a fresh interpreter each: forking a process that has threads can hang
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_parent)
    try:
        yield from _pooled(pool, tasks, workers * _TASKS_PER_WORKER)
    except BrokenProcessPool as error:
        todo = "give them more memory, guard the start of your script, or ask for 1 worker"
        raise InputError("worker processes that live to the end", str(error), todo) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _pooled(pool: ProcessPoolExecutor, tasks: Iterator[Task | DocumentRefused], ahead: int) -> Iterator[Document | DocumentRefused]:
    waiting: deque[Future[list[Document | Told]] | DocumentRefused] = deque()
    for task in chain(tasks, [None]):
        if task is not None:
            waiting.append(task if isinstance(task, DocumentRefused) else pool.submit(task))
        while waiting and (task is None or len(waiting) >= ahead):
            result = waiting.popleft()
            yield from [result] if isinstance(result, DocumentRefused) else map(_heard, result.result())


def _heard(item: Document | Told) -> Document | DocumentRefused:
    return item if isinstance(item, Document) else DocumentRefused(*item)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
