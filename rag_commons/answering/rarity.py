"""Rarity: how much a word of a question tells, from the index and, where the index is small, from French at large.

In an index of a few hundred passages nearly every word is rare, so that « trouver » would weigh as much as a name. Each term's share of
the passages is therefore read with `PRIOR` passages of ordinary French added (`common_terms.txt`), which a large index drowns.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Protocol

PRIOR = 2000

# a term of no text: its frequency says how many passages there are
_HELD_BY_NONE = "\0"
# what a term that the file leaves out has in a thousand passages, more or less
_UNCOMMON = 0.1


class Rarity(Protocol):
    """What knows how rare words are: a retriever."""

    def idf(self, terms: Iterable[str]) -> Mapping[str, float]:
        """Return the inverse document frequency of each term, ln((passages + 1) / (holding + 0.5))."""
        ...


def rarity_of(terms: Iterable[str], rarity: Rarity) -> dict[str, float]:
    """Return the inverse document frequency of each term in the index and in ordinary French together."""
    wanted = tuple(terms)
    idf = rarity.idf((*wanted, _HELD_BY_NONE))
    passages = 0.5 * math.exp(idf[_HELD_BY_NONE])
    common = _common_terms()
    weights = {}
    for term in wanted:
        holding = passages / math.exp(idf[term]) + PRIOR * common.get(term, _UNCOMMON) / 1000
        weights[term] = math.log((passages + PRIOR) / holding)
    return weights


@cache
def _common_terms() -> dict[str, float]:
    lines = files("rag_commons.answering").joinpath("common_terms.txt").read_text("utf-8").splitlines()
    return {term: float(share) for term, share in (line.split() for line in lines if not line.startswith("#"))}
