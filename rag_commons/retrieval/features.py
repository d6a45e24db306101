"""The features of a candidate: how a passage meets a question, in numbers between -1 and 1 or so that a person can read.

What is counted is terms of the question, each weighed by its rarity; -1 says that the question has nothing of the kind (no name, no
number). No feature looks at what a passage is when no question is asked (its length, style, holder, collection or date): a ranker
that could tell collections apart would learn which one its training questions come from.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import fsum

import numpy as np
from numpy.typing import NDArray

from rag_commons.retrieval.asking import Asked, holds_wanted, lowered
from rag_commons.text.analysis import analyse

FEATURES: dict[str, str] = {
    "lexical": "score of the lexical search, relative to the best of the question",
    "lexical_share": "score of the lexical search over the summed rarity of the question's terms",
    "lexical_rank": "1 / rank of the lexical search",
    "dense": "cosine, in standard deviations above the mean of the question's nearest passages",
    "dense_rank": "1 / rank of the dense search",
    "bm25": "score of the lexical search less what is found anywhere: BM25 over the summed rarity of the question's terms",
    "body": "share of the question found in the passage",
    "title": "share of the question found in the title",
    "section": "share of the question found in the section path",
    "anywhere": "share of the question found in passage, title or section",
    "anywhere_stems": "the same, where a term may meet another with the same first five letters at 0.7",
    "sentence": "share of the question found in the best sentence",
    "sentence_title": "share of the question found in the best sentence with the title",
    "sentence_next": "the same for the next best sentence",
    "wanted": "whether the best sentence holds the kind of answer asked for (number, date, name)",
    "window": "share of the question found within 30 terms",
    "forms": "share of the question found word for word in passage or title",
    "forms_body": "share of the question found word for word in the passage",
    "forms_title": "share of the question found word for word in the title",
    "count": "number of terms found anywhere, over those of the question",
    "missing": "rarity of the rarest term that is nowhere, over that of the rarest",
    "pairs": "share of the pairs of neighbouring terms that are neighbours in the passage",
    "order": "pairs found in the order of the question, over the number of pairs",
    "names": "share of the question's names found",
    "numbers": "share of the question's numbers found",
    "title_known": "share of the title's terms that the question has",
    "rarest": "occurrences of the question's rarest term, over the root of the passage's length",
    "early": "share of the question found in the passage's first 25 terms",
    "first": "where the first term is found (0 first, 1 last or nowhere)",
    "run": "longest run of the question, of two words or more, that the passage has as it is, over the number of its words",
    "asked_terms": "number of terms of the question",
    "asked_rarity": "mean rarity of the question's terms",
    "asked_rarest": "rarity of the question's rarest term",
    "asked_best": "best lexical score of the question, over the summed rarity of its terms",
}

# how far a candidate is below the best of those read, which says more than where it stands by itself
_GAPS = (
    "lexical_share",
    "dense",
    "body",
    "title",
    "anywhere",
    "sentence",
    "sentence_title",
    "window",
    "forms",
    "forms_body",
    "pairs",
    "rarest",
    "bm25",
    "run",
)
# passages under one title speak of one thing: how near the best of them comes says whether that is what the question is about
_PAGE = ("lexical_share", "dense", "sentence_title", "forms", "bm25")
_ALONE = tuple(FEATURES)
FEATURES |= {f"{name}_gap": f"the feature {name}, less that of the best of the candidates" for name in _GAPS}
FEATURES |= {f"{name}_page_gap": f"the best {name} under the same title, less that of the best of the candidates" for name in _PAGE}
FEATURES |= {f"{name}_on_page": f"the feature {name}, less the best under the same title" for name in _PAGE}

_COLUMNS_OF_GAPS = [_ALONE.index(name) for name in _GAPS]
_COLUMNS_OF_PAGE = [_ALONE.index(name) for name in _PAGE]

WINDOW = 30
_EARLY = 25
_PREFIX = 5
_NEAR = 0.7
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+|\n|$)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage to rank, and what each search said of it: scores, and ranks from 0."""

    key: int
    title: str
    section: str
    text: str
    lexical: float
    lexical_rank: int
    dense: float
    dense_rank: int


@dataclass(frozen=True, slots=True)
class Searched:
    """What the searches say of the question itself: the best lexical score, mean and spread of the nearest cosines."""

    lexical: float
    mean: float
    spread: float


def measure(asked: Asked, searched: Searched, candidates: Sequence[Candidate]) -> NDArray[np.float32]:
    """Return the features, float32 (candidates, len(FEATURES)), columns in the order of FEATURES."""
    total = fsum(asked.rarity.values())
    if not total or not candidates:
        return np.zeros((len(candidates), len(FEATURES)), dtype=np.float32)
    reader = _Reader(asked, searched, total)
    alone = np.array([reader.row(candidate) for candidate in candidates], dtype=np.float32)
    compared, shared = alone[:, _COLUMNS_OF_GAPS], alone[:, _COLUMNS_OF_PAGE]
    best = _best_of_page([candidate.title for candidate in candidates], shared)
    return np.hstack([alone, compared - compared.max(axis=0), best - shared.max(axis=0), shared - best])


def _best_of_page(titles: Sequence[str], values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return, row by row, the best value of each column under the same title."""
    numbers: dict[str, int] = {}
    pages = np.array([numbers.setdefault(title, len(numbers)) for title in titles])
    best: NDArray[np.float32] = np.full((len(numbers), values.shape[1]), -np.inf, dtype=np.float32)
    np.maximum.at(best, pages, values)
    return np.take(best, pages, axis=0)


class _Reader:
    """Measures the candidates of one question."""

    def __init__(self, asked: Asked, searched: Searched, total: float) -> None:
        self.asked = asked
        self.searched = searched
        self.total = total
        self.rarest = max(asked.rarity, key=lambda term: asked.rarity[term])
        self.forms_total = sum(asked.forms.values()) or 1.0
        terms = asked.terms
        self.pairs = {pair: asked.rarity[pair[0]] + asked.rarity[pair[1]] for pair in pairwise(terms)}
        self.places = {term: place for place, term in enumerate(terms)}
        rarity = list(asked.rarity.values())
        self.about = (len(terms), total / len(terms), max(rarity), searched.lexical / total)

    def share(self, terms: Iterable[str]) -> float:
        """Return the share of the question that these terms make, each counted once.

        `fsum` rounds once, so that the order of a set, which changes from run to run, changes nothing.
        """
        return fsum(map(self.asked.rarity.__getitem__, terms)) / self.total

    def row(self, candidate: Candidate) -> tuple[float, ...]:
        """Return the features of a candidate."""
        rarity, (low, sentences, words) = self.asked.rarity, _analysed(candidate.text)
        hits = [(place, term) for place, term in enumerate(words) if term in rarity]
        counts = Counter(term for _, term in hits)
        title_terms, section_terms = _terms(candidate.title), _terms(candidate.section)
        title, section = rarity.keys() & title_terms, rarity.keys() & section_terms
        everywhere = counts.keys() | title | section
        anywhere = self.share(everywhere)
        return (
            *self._searches(candidate),
            candidate.lexical / self.total - anywhere,
            self.share(counts),
            self.share(title),
            self.share(section),
            anywhere,
            self._stems(everywhere, words),
            *self._sentences(candidate.text, sentences, title),
            self._window(hits),
            *self._forms(low, lowered(candidate.title)),
            len(everywhere) / len(rarity),
            max((weight for term, weight in rarity.items() if term not in everywhere), default=0.0) / rarity[self.rarest],
            *self._pairs(hits),
            _found(self.asked.names, everywhere),
            _found(self.asked.numbers, everywhere),
            len(title) / len(title_terms) if title_terms else 0.0,
            counts[self.rarest] / (len(words) + 1) ** 0.5,
            self.share({term for place, term in hits if place < _EARLY}),
            hits[0][0] / len(words) if hits else 1.0,
            self._run(low),
            *self.about,
        )

    def _searches(self, candidate: Candidate) -> tuple[float, ...]:
        searched = self.searched
        return (
            candidate.lexical / searched.lexical if searched.lexical else 0.0,
            candidate.lexical / self.total,
            1 / (candidate.lexical_rank + 1),
            (candidate.dense - searched.mean) / searched.spread,
            1 / (candidate.dense_rank + 1),
        )

    def _stems(self, everywhere: set[str], words: Sequence[str]) -> float:
        """Return the share found, where a term that is nowhere may meet the beginning of another."""
        lacking = [term for term in self.asked.rarity if len(term) >= _PREFIX and term not in everywhere]
        found = self.share(everywhere)
        if lacking:
            beginnings = {word[:_PREFIX] for word in words}
            found += _NEAR * self.share(term for term in lacking if term[:_PREFIX] in beginnings)
        return found

    def _sentences(self, text: str, sentences: Sequence[tuple[int, int, Sequence[str]]], title: set[str]) -> tuple[float, ...]:
        """Return the shares of the best sentence, with the title, and of the next one, and whether the best holds what is wanted."""
        rarity = self.asked.rarity
        best, own, following, place = -1.0, 0.0, 0.0, (0, 0)
        for start, end, terms in sentences:
            found = rarity.keys() & terms
            share = self.share(found | title)
            if share > best:
                following, best, own, place = max(best, 0.0), share, self.share(found), (start, end)
            elif share > following:
                following = share
        return own, max(best, 0.0), following, holds_wanted(self.asked, text[place[0] : place[1]])

    def _window(self, hits: Sequence[tuple[int, str]]) -> float:
        """Return the best share found within WINDOW terms."""
        inside: Counter[str] = Counter()
        best = share = 0.0
        first = 0
        for place, term in hits:
            if not inside[term]:
                share += self.asked.rarity[term]
            inside[term] += 1
            while hits[first][0] <= place - WINDOW:
                left = hits[first][1]
                inside[left] -= 1
                if not inside[left]:
                    share -= self.asked.rarity[left]
                first += 1
            best = max(best, share)
        return best / self.total

    def _forms(self, text: str, heading: str) -> Iterator[float]:
        body, title = self._written(text), self._written(heading)
        for found in (body | title, body, title):
            yield fsum(self.asked.forms[form] for form in found) / self.forms_total

    def _written(self, low: str) -> set[str]:
        """Return the words of the question that the text has as whole words, accents included."""
        return {form for form in self.asked.forms if form in low and _is_word(form, low)}

    def _run(self, low: str) -> float:
        """Return how many words the longest run of the question has that the text has too, over all its words; 0 for one word."""
        places = self.asked.places
        longest = 1
        for first, (start, _) in enumerate(places):
            while first + longest < len(places) and self.asked.low[start : places[first + longest][1]] in low:
                longest += 1
        return longest / len(places) if longest > 1 else 0.0

    def _pairs(self, hits: Sequence[tuple[int, str]]) -> tuple[float, float]:
        """Return the share of the question's pairs that are neighbours (half where turned round), and the share in its order."""
        if not self.pairs:
            return -1.0, 0.0
        near = {(term, after) for (place, term), (next_place, after) in pairwise(hits) if next_place - place <= 2}
        found = fsum(weight * max((one, two) in near, 0.5 * ((two, one) in near)) for (one, two), weight in self.pairs.items())
        ordered = sum(1 for one, two in near if self.places[two] > self.places[one])
        return found / sum(self.pairs.values()), ordered / len(self.pairs)


def _is_word(form: str, text: str) -> bool:
    """Whether a form that a text has stands somewhere between two characters of no word."""
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            return True
        start = text.find(form, start + 1)
    return False


def _found(wanted: frozenset[str], terms: set[str]) -> float:
    return len(wanted & terms) / len(wanted) if wanted else -1.0


@lru_cache(maxsize=8192)
def _analysed(text: str) -> tuple[str, tuple[tuple[int, int, list[str]], ...], list[str]]:
    """Return a passage in small letters, its sentences (start, end, terms) and all its terms: questions of one subject share passages."""
    sentences = tuple((match.start(), match.end(), analyse(match.group())) for match in _SENTENCE.finditer(text))
    return lowered(text), sentences, [term for _, _, terms in sentences for term in terms]


@lru_cache(maxsize=4096)
def _terms(heading: str) -> frozenset[str]:
    """Return the terms of a title or section path, which many passages share."""
    return frozenset(analyse(heading))
