"""Training of the ranker: questions with the document that answers → trees over the features of their candidates.

1. each training question is searched as the retriever would, with an encoder that has not seen it (`heldout.py`);
2. the candidates are measured, and those of the document that answers are marked;
3. LightGBM's LambdaRank learns which come first; its chances are calibrated on questions left out (Platt);
4. the trees are written as arrays (`trees.py`).

LightGBM is imported here only. The same questions, index and encoders give the same trees.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag_commons.encoder.corpus import AskedQuestion
from rag_commons.index.opened import Index
from rag_commons.retrieval.features import FEATURES, measure
from rag_commons.retrieval.finding import candidates, depth, find, prepare, read_best
from rag_commons.retrieval.fusion import Calibration, Scores
from rag_commons.retrieval.trees import Forest

if TYPE_CHECKING:
    import lightgbm

FOLDS = 5
_K = 20
_PARAMETERS = {
    "objective": "lambdarank",
    "learning_rate": 0.04,
    "num_leaves": 15,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "lambdarank_truncation_level": 20,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 20260101,
    "verbose": -1,
}
ROUNDS = 250


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """The candidates of a question, measured: features (candidates, features), which of them answer, their documents, title, weight."""

    title: str
    values: NDArray[np.float32]
    answers: NDArray[np.bool_]
    documents: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Trained:
    """Trees, the share of the gain that each feature brought, and recall by rank on titles left out in turn.

    Recall is that of the questions that count most.
    """

    forest: Forest
    importances: Mapping[str, float]
    recall: Mapping[int, float]


def observe(index: Index, question: AskedQuestion, dense: Scores, reads: int, calibration: Calibration | None = None) -> Observed:
    """Search, read and measure the candidates of a question."""
    asked = prepare(index, question.question)
    found = find(index, asked, dense[: depth(_K)], _K, None, calibration or Calibration())
    passages = read_best(index, found, reads)
    values = measure(asked, *candidates(found, passages))
    documents = tuple(item.passage.document_id for item in passages)
    same = {question.document_id}
    for key in index.document_passages(question.document_id)[:1]:
        same.update(index.same_text(key))
    answers = np.array([document in same for document in documents], dtype=bool)
    return Observed(question.title, values, answers, documents, question.weight)


def train_ranker(observed: Sequence[Observed], rounds: int = ROUNDS) -> Trained:
    """Learn the trees from all questions, and their calibration and recall from parts left out in turn, by title."""
    useful = [one for one in observed if one.answers.any()]
    out_of_fold = list(_left_out_scores(observed, rounds))
    booster = _boost(useful, rounds)
    gains = booster.feature_importance("gain")
    importances = dict(zip(FEATURES, (gains / gains.sum()).tolist(), strict=True))
    slope, offset = platt(
        np.concatenate([scores for _, scores in out_of_fold]),
        np.concatenate([one.answers for one, _ in out_of_fold]),
        _weights([one for one, _ in out_of_fold]),
    )
    heaviest = max(one.weight for one in observed)
    ranks = np.array([_rank(one, scores) for one, scores in out_of_fold if one.weight == heaviest])
    recall = {k: float(np.mean(ranks < k)) for k in (1, 5, 20)}
    return Trained(replace(forest_of(booster), slope=slope, offset=offset), importances, recall)


def _left_out_scores(observed: Sequence[Observed], rounds: int) -> Iterator[tuple[Observed, NDArray[np.float64]]]:
    """Yield every question with the scores of trees that did not see its title."""
    for fold in range(FOLDS):
        booster = _boost([one for one in observed if _fold(one.title) != fold and one.answers.any()], rounds)
        for one in observed:
            if _fold(one.title) == fold and len(one.values):
                yield one, np.asarray(booster.predict(one.values), dtype=np.float64)


def _boost(observed: Sequence[Observed], rounds: int) -> "lightgbm.Booster":
    import lightgbm

    data = lightgbm.Dataset(
        np.concatenate([one.values for one in observed]),
        np.concatenate([one.answers for one in observed]).astype(np.int32),
        weight=_weights(observed),
        group=[len(one.answers) for one in observed],
        feature_name=list(FEATURES),
    )
    return lightgbm.train(_PARAMETERS, data, rounds)


def _weights(observed: Sequence[Observed]) -> NDArray[np.float64]:
    return np.concatenate([np.full(len(one.answers), one.weight) for one in observed])


def _fold(title: str) -> int:
    return int(sha256(title.encode()).hexdigest()[2], 16) % FOLDS


def _rank(one: Observed, scores: NDArray[np.float64]) -> int:
    """Return how many documents come before the first that answers, each counted once; all of them where none does."""
    seen: set[str] = set()
    for place in np.argsort(-scores, kind="stable"):
        if one.answers[place]:
            return len(seen)
        seen.add(one.documents[place])
    return len(one.answers) + 1000


def platt(scores: NDArray[np.float64], answers: NDArray[np.bool_], counts: NDArray[np.float64] | None = None) -> tuple[float, float]:
    """Return slope and offset of the logistic that turns scores into chances (Platt 1999), by Newton's method; `counts` weigh them."""
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    weights = np.array([1.0, 0.0])
    counted = design if counts is None else design * counts[:, None]
    for _ in range(50):
        chances = 1 / (1 + np.exp(-design @ weights))
        gradient = counted.T @ (chances - answers)
        curvature = (counted * (chances * (1 - chances))[:, None]).T @ design + 1e-6 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return float(weights[0]), float(weights[1])


def forest_of(booster: "lightgbm.Booster") -> Forest:
    """Return LightGBM's trees as arrays."""
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    nodes = max(1, max(_splits(tree) for tree in trees))
    shape = (len(trees), nodes)
    feature, left, right = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    threshold, leaf = np.zeros(shape), np.zeros((len(trees), nodes + 1), dtype=np.float32)
    left -= 1
    right -= 1
    for number, root in enumerate(trees):
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if "leaf_value" in node:
                leaf[number, node.get("leaf_index", 0)] = node["leaf_value"]
                continue
            at = node["split_index"]
            feature[number, at], threshold[number, at] = node["split_feature"], node["threshold"]
            left[number, at], right[number, at] = _child(node["left_child"]), _child(node["right_child"])
            waiting += [node["left_child"], node["right_child"]]
    return Forest(tuple(FEATURES), feature, threshold, left, right, leaf)


def _splits(node: Mapping[str, object]) -> int:
    if "leaf_value" in node:
        return 0
    left, right = node["left_child"], node["right_child"]
    assert isinstance(left, dict) and isinstance(right, dict)
    return 1 + _splits(left) + _splits(right)


def _child(node: Mapping[str, object]) -> int:
    number = node["leaf_index"] if "leaf_value" in node else node["split_index"]
    assert isinstance(number, int)
    return ~number if "leaf_value" in node else number
