"""A model that sentence-transformers runs on torch, dense or sparse: opened from a folder, fed as asked; none of its own code is run."""

from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from safetensors import SafetensorError

from rag_commons.encoder.contract import Settings
from rag_commons.encoder.model_folder import ModelFolder
from rag_commons.encoder.prompts import AS_IT_IS, effective_prompts
from rag_commons.errors import EncoderUnusable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer, SparseEncoder

BATCH = 32
_Model = TypeVar("_Model", "SentenceTransformer", "SparseEncoder")


class TorchModel(ModelFolder, Generic[_Model]):
    """A model of one of the two kinds, with its prompts and its length; it takes seconds to load."""

    static = False

    def __init__(
        self, kind: type[_Model], path: Path, name: str | None = None, revision: str | None = None, settings: Settings = AS_IT_IS
    ) -> None:
        """Open the folder as a model of this kind; EncoderUnusable when it is none."""
        super().__init__(path, name, revision)
        try:
            self._model: _Model = kind(str(path), trust_remote_code=False, local_files_only=True)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, ImportError, SafetensorError) as error:
            raise EncoderUnusable(
                f"a {kind.__name__} that sentence-transformers reads without running code of its own",
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
