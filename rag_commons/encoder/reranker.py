"""A cross-encoder: question and passage read together by a network; any that sentence-transformers reads, no code of the model is run."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from rag_commons.encoder.hub import fetch_model
from rag_commons.errors import EncoderUnusable

_BATCH = 32


class CrossEncoderModel:
    """Pairs of question and passage → scores between 0 and 1; it takes seconds to load."""

    def __init__(self, spec: str) -> None:
        """Load the folder or model of the hub that `spec` names; EncoderUnusable when there is none, or it gives several scores a pair."""
        path = Path(spec).expanduser()
        if not path.is_dir():
            if path.is_absolute() or spec.startswith((".", "~")) or spec.count("/") > 1:
                raise EncoderUnusable("the folder of a cross-encoder", f"{path}, which does not exist", "check the path of --reranker")
            path, _ = fetch_model(spec)
        from sentence_transformers import CrossEncoder
        from torch.nn import Sigmoid

        try:
            self._model = CrossEncoder(str(path), trust_remote_code=False, local_files_only=True)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, ImportError, SafetensorError) as error:
            raise EncoderUnusable(
                "a cross-encoder that sentence-transformers reads without running code of its own",
                f"{spec}: {type(error).__name__}: {str(error)[:300]}",
                "give another model, or copy its folder again",
            ) from error
        if self._model.num_labels != 1:
            raise EncoderUnusable("a cross-encoder with one score a pair", f"{spec}: {self._model.num_labels}", "give another model")
        self._activation = Sigmoid()

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float64]:
        """Return one score a passage, between 0 and 1."""
        pairs = [(question, passage) for passage in passages]
        found = self._model.predict(pairs, batch_size=_BATCH, activation_fn=self._activation, show_progress_bar=False)
        return np.asarray(found, dtype=np.float64).reshape(-1)
