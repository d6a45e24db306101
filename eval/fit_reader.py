"""Fit the extractive reader on PIAF (train half) and AfriQA: `python eval/fit_reader.py --index DIR --held-out ENC0 --held-out ENC1`.

DIR is an index of the documents of `data/commons`, ENC0 and ENC1 are the encoders of `heldout_hits.py`, whose hits `--hits` names: no
question is read with an encoder or ranker that has seen it. The test part of AfriQA is left out too. Cross-validation by title is
printed; the weights fitted on everything go to reader.json, and the trees that say beside them which sentence comes first to
reader.safetensors.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from answering_data import AFRIQA_COUNTS, FOLDS, Asked, Choice, Words, afriqa, choice, fit_choices, fold_of, piaf

from rag_commons.answering.features import FEATURES, candidates_of, describe, weigh
from rag_commons.answering.linear import LinearModel, write_linear_model
from rag_commons.answering.question import understand
from rag_commons.answering.rarity import rarity_of
from rag_commons.answering.reading import read_passages
from rag_commons.documents import Hit
from rag_commons.encoder import Encoder, load_encoder
from rag_commons.retrieval.heldout import fold_of as half_of
from rag_commons.retrieval.learning import forest_of
from rag_commons.retrieval.trees import Forest, Scorer, save_forest

ROOT = Path(__file__).resolve().parents[1]
ABOUT = "How much each feature of a sentence says that it answers (rag_commons/answering/features.py)"

TREES = {
    **{"objective": "lambdarank", "lambdarank_truncation_level": 10, "learning_rate": 0.08, "num_leaves": 7, "min_data_in_leaf": 200},
    **{"feature_fraction": 0.25, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0},
    **{"deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1},
}
ROUNDS = 150
SEEDS = (1, 2, 3, 4)
# of a score of the trees beside one of the linear model, whose scores spread less than twice as far
TREES_COUNT = 0.6

COMMAND = "python eval/{} --index DIR --hits hits.jsonl --held-out ENC0 --held-out ENC1"


def read_options(about: str | None, weights: str) -> argparse.Namespace:
    """Read the options of a fit, which writes its weights beside the answering room's modules."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--hits", type=Path, required=True, help="hits of heldout_hits.py")
    parser.add_argument("--held-out", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "rag_commons" / "answering" / weights)
    return parser.parse_args()


def held_out(folders: list[Path]) -> Callable[[Asked], Encoder]:
    """Return what gives the encoder that has not seen a question of PIAF."""
    encoders = [load_encoder(str(folder)) for folder in folders]
    return lambda asked: encoders[half_of(asked.title)]


def choose_from(words: Words, asked: Asked, hits: list[Hit], counts: float, encoder: Encoder | None = None) -> Choice:
    """Describe the sentences of the hits for a question."""
    question = understand(asked.question)
    passages = read_passages(hits)
    rows = describe(weigh(question, rarity_of(question.terms, words)), passages, encoder)
    return choice(asked, candidates_of(passages), rows, counts)


def fit_trees(choices: list[Choice]) -> Forest:
    """Boost trees on which sentences answer, a few times over other samples of rows; their mean counts beside the linear score."""
    import lightgbm

    kept = [one for one in choices if one.right.any() and not one.right.all()]
    sizes = [len(one.right) for one in kept]
    rows = np.concatenate([one.rows for one in kept]).astype(np.float32)
    right = np.concatenate([one.right for one in kept]).astype(np.int32)
    counts = np.repeat([one.counts for one in kept], sizes)
    forests = []
    for seed in SEEDS:
        data = lightgbm.Dataset(rows, right, weight=counts, group=sizes)
        forests.append(forest_of(lightgbm.train({**TREES, "seed": seed}, data, ROUNDS)))
    nodes = max(forest.feature.shape[1] for forest in forests)
    assert all(forest.feature.shape[1] == nodes for forest in forests)
    joined = {name: np.concatenate([getattr(forest, name) for forest in forests]) for name in ("feature", "threshold", "left", "right")}
    leaf = np.concatenate([forest.leaf for forest in forests]) * np.float32(TREES_COUNT / len(forests))
    return Forest(FEATURES, joined["feature"], joined["threshold"], joined["left"], joined["right"], leaf)


def first_right(model: LinearModel, trees: Scorer, choices: list[Choice]) -> float:
    """Return the share of questions whose best sentence answers."""
    scores = [model.score(one.rows) + trees.scores(one.rows.astype(np.float32)) for one in choices]
    return float(np.mean([bool(len(one.right)) and bool(one.right[np.argmax(score)]) for one, score in zip(choices, scores, strict=True)]))


def main() -> None:
    options = read_options(__doc__, "reader.json")
    words = Words(options.index)
    held, encoder = words.held(options.hits), held_out(options.held_out)
    own = [choose_from(words, asked, held[asked.id, "in"], 1.0, encoder(asked)) for asked in piaf(options.data, "train")]
    other = [choose_from(words, asked, [hit], AFRIQA_COUNTS) for asked, hit in afriqa(options.data)]
    shares = []
    for fold in range(FOLDS):
        seen = [c for c in own + other if fold_of(c.title) != fold]
        model, trees = fit_choices(seen), Scorer(fit_trees(seen))
        left = [[c for c in part if fold_of(c.title) == fold] for part in (own, other)]
        shares.append([(first_right(model, trees, part), len(part)) for part in left])
    for name, column in (("PIAF train", 0), ("AfriQA, context given", 1)):
        right = sum(share[column][0] * share[column][1] for share in shares) / sum(share[column][1] for share in shares)
        print(f"{name}: best sentence of the gold passage answers {100 * right:.1f} % (cross-validated by title)")
    model = fit_choices(own + other)
    options.out.write_text(write_linear_model(model, COMMAND.format("fit_reader.py"), ABOUT), encoding="utf-8")
    save_forest(fit_trees(own + other), options.out.with_suffix(".safetensors"))


if __name__ == "__main__":
    main()
