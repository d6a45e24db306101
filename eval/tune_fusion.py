"""The calibration of the fusion, chosen on the training half of PIAF: recall of the fused order, without the ranker, over a grid.

    python eval/tune_fusion.py --index /tmp/commons --questions ../shared/data/questions/piaf.jsonl --held-out DIR --held-out DIR

The two encoders were trained without the first and the second half of the titles (`rag_commons/retrieval/heldout.py`); with the index's
own, which has read these questions, the dense search would get all the weight.
"""

import argparse
from itertools import product
from pathlib import Path

import numpy as np

from rag_commons.encoder import load_encoder
from rag_commons.encoder.corpus import AskedQuestion, part_of, read_questions
from rag_commons.index.opened import Index
from rag_commons.retrieval.finding import depth, find, join, prepare
from rag_commons.retrieval.fusion import Calibration, Scores
from rag_commons.retrieval.heldout import fold_of, search_all

CUTOFFS = (1, 5, 20, 50)
READ = 80  # the ranker's candidates: how often the passage is among them
GRID = [Calibration(*numbers) for numbers in product((0.4, 0.5, 0.7), (0.4, 0.6, 0.8), (0.0, 0.2, 0.3, 0.5))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, action="append", required=True)
    arguments = parser.parse_args()
    index = Index.open(arguments.index)
    questions = [question for question in read_questions(arguments.questions) if part_of(question.title) != "test"]
    searched: list[tuple[AskedQuestion, Scores]] = []
    for fold, folder in enumerate(arguments.held_out):
        part = [question for question in questions if fold_of(question.title) == fold]
        found = search_all(index, load_encoder(str(folder)), [question.question for question in part], depth(1))
        searched += zip(part, found, strict=True)
    print("lexical dense weight  " + "  ".join(f"R@{k}" for k in CUTOFFS) + f"  in {READ}")
    for calibration, figures in tune(index, searched):
        print(f"{calibration.lexical:7} {calibration.dense:5} {calibration.weight:6}  " + "  ".join(f"{figure:.3f}" for figure in figures))


def tune(index: Index, searched: list[tuple[AskedQuestion, Scores]]) -> list[tuple[Calibration, list[float]]]:
    """Return the recall at each cutoff, and of the candidates, for each calibration of the grid."""
    documents: dict[int, str] = {}

    def document(key: int) -> str:
        if key not in documents:
            read = index.passage(key)
            documents[key] = read[0].document_id if read else ""
        return documents[key]

    gold = [
        {question.document_id, *(twin for key in index.document_passages(question.document_id)[:1] for twin in index.same_text(key))}
        for question, _ in searched
    ]
    once = [find(index, prepare(index, question.question), dense, 1, None, GRID[0]) for question, dense in searched]
    rows = []
    for calibration in GRID:
        ranks, among = [], []
        for found, answers in zip(once, gold, strict=True):
            fused = join(found.asked, found.dense, found.lexical, found.titles, calibration).fused[:100]
            order = list(dict.fromkeys(document(item.key) for item in fused))
            ranks.append(next((rank for rank, name in enumerate(order) if name in answers), 1000))
            among.append(any(document(item.key) in answers for item in fused[:READ]))
        rows.append((calibration, [*(float(np.mean(np.array(ranks) < k)) for k in CUTOFFS), float(np.mean(among))]))
    return rows


if __name__ == "__main__":
    main()
