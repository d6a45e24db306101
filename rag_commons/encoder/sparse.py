"""A sparse encoder (SPLADE and its kin): one component a word of its vocabulary, most of them nought; no code of the model is ever run."""

import json
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
    from sentence_transformers import SparseEncoder  # noqa: F401 – named in the base class as text, so as not to be imported

_KINDS = ("SpladePooling", "SparseAutoEncoder", "SparseStaticEmbedding")


def is_sparse_folder(path: Path) -> bool:
    """Say whether sentence-transformers reads the folder as a sparse model: its modules are, or it is a bare masked language model."""
    try:
        if (path / "modules.json").exists():
            modules = json.loads((path / "modules.json").read_text(encoding="utf-8"))
            return any(str(module["type"]).rsplit(".", 1)[-1] in _KINDS for module in modules)
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
        return any(str(name).endswith("ForMaskedLM") for name in config.get("architectures") or ())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


class SparseTextEncoder(TorchModel["SparseEncoder"]):
    """Texts → rows of weights, compared by their product."""

    sparse = True

    def __init__(self, path: Path, name: str | None = None, revision: str | None = None, settings: Settings = AS_IT_IS) -> None:
        from sentence_transformers import SparseEncoder

        super().__init__(SparseEncoder, path, name, revision, settings)

    @cached_property
    def dimension(self) -> int:
        """The number of components of a row: the size of the vocabulary."""
        return len(self.encode_query("dimension"))  # what the model says of itself may be its hidden size

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the row of a question, float32 (dimension,)."""
        found = self._model.encode_query([text], prompt=self._query_prompt, convert_to_sparse_tensor=False, show_progress_bar=False)
        row: NDArray[np.float32] = np.asarray(found, dtype=np.float32)[0]
        return row

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text, float32 (texts, dimension): a few texts at a time, since rows are as long as a vocabulary."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        found = self._model.encode_document(
            list(texts), prompt=self._document_prompt, batch_size=BATCH, convert_to_sparse_tensor=False, show_progress_bar=False
        )
        return np.asarray(found, dtype=np.float32)
