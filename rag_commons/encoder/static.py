"""A static encoder: a text's vector is the weighted sum of the rows of its tokens, made a unit.

numpy, tokenizers and safetensors only, so that a question is encoded a fraction of a second after the command starts. The one
surprise: a text of which no token is known has the zero vector, which is close to nothing.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag_commons.encoder.contract import Settings
from rag_commons.encoder.folder import StaticFolder, read_static
from rag_commons.encoder.model_folder import ModelFolder
from rag_commons.encoder.prompts import AS_IT_IS, effective_prompts
from rag_commons.encoder.words import WordIds
from rag_commons.errors import EncoderUnusable


class StaticEncoder(ModelFolder):
    """Texts → unit vectors, from a folder that sentence-transformers saved or that `write_static` wrote."""

    static = True

    def __init__(self, path: Path, name: str | None = None, revision: str | None = None, settings: Settings = AS_IT_IS) -> None:
        if settings.truncation is not None or settings.backend not in (None, "numpy"):
            raise EncoderUnusable("a model with a network", f"{name or path}, which is static", "leave its backend and its length out")
        super().__init__(path, name, revision)
        self._folder: StaticFolder = read_static(path)
        self._words = WordIds(self._folder.tokenizer, self._folder.weights != 0)
        prompts = self._folder.prompts
        self._query_prompt, self._document_prompt = effective_prompts(settings, prompts)

    @property
    def settings(self) -> Settings:
        """The prompts."""
        return Settings("numpy", self._query_prompt, self._document_prompt)

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""
        return int(self._folder.rows.shape[1])

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, float32 (dimension,)."""
        vector: NDArray[np.float32] = self._encode([self._query_prompt + text])[0]
        return vector

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, float32 (texts, dimension); a text's row does not depend on the others."""
        return self._encode([self._document_prompt + text for text in texts] if self._document_prompt else texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, ids in zip(vectors, self._words.of(texts), strict=True):
            self._sum_rows(ids, vector)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(lengths, 1e-12)
        return vectors

    def _sum_rows(self, token_ids: list[int], vector: NDArray[np.float32]) -> None:
        """Write the weighted sum of the tokens' rows; one product a text stays in cache, where one gather a batch would not."""
        if token_ids:
            ids = np.array(token_ids, dtype=np.int64)
            np.matmul(self._folder.weights[ids], self._folder.rows[self._folder.mapping[ids]], out=vector)
