"""How far a writer has come, for whoever watches."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done of a stage: `store` (documents come in) or `index` (the derived indexes are made).

    `total` is the number of passages to index, None while documents come in.
    """

    stage: Literal["store", "index"]
    documents: int = 0
    passages: int = 0
    text_bytes: int = 0
    total: int | None = None


Watcher = Callable[[Progress], None]


def unwatched(progress: Progress) -> None:
    """Watch nothing."""
