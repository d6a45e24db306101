"""Worker processes for what Python does one core at a time: splitting and analysing texts.

Each is a fresh interpreter fed through a pair of sockets, not a fork: threads and locks of the caller are not copied, the caller's
script is not run again, and a worker ends when its caller does, whatever ended it. Small works are done at once, in the caller.
"""

import os
import pickle
import socket
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import TracebackType
from typing import TypeVar

from rag_commons.errors import CommonsError, IndexUnusable

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
_AT_ONCE = 6  # tasks done before workers are worth their start (0.2 s)
_WORKERS = 8
_BOOT = "import sys; sys.path[:] = {path!r}; from rag_commons.index.workers import serve; serve({descriptor})"


class Workers:
    """A pool of worker processes, started when there is enough to do; leaving the context ends them."""

    def __init__(self, count: int | None = None) -> None:
        self._count = count or min(_WORKERS, len(os.sched_getaffinity(0)))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[Connection | None] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None
        self._done = 0

    def __enter__(self) -> "Workers":
        """Return the pool."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the workers; what they were doing is lost."""
        if self._threads:
            self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
        self._idle.put(None)
        if self._threads:
            self._threads.shutdown()
        while not self._idle.empty():
            if connection := self._idle.get():
                connection.close()

    def map(self, function: Callable[[_Task], _Result], tasks: Iterable[_Task]) -> Iterator[_Result]:
        """Yield the result of each task, in order. The function must be importable; tasks and results are pickled."""
        waiting: deque[Future[_Result]] = deque()
        for task in tasks:
            if self._done < _AT_ONCE:
                self._done += 1
                yield function(task)
                continue
            waiting.append(self._started().submit(self._ask, function, task))
            if len(waiting) > 3 * self._count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _ask(self, function: Callable[[_Task], _Result], task: _Task) -> _Result:
        connection, alive = self._idle.get(), None
        try:
            if connection is None:
                raise EOFError
            connection.send((function, task))
            done, result = connection.recv()
            alive = connection
        except (EOFError, OSError):
            todo = "free memory, then run the same command again"
            raise IndexUnusable("worker processes that live", "one that was ended", todo) from None
        finally:
            # None says that a worker will not come back, so that nobody waits for it
            self._idle.put(alive)
            if connection and not alive:
                connection.close()
        if done:
            answer: _Result = result
            return answer
        raise result if isinstance(result, CommonsError) else RuntimeError(f"in a worker process:\n{result}")

    def _started(self) -> ThreadPoolExecutor:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._count)
            for _ in range(self._count):
                self._start()
        return self._threads

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            boot = _BOOT.format(path=sys.path, descriptor=theirs.fileno())
            # its own session, so that Ctrl-C in a terminal reaches the caller alone
            process = subprocess.Popen(
                [sys.executable, "-c", boot], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
            )
        self._processes.append(process)
        self._idle.put(Connection(ours.detach()))


def serve(descriptor: int) -> None:
    """Answer the tasks that come through a socket until it closes."""
    with Connection(descriptor) as connection:
        while True:
            try:
                function, task = connection.recv()
                connection.send(_attempt(function, task))
            except (EOFError, OSError):
                return


def _attempt(function: Callable[[object], object], task: object) -> tuple[bool, object]:
    try:
        return True, function(task)
    except Exception as error:
        # an error that does not survive the journey is told by its traceback
        try:
            if isinstance(error, CommonsError) and type(pickle.loads(pickle.dumps(error))) is type(error):
                return False, error
        except TypeError:
            pass
        return False, traceback.format_exc()
