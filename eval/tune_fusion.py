"""The fusion, chosen on the training half of PIAF: recall of the fused order, without the ranker, over a grid.

    python eval/tune_fusion.py --index indexes/commons --questions ../shared/data/questions/piaf.jsonl --held-out DIR --held-out DIR

The grid is of what titles and headings count for beside bodies, of what a term found anywhere is worth beside BM25, and of the weight of
the dense search. The last line gives slope and offset of the logistic that makes chances of the best one's sums. The two encoders were
trained without the first and the second half of the titles (`rag_commons/retrieval/heldout.py`); with the index's own, which has read
these questions, the dense search would get all the weight.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from rag_commons.encoder import load_encoder
from rag_commons.encoder.corpus import AskedQuestion, read_questions
from rag_commons.index.lexical import Boosts
from rag_commons.index.opened import Index
from rag_commons.retrieval.asking import Asked
from rag_commons.retrieval.finding import depth, join, prepare
from rag_commons.retrieval.fusion import Calibration, Fused, Scores
from rag_commons.retrieval.heldout import fold_of, search_all
from rag_commons.retrieval.learning import platt

CUTOFFS = (1, 5, 20, 50)
READ = 80  # the ranker's candidates: how often the passage is among them
DEEP = 400
BOOSTS, ANYWHERE, DENSE = (0.2, 0.4), (0.0, 0.5, 1.0, 1.5), (0.0, 0.02, 0.04, 0.06, 0.08)


@dataclass(frozen=True, slots=True)
class Searched:
    """A question with what its encoder found, the documents that answer, and what the lexical searches found by boost and worth."""

    asked: Asked
    dense: Scores
    answers: frozenset[str]
    lexical: Mapping[tuple[float, float], Scores]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, action="append", required=True)
    arguments = parser.parse_args()
    index = Index.open(arguments.index)
    questions = [question for question in read_questions([arguments.questions]) if question.part != "test"]
    searched: list[Searched] = []
    for fold, folder in enumerate(arguments.held_out):
        part = [question for question in questions if fold_of(question.title) == fold]
        found = search_all(index, load_encoder(str(folder)), [question.question for question in part], depth(1))
        searched += [search(index, question, dense) for question, dense in zip(part, found, strict=True)]
    tell(index, searched)


def search(index: Index, question: AskedQuestion, dense: Scores) -> Searched:
    asked = prepare(index, question.question)
    answers = {question.document_id, *(twin for key in index.document_passages(question.document_id)[:1] for twin in index.same_text(key))}
    lexical = {}
    for boost, anywhere in product(BOOSTS, ANYWHERE):
        worth = {term: anywhere * rarity for term, rarity in asked.rarity.items()}
        lexical[boost, anywhere] = index.lexical_search(asked.repeated, depth(1), None, Boosts(boost, boost, 1.0), worth)
    return Searched(asked, dense, frozenset(answers), lexical)


def tell(index: Index, searched: list[Searched]) -> None:
    """Print the recall at each cutoff, and of the candidates, for each point of the grid."""
    document = cache(lambda key: (read := index.passage(key)) and read[0].document_id)
    print("titles anywhere dense  " + "  ".join(f"R@{k}" for k in CUTOFFS) + f"  in {READ}")
    best: tuple[float, list[Fused], list[bool]] = (0.0, [], [])
    for (boost, anywhere), weight in product(product(BOOSTS, ANYWHERE), DENSE):
        ranks, among, sums, found = [], [], [], []
        for one in searched:
            fused = join(one.asked, one.dense, one.lexical[boost, anywhere], 1, Calibration(weight)).fused
            names = [document(item.key) for item in fused[:DEEP]]
            order = list(dict.fromkeys(names))
            ranks.append(next((rank for rank, name in enumerate(order) if name in one.answers), 1000))
            among.append(any(name in one.answers for name in names[:READ]))
            sums += fused[:DEEP]
            found += [name in one.answers for name in names]
        figures = [*(float(np.mean(np.array(ranks) < k)) for k in CUTOFFS), float(np.mean(among))]
        best = max(best, (figures[0] + figures[1] + figures[2], sums, found), key=lambda row: row[0])
        print(f"{boost:6} {anywhere:8} {weight:5}  " + "  ".join(f"{figure:.3f}" for figure in figures), flush=True)
    chances = np.clip([item.score for item in best[1]], 1e-12, 1 - 1e-12)
    calibration = Calibration()
    plain = (np.log(chances / (1 - chances)) - calibration.offset) / calibration.slope
    print("slope and offset", *platt(plain, np.array(best[2])))


if __name__ == "__main__":
    main()
