"""The errors of rag-commons, one tree.

::

    CommonsError               the work failed; exit code 1
    ├── UsageError             the command was called wrongly; exit code 2
    ├── InputError             a file or line from outside is not what it must be
    ├── DocumentRefused        one document cannot enter an index; counted by reason, never fatal
    │   └── UnknownLicence     its licence is not in the table of rights
    ├── IndexUnusable          an index is missing, damaged, foreign or locked
    ├── EncoderUnusable        an encoder cannot be loaded, or is not the index's
    └── ReaderFailed           a generative reader gave nothing that can be used

Every message says what was expected, what was seen and what to do, on one line.
"""


class CommonsError(Exception):
    """The work failed: what was expected, what was seen, what to do."""

    exit_code = 1

    def __init__(self, expected: str, seen: str, todo: str) -> None:
        super().__init__(expected, seen, todo)
        self.expected = expected
        self.seen = seen
        self.todo = todo

    def __str__(self) -> str:
        """Say it on one line."""
        line = f"expected {self.expected}; seen: {self.seen}; to do: {self.todo}"
        return " ".join(line.split())


class UsageError(CommonsError):
    """The command was called wrongly."""

    exit_code = 2


class InputError(CommonsError):
    """A file or line from outside is not what it must be."""


class DocumentRefused(CommonsError):
    """One document cannot enter an index; `reason` is the short key it is counted under."""

    def __init__(self, reason: str, expected: str, seen: str, todo: str) -> None:
        super().__init__(expected, seen, todo)
        # what an exception is made again from when it crosses to another process
        self.args = (reason, expected, seen, todo)
        self.reason = reason


class UnknownLicence(DocumentRefused):
    """A licence that the table of rights does not hold."""

    def __init__(self, seen: str) -> None:
        super().__init__(
            f"unknown-licence:{' '.join(seen.split())[:80]}",
            "a licence of the table of rights (an SPDX id, a licence URI or an id of our own)",
            repr(seen[:80]),
            "give the licence as its publisher states it, or add it to rag_commons/licences",
        )
        self.args = (seen,)


class IndexUnusable(CommonsError):
    """An index is missing, damaged, foreign or locked."""


class EncoderUnusable(CommonsError):
    """An encoder cannot be loaded, or is not the one that the index was built with."""


class ReaderFailed(CommonsError):
    """A generative reader gave nothing that can be used."""
