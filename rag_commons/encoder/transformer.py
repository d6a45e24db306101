"""A transformer encoder: any model that sentence-transformers reads, from a folder; no code of the model is ever run.

The one surprise: prompts are the model's own unless others are given. A question is encoded as its `query` prompt says, a passage as
its `document` prompt says, each cut at the model's length.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag_commons.encoder.contract import Settings
from rag_commons.encoder.prompts import AS_IT_IS
from rag_commons.encoder.torch_model import BATCH, TorchModel

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer  # noqa: F401 – named in the base class as text, so as not to be imported


class TransformerEncoder(TorchModel["SentenceTransformer"]):
    """Texts → unit vectors by a network."""

    def __init__(self, path: Path, name: str | None = None, revision: str | None = None, settings: Settings = AS_IT_IS) -> None:
        from sentence_transformers import SentenceTransformer

        super().__init__(SentenceTransformer, path, name, revision, settings)

    @cached_property
    def dimension(self) -> int:
        """The number of components of a vector."""
        return int(self._model.get_embedding_dimension() or len(self.encode_query("dimension")))

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, float32 (dimension,)."""
        vectors = self._model.encode_query([text], prompt=self._query_prompt, normalize_embeddings=True, show_progress_bar=False)
        vector: NDArray[np.float32] = np.asarray(vectors, dtype=np.float32)[0]
        return vector

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, float32 (texts, dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode_document(
            list(texts), prompt=self._document_prompt, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)
