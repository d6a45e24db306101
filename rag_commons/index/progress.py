"""How far a writer has come, for whoever watches."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done of a stage: `store` (documents come in), `adapt` (an encoder learns from them) or `index` (derived indexes are made).

    `total` is the number of passages to index, or to learn from at all epochs; None while documents come in.
    """

    stage: Literal["store", "adapt", "index"]
    documents: int = 0
    passages: int = 0
    text_bytes: int = 0
    total: int | None = None


Watcher = Callable[[Progress], None]


def unwatched(progress: Progress) -> None:
    """Watch nothing."""
