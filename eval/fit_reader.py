"""Fit the extractive reader: `python eval/fit_reader.py --index DIR --hits hits.jsonl --held-out ENC0 --held-out ENC1`.

It reads PIAF's train half, the questions of `questions/` and AfriQA but its test part. DIR is an index of the documents of
`data/commons`, ENC0 and ENC1 are the encoders of `heldout_hits.py`, whose hits `--hits` names: no question is read with an encoder or
ranker that has seen it. Those on the sample are asked of an index of it. Cross-validation by title is
printed; the weights fitted on everything go to reader.json, and the trees that say beside them which sentence comes first to
reader.safetensors.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from answering_data import (
    AFRIQA_COUNTS,
    FOLDS,
    HITS,
    Asked,
    Choice,
    Words,
    afriqa,
    choice,
    fit_choices,
    fold_of,
    of_sample,
    piaf,
    sample_index,
    written,
)

from rag_commons.answering.features import FEATURES, candidates_of, describe, weigh
from rag_commons.answering.linear import LinearModel, write_linear_model
from rag_commons.answering.question import understand
from rag_commons.answering.rarity import rarity_of
from rag_commons.answering.reading import read_passages
from rag_commons.documents import Hit
from rag_commons.encoder import Encoder, load_encoder
from rag_commons.index.opened import Index
from rag_commons.retrieval.heldout import fold_of as half_of
from rag_commons.retrieval.learning import forest_of
from rag_commons.retrieval.retriever import Retriever
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


def choices_of(words: Words, data: Path, found: Path, encoder: Callable[[Asked], Encoder]) -> dict[str, list[Choice]]:
    """Return what the reader learns from: each set by name, the sentences of the hits of each question."""
    held = words.held(found)
    sets = {
        "PIAF train": [choose_from(words, asked, held[asked.id, "in"], 1.0, encoder(asked)) for asked in piaf(data, "train")],
        "written": [choose_from(words, asked, held[asked.id, "in"], asked.weight, encoder(asked)) for asked in written(words.index)],
        "AfriQA, context given": [choose_from(words, asked, [hit], AFRIQA_COUNTS) for asked, hit in afriqa(data)],
    }
    with sample_index() as directory:
        own, retriever = Words(directory), Retriever(Index.open(directory))
        answered = [asked for asked in of_sample() if asked.answerable]
        sets["sample"] = [choose_from(own, asked, retriever.retrieve(asked.question, HITS), 1.0) for asked in answered]
    return sets


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
    sets = choices_of(Words(options.index), options.data, options.hits, held_out(options.held_out))
    every = [one for part in sets.values() for one in part]
    right = dict.fromkeys(sets, 0.0)
    for fold in range(FOLDS):
        seen = [one for one in every if fold_of(one.title) != fold]
        model, trees = fit_choices(seen), Scorer(fit_trees(seen))
        for name, part in sets.items():
            left = [one for one in part if fold_of(one.title) == fold]
            right[name] += first_right(model, trees, left) * len(left) / len(part)
    for name, share in right.items():
        print(f"{name}: best sentence of the gold passage answers {100 * share:.1f} % (cross-validated by title)")
    model = fit_choices(every)
    options.out.write_text(write_linear_model(model, COMMAND.format("fit_reader.py"), ABOUT), encoding="utf-8")
    save_forest(fit_trees(every), options.out.with_suffix(".safetensors"))


if __name__ == "__main__":
    main()
