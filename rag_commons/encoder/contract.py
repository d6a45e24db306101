"""What every encoder answers, whatever is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is run and fed, each None where its folder decides; what an encoder really does is its own `settings`.

    `backend` is torch, onnx or openvino (an encoder without a network says numpy); `truncation` is the most tokens that are read of a text.
    """

    backend: str | None = None
    query_prompt: str | None = None
    document_prompt: str | None = None
    truncation: int | None = None


class Encoder(Protocol):
    """Texts → unit vectors.

    `id`, `revision` and `checksum` go to an index's manifest: vectors of different encoders cannot be compared. `static` says that
    vectors cost so little that an index makes them again rather than keep them. Beside these, an encoder may have `settings`, which the
    manifest keeps too, and `sparse`, true where most components of a vector are nought and vectors are compared by plain products.
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
