"""Choosing: which sentences make the answer, and in which order.

Trees beside the linear model say which sentence comes first; the linear model's chances say which follow while it is unsure that the
answer has been said, shorter ones sooner, and sooner those right after the first. The one surprise: where the best sentence begins with
a pronoun, the one before it, which says of whom it speaks, comes right after.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag_commons.answering.abstention import Evidence, definition_before
from rag_commons.answering.features import FEATURES, Candidate
from rag_commons.retrieval.trees import Scorer, load_forest

MAX_STATEMENTS = 3
MAX_WORDS = 180
TREES = Path(__file__).parent / "reader.safetensors"

# once the sentences chosen answer this surely, nothing is added
_SURE = 0.985
# a sentence less likely than this to answer adds nothing
_MIN_CHANCE = 0.01
# in logarithms of chances: what a sentence e times as long loses, and what the next two after the best one gain
_LENGTH_COSTS, _NEXT_GAINS = 0.4, 0.3


def chosen(evidence: Evidence) -> Iterator[Candidate]:
    """Yield the best sentence, then others while the answer may still be unsaid."""
    chances = np.exp(evidence.scores - evidence.scores.max())
    chances /= chances.sum()
    wanted = _lead(evidence)
    best = wanted[0]
    said: set[str] = set()
    words = 0
    sure = 0.0
    for at in (*wanted, *(at for at in _followers(evidence, best) if at not in wanted)):
        candidate = evidence.candidates[at]
        unlikely = chances[at] < _MIN_CHANCE and at not in wanted
        if candidate.text in said or (said and (unlikely or words + candidate.sentence.length > MAX_WORDS)):
            continue
        yield candidate
        said.add(candidate.text)
        words += candidate.sentence.length
        sure += float(chances[at])
        if len(said) == MAX_STATEMENTS or (sure >= _SURE and len(said) >= len(wanted)):
            return


def first(evidence: Evidence) -> int:
    """Return the candidate that answers best by linear model and trees together, the first one where several do."""
    return int(np.argmax(evidence.scores + _trees().scores(evidence.rows.astype(np.float32))))


def _lead(evidence: Evidence) -> list[int]:
    """Return what comes first: the best sentence, and the one before it where that one says of whom it speaks, or what is defined."""
    defined = definition_before(evidence)
    if defined is not None:
        return [defined, evidence.best]
    best = first(evidence)
    before = best - 1
    one, other = evidence.candidates[best], evidence.candidates[before]
    adjacent = before >= 0 and other.passage is one.passage and other.sentence.number == one.sentence.number - 1
    return [best, before] if adjacent and one.pronoun() else [best]


def _followers(evidence: Evidence, best: int) -> list[int]:
    """Return the candidates in the order in which they follow; equal ones keep the order of the hits, so that the order is one."""
    one = evidence.candidates[best]
    lengths = np.array([candidate.sentence.length for candidate in evidence.candidates])
    near = [c.passage is one.passage and 0 < c.sentence.number - one.sentence.number <= 2 for c in evidence.candidates]
    worth: NDArray[np.float64] = evidence.scores - _LENGTH_COSTS * np.log(lengths + 5) + _NEXT_GAINS * np.array(near)
    return [int(at) for at in np.argsort(-worth, kind="stable")]


@cache
def _trees() -> Scorer:
    forest = load_forest(TREES)
    if forest.features != FEATURES:
        raise ValueError(f"{TREES.name} was fitted on other features: eval/fit_reader.py makes it again")
    return Scorer(forest)
