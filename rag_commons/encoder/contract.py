"""What every encoder answers, whatever is behind it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Texts → unit vectors.

    `id`, `revision` and `checksum` go to an index's manifest: vectors of different encoders cannot be compared. `static` says that
    vectors cost so little that an index makes them again rather than keep them.
    """

    @property
    def id(self) -> str:
        """The name: `rag-commons/<name>` for the shipped one, a hub id, or the path of a folder."""
        ...

    @property
    def revision(self) -> str:
        """The commit on the hub, or the first digits of the checksum."""
        ...

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""
        ...

    @property
    def checksum(self) -> str:
        """The sha256 of the model's files, in hex."""
        ...

    @property
    def static(self) -> bool:
        """Whether the encoder is a table of rows, without a network."""
        ...

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, float32 (texts, dimension)."""
        ...

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, float32 (dimension,)."""
        ...
