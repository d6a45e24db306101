"""Choosing: which sentences make the answer, and in which order.

Trees beside the linear model say in which order sentences come, those of the best one's passage a little sooner; the linear model's
chances say how many, while it is unsure that the answer has been said. The one surprise: where the best sentence begins with a pronoun,
the one before it, which says of whom it speaks, comes right after.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from rag_commons.answering.abstention import Evidence, definition_before
from rag_commons.answering.features import FEATURES, Candidate
from rag_commons.retrieval.trees import Scorer, load_forest

MAX_STATEMENTS = 3
MAX_WORDS = 180
TREES = Path(__file__).parent / "reader.safetensors"

# once the sentences chosen answer this surely, nothing is added
_SURE = 0.995
# in logarithms of chances: what the other sentences of the best one's passage gain, since fewer sources are quicker to check
_SAME_PASSAGE = 0.6
# a sentence less likely than this to answer adds nothing
_MIN_CHANCE = 0.005


def chosen(evidence: Evidence) -> Iterator[Candidate]:
    """Yield the best sentence, then others while the answer may still be unsaid."""
    chances = np.exp(evidence.scores - evidence.scores.max())
    chances /= chances.sum()
    order = ranked(evidence)
    wanted = _lead(evidence, order[0])
    said: set[str] = set()
    words = 0
    sure = 0.0
    for at in (*wanted, *(at for at in order if at not in wanted)):
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


def ranked(evidence: Evidence) -> list[int]:
    """Return the candidates, likeliest first by linear model and trees together; equal ones keep the order of the hits."""
    scores = evidence.scores + _trees().scores(evidence.rows.astype(np.float32))
    best = evidence.candidates[int(np.argmax(scores))].passage
    gains = _SAME_PASSAGE * np.array([candidate.passage is best for candidate in evidence.candidates])
    return [int(at) for at in np.argsort(-(scores + gains), kind="stable")]


def _lead(evidence: Evidence, best: int) -> list[int]:
    """Return what comes first: the best sentence, and the one before it where that one says of whom it speaks, or what is defined."""
    defined = definition_before(evidence)
    if defined is not None:
        return [defined, evidence.best]
    before = best - 1
    one, other = evidence.candidates[best], evidence.candidates[before]
    adjacent = before >= 0 and other.passage is one.passage and other.sentence.number == one.sentence.number - 1
    return [best, before] if adjacent and one.pronoun() else [best]


@cache
def _trees() -> Scorer:
    forest = load_forest(TREES)
    if forest.features != FEATURES:
        raise ValueError(f"{TREES.name} was fitted on other features: eval/fit_reader.py makes it again")
    return Scorer(forest)
