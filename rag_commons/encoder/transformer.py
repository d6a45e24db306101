"""A transformer encoder: any model that sentence-transformers reads, from a folder; no code of the model is ever run.

The one surprise: prompts are the model's own unless others are given. A question is encoded as its `query` prompt says, a passage as
its `document` prompt says, each cut at the model's length.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from rag_commons.encoder.contract import Settings
from rag_commons.encoder.folder import folder_checksum
from rag_commons.encoder.prompts import AS_IT_IS, effective_prompts
from rag_commons.errors import EncoderUnusable

_BATCH = 32


class TransformerEncoder:
    """Texts → unit vectors by a network; it takes seconds to load."""

    static = False

    def __init__(self, path: Path, name: str | None = None, revision: str | None = None, settings: Settings = AS_IT_IS) -> None:
        from sentence_transformers import SentenceTransformer

        self.path = path
        self.id = name or str(path)
        self._revision = revision
        try:
            self._model = SentenceTransformer(str(path), trust_remote_code=False, local_files_only=True)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, ImportError, SafetensorError) as error:
            raise EncoderUnusable(
                "a model that sentence-transformers reads without running code of its own",
                f"{self.id}: {type(error).__name__}: {str(error)[:300]}",
                "give another model, or copy its folder again",
            ) from error

        if settings.truncation is not None:
            self._model.max_seq_length = settings.truncation
        self._query_prompt, self._document_prompt = effective_prompts(settings, self._model.prompts)

    @property
    def settings(self) -> Settings:
        """The prompts, and how many tokens are read of a text."""
        return Settings("torch", self._query_prompt, self._document_prompt, self._model.max_seq_length)

    @cached_property
    def checksum(self) -> str:
        """The sha256 of the folder's model files, in hex."""
        return folder_checksum(self.path)

    @property
    def revision(self) -> str:
        """The commit on the hub, or the first digits of the checksum for a folder."""
        return self._revision or self.checksum[:12]

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
            list(texts), prompt=self._document_prompt, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)
