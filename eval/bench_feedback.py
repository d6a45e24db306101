"""Pseudo-relevance feedback, measured on the training half of PIAF: does a second search with the words of the first one's best pay?

    python eval/bench_feedback.py --index indexes/commons --questions ../shared/data/questions/piaf.jsonl --held-out DIR --held-out DIR

The relevance model RM3 (Abdul-Jaleel et al. 2004) over the lexical search: the terms of the best passages, each by how often it stands
there, how rare it is and how well its passage scored, are added to the question at a part of a term's weight. With two encoders that
have not seen the questions (`rag_commons/retrieval/heldout.py`) the order is that of both searches, from whose first 80 passages the
ranker chooses. A hit is the first rank whose document answers. Nothing of the test half is read: this chooses, it does not report.
"""

import argparse
import math
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import product
from pathlib import Path

from rag_commons.encoder import load_encoder
from rag_commons.encoder.corpus import AskedQuestion, read_questions
from rag_commons.index.opened import Index
from rag_commons.retrieval.asking import Asked
from rag_commons.retrieval.finding import FIELDS, depth, join, prepare
from rag_commons.retrieval.fusion import Calibration, Scores
from rag_commons.retrieval.heldout import fold_of, search_all
from rag_commons.text.analysis import analyse

CUTOFFS = (1, 5, 20, 80)
DEEP = 200
PASSAGES, TERMS, WEIGHTS = (3, 10), (10, 30, 100), (1, 3)
# a question's own terms are searched this many times over, so that added ones may weigh a part of them
WHOLE = 10
# how much lower a BM25 score is for which a passage counts e times less
FALL = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, action="append", default=[])
    parser.add_argument("--limit", type=int, default=None)
    arguments = parser.parse_args()
    index = Index.open(arguments.index)
    questions = [question for question in read_questions([arguments.questions]) if question.part != "test"][: arguments.limit]
    asked = [prepare(index, question.question) for question in questions]
    dense = nearest(index, questions, arguments.held_out)
    first = [search(index, one, {}) for one in asked]
    print(f"{len(questions)} questions" + "".join(f"{f'R@{k}':>8}" for k in CUTOFFS))
    tell(index, "no feedback", questions, fused(asked, dense, first))
    for passages, terms in product(PASSAGES, TERMS):
        added = [feedback(index, one, hits[:passages], terms) for one, hits in zip(asked, first, strict=True)]
        for weight in WEIGHTS:
            again = [search(index, one, scaled(more, weight)) for one, more in zip(asked, added, strict=True)]
            tell(index, f"{passages} passages, {terms} terms, at most {weight / WHOLE:.1f}", questions, fused(asked, dense, again))


def search(index: Index, asked: Asked, added: dict[str, int]) -> Scores:
    """Search the words of a question, and those that are added as many times as they count."""
    terms = [*asked.repeated * WHOLE, *Counter(added).elements()]
    worth = {term: WHOLE * rarity for term, rarity in asked.rarity.items()}
    return [(key, score / WHOLE) for key, score in index.lexical_search(terms, depth(1), None, FIELDS, worth)]


def nearest(index: Index, questions: Sequence[AskedQuestion], encoders: Sequence[Path]) -> list[Scores]:
    """Return the passages nearest to each question by the encoder that has not seen its title, none without encoders."""
    found: list[Scores] = [[] for _ in questions]
    for fold, folder in enumerate(encoders):
        places = [place for place, question in enumerate(questions) if fold_of(question.title) == fold]
        for place, hits in zip(
            places, search_all(index, load_encoder(str(folder)), [questions[place].question for place in places], depth(1)), strict=True
        ):
            found[place] = hits
    return found


def fused(asked: Sequence[Asked], dense: Sequence[Scores], lexical: Sequence[Scores]) -> list[Scores]:
    """Return the order of both searches, or of the one that there is."""
    return [
        [(hit.key, hit.score) for hit in join(one, near, words, 1, Calibration()).fused] if near else words
        for one, near, words in zip(asked, dense, lexical, strict=True)
    ]


def feedback(index: Index, asked: Asked, best: Scores, count: int) -> list[tuple[str, float]]:
    """Return the terms that the best passages have and the question has not, and what each is worth, the most telling first."""
    worth: Counter[str] = Counter()
    for key, score in best:
        read = index.passage(key)
        terms = terms_of(read[0].text) if read else ()
        near = math.exp((score - best[0][1]) / FALL)
        for term, times in Counter(terms).items():
            if term not in asked.rarity:
                worth[term] += near * times / len(terms)
    rarity = {term: math.log1p(index.manifest.passages / (1 + index.frequency(term))) for term in worth}
    return sorted(((term, part * rarity[term]) for term, part in worth.items()), key=lambda pair: (-pair[1], pair[0]))[:count]


def scaled(terms: Sequence[tuple[str, float]], most: int) -> dict[str, int]:
    """Return how many times each term is searched, the most telling `most` times; what rounds to none is left out."""
    return {term: times for term, worth in terms if (times := round(most * worth / terms[0][1]))}


@cache
def terms_of(text: str) -> tuple[str, ...]:
    return tuple(analyse(text))


def tell(index: Index, name: str, questions: Sequence[AskedQuestion], found: Sequence[Scores]) -> None:
    """Print the share of questions whose document is among the first, at each cutoff."""
    ranks = [rank(index, question, hits) for question, hits in zip(questions, found, strict=True)]
    print(f"{name:<40}" + "".join(f"{100 * sum(place < k for place in ranks) / len(ranks):8.1f}" for k in CUTOFFS), flush=True)


def rank(index: Index, question: AskedQuestion, hits: Scores) -> int:
    """Return the rank of the first document that answers, from 0; DEEP where there is none."""
    answers = {question.document_id, *(twin for key in index.document_passages(question.document_id)[:1] for twin in index.same_text(key))}
    documents = dict.fromkeys(read[0].document_id for key, _ in hits[:DEEP] if (read := index.passage(key)))
    return next((place for place, document in enumerate(documents) if document in answers), DEEP)


if __name__ == "__main__":
    main()
