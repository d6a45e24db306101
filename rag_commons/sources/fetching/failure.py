"""What goes wrong when fetching: one error, its reason to count by, and whether another try may help."""

from rag_commons.errors import DocumentRefused, InputError


class FetchFailed(InputError):
    """An address gave nothing that can be used.

    `reason` is a short key (`404`, `timeout`, `truncated`, `private-address`…); `passing` says that another try may succeed, not before
    `retry_after` seconds where the server said so.
    """

    def __init__(
        self, reason: str, expected: str, seen: str, todo: str, *, passing: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(expected, seen, todo)
        self.reason = reason
        self.passing = passing
        self.retry_after = retry_after

    def refusal(self, document: str, prefix: str = "fetch") -> DocumentRefused:
        """Return the refusal of the document that was to come from there."""
        return DocumentRefused(f"{prefix}:{self.reason}", self.expected, f"{document}: {self.seen}", self.todo)


def failed(reason: str, url: str, seen: str, *, passing: bool = False, retry_after: float | None = None) -> FetchFailed:
    """Return the failure of an address."""
    todo = "run it again later: what is already there is not fetched twice" if passing else "check the address, or leave it out"
    return FetchFailed(reason, f"an answer from {url[:200]}", seen, todo, passing=passing, retry_after=retry_after)
