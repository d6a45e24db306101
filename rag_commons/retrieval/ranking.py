"""Rankers: what reads the best candidates again, more closely, and says how likely each is the passage that answers."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag_commons.errors import IndexUnusable
from rag_commons.index.context import passage_context
from rag_commons.retrieval.asking import Asked
from rag_commons.retrieval.features import FEATURES, Candidate, Searched, measure
from rag_commons.retrieval.trees import Forest, Scorer, load_forest

SHIPPED = Path(__file__).parent / "ranker" / "ranker.safetensors"


class Ranker(Protocol):
    """Candidates → chances. `reads` is how many candidates of a question it reads."""

    @property
    def reads(self) -> int:
        """How many candidates of a question are worth the time it takes."""
        ...

    def chances(self, asked: Asked, searched: Searched, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """Return for each candidate a score between 0 and 1, higher for likelier answers."""
        ...


class TreeRanker:
    """Gradient-boosted trees over the features of `features.py`."""

    reads = 80

    def __init__(self, forest: Forest) -> None:
        """Take trees that were trained on today's features; IndexUnusable for others."""
        if forest.features != tuple(FEATURES):
            raise IndexUnusable("a ranker trained on the features of this release", "others", "run `rag-commons train-ranker`")
        self._scorer = Scorer(forest)

    def chances(self, asked: Asked, searched: Searched, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """Return the calibrated chance of each candidate."""
        return self._scorer.chances(measure(asked, searched, candidates))


class CrossRanker:
    """A cross-encoder, which reads question and passage together: closer, and hundreds of times slower."""

    reads = 30

    def __init__(self, spec: str) -> None:
        """Load the folder or model of the hub that `spec` names; EncoderUnusable when it is none."""
        from rag_commons.encoder.reranker import CrossEncoderModel

        self._model = CrossEncoderModel(spec)

    def chances(self, asked: Asked, searched: Searched, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """Return the model's score of each candidate, between 0 and 1."""
        return self._model.scores(asked.text, [passage_context(one.title, one.section or None, one.text) for one in candidates])


@cache
def load_ranker(path: Path = SHIPPED) -> TreeRanker:
    """Load trees, by default the shipped ones."""
    return TreeRanker(load_forest(path))
