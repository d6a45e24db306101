"""An entailment model: whether a text (premise) supports a sentence, judged by a cross-encoder trained for natural language inference.

Any that sentence-transformers reads and whose labels name entailment: three labels, two, or one score a pair.
"""

from collections.abc import Sequence
from hashlib import sha256
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from rag_commons.encoder.cross_encoder import open_cross_encoder
from rag_commons.errors import EncoderUnusable

_BATCH = 16


class EntailmentModel:
    """Pairs of premise and sentence → chances between 0 and 1 that the premise supports the sentence, for any thread; slow to load."""

    def __init__(self, spec: str, option: str = "--judge") -> None:
        """Load the folder or model of the hub that `spec` names; EncoderUnusable, which names the option, where it is none."""
        from torch.nn import Sigmoid, Softmax

        self.name = spec.rstrip("/").rpartition("/")[2] or spec
        self._model = open_cross_encoder(spec, option)
        # its library does not say that several threads may ask at once
        self._lock = Lock()
        self._column = self._entails(spec)
        self._activation = Softmax(dim=-1) if self._model.num_labels > 1 else Sigmoid()

    @property
    def fingerprint(self) -> str:
        """What tells these weights from others: 16 hex digits of a sha256 over every parameter."""
        digest = sha256()
        for name, value in sorted(self._model.state_dict().items()):
            digest.update(name.encode() + value.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()[:16]

    def chances(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return one chance a pair (premise, sentence)."""
        if not pairs:
            return np.zeros(0)
        with self._lock:
            found = self._model.predict(list(pairs), batch_size=_BATCH, activation_fn=self._activation, show_progress_bar=False)
        return np.asarray(found, dtype=np.float64).reshape(len(pairs), -1)[:, self._column]

    def _entails(self, spec: str) -> int:
        count = self._model.num_labels
        if count == 1:
            return 0
        names = {int(at): str(name).lower() for at, name in dict(getattr(self._model.config, "id2label", None) or {}).items()}
        found = [at for at, name in names.items() if name.startswith(("entail", "support", "implication"))]
        if len(found) != 1:
            raise EncoderUnusable(
                "a cross-encoder one of whose labels is « entailment »",
                f"{spec}: {', '.join(names.values())[:200]}",
                "give a model of natural language inference that names its labels",
            )
        return found[0]
