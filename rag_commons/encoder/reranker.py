"""A cross-encoder: question and passage read together by a network; any that sentence-transformers reads, no code of the model is run."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag_commons.encoder.cross_encoder import open_cross_encoder
from rag_commons.errors import EncoderUnusable

_BATCH = 32


class CrossEncoderModel:
    """Pairs of question and passage → scores between 0 and 1; it takes seconds to load."""

    def __init__(self, spec: str) -> None:
        """Load the folder or model of the hub that `spec` names; EncoderUnusable when there is none, or it gives several scores a pair."""
        from torch.nn import Sigmoid

        self._model = open_cross_encoder(spec, "--reranker")
        if self._model.num_labels != 1:
            raise EncoderUnusable("a cross-encoder with one score a pair", f"{spec}: {self._model.num_labels}", "give another model")
        self._activation = Sigmoid()

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float64]:
        """Return one score a passage, between 0 and 1."""
        pairs = [(question, passage) for passage in passages]
        found = self._model.predict(pairs, batch_size=_BATCH, activation_fn=self._activation, show_progress_bar=False)
        return np.asarray(found, dtype=np.float64).reshape(-1)
