"""Features: what each sentence of the hits shares with a question, as numbers that a person can read.

Shares of the question weigh each term by its rarity (idf), those that only ask counting for a third. Meaning has two columns, cosines
of the shipped encoder whatever the index has, and the ranker one: the chance of the passage, which scores outside 0 to 1 end at.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag_commons.answering.cues import cue
from rag_commons.answering.question import KINDS, Question
from rag_commons.answering.reading import ReadPassage, ReadSentence
from rag_commons.answering.related_words import related_groups
from rag_commons.documents import Hit
from rag_commons.encoder import Encoder, load_encoder

_ASKING_COUNTS = 0.35
# chances beyond these are seldom seen, and what is given as certain is no chance
_LEAST_CHANCE, _MOST_CHANCE = 1e-4, 0.96
_PRONOUN = re.compile(
    r"[«\"“ ]*(?:il|elle|ils|elles|ce|c'|cela|ceci|cet|cette|ces|celui|celle|ceux|celles|son|sa|ses|leur|leurs|lui|on|y|en effet|"
    r"toutefois|cependant|ainsi|mais|or|de plus|puis|ensuite|enfin|également|aussi)\b",
    re.IGNORECASE,
)

SHARES = (
    "sentence", "with_heading", "passage", "with_before", "with_after", "with_neighbours", "resolved", "stems", "related", "below_best",
    "among_hits", "names", "names_heading", "names_passage", "numbers", "numbers_passage", "neighbouring_words",
)  # fmt: skip
SHAPE = (
    "length", "short", "long", "first", "place", "alone", "pronoun", "rank", "log_rank", "words_found", "top", "title", "title_said",
    "unended", "question", "focus", "terms", "terms_heading",
)  # fmt: skip
MEANING = ("near", "near_best", "likely")
CUES = tuple(f"{kind}_{sign}" for kind in KINDS for sign in ("cue", "near", "sign"))
FEATURES = (*SHARES, *SHAPE, *CUES, *MEANING)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with the passage it stands in."""

    passage: ReadPassage
    sentence: ReadSentence

    @property
    def text(self) -> str:
        """The sentence, as it stands."""
        return self.passage.text[self.sentence.start : self.sentence.end]

    def pronoun(self) -> bool:
        """Whether it begins with a word that refers to what comes before."""
        return bool(_PRONOUN.match(self.text))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's terms and their weights; `share` is the part of the question that some terms hold, from 0 to 1."""

    question: Question
    weights: Mapping[str, float]
    total: float

    def share(self, terms: Collection[str]) -> float:
        """Return the weight of the question's terms that are among these, over that of all."""
        return sum([weight for term, weight in self.weights.items() if term in terms]) / self.total


def weigh(question: Question, idf: Mapping[str, float]) -> Asked:
    """Weigh the terms of a question by how rare they are."""
    weights = {term: idf.get(term, 5.0) * (_ASKING_COUNTS if term in question.asking else 1.0) for term in question.terms}
    return Asked(question, weights, sum(weights.values()) or 1.0)


def candidates_of(passages: Sequence[ReadPassage]) -> list[Candidate]:
    """Return the sentences of three terms or more, in order."""
    return [Candidate(passage, sentence) for passage in passages for sentence in passage.sentences if len(sentence.terms) >= 3]


def describe(asked: Asked, passages: Sequence[ReadPassage], encoder: Encoder | None = None) -> NDArray[np.float64]:
    """Return one row a candidate of `candidates_of`, one column a feature of `FEATURES`; without an encoder, the shipped one."""
    local = _local_weights(asked, passages)
    found = _words_found(asked, passages)
    best = max(found, default=0.0) or 1.0
    rows: list[list[float]] = []
    for passage, words in zip(passages, found, strict=True):
        context = passage.heading | passage.counts.keys()
        share = asked.share(context)
        shares = [asked.share(sentence.terms) for sentence in passage.sentences]
        top = max(shares, default=0.0)
        for sentence, own in zip(passage.sentences, shares, strict=True):
            if len(sentence.terms) < 3:
                continue
            candidate = Candidate(passage, sentence)
            pronoun = candidate.pronoun()
            rows.append(
                _shares(asked, candidate, own, share, top, pronoun, context, local)
                + _shape(asked, candidate, pronoun, words / best)
                + _cues(asked.question, candidate)
            )
    if not rows:
        return np.zeros((0, len(FEATURES)))
    return np.hstack([np.array(rows), _meaning(asked, candidates_of(passages), encoder or load_encoder())])


def likely(hit: Hit) -> float:
    """Return the logarithm of the odds that the ranker gives a hit."""
    chance = min(max(hit.score, _LEAST_CHANCE), _MOST_CHANCE)
    return math.log(chance / (1 - chance))


def _meaning(asked: Asked, candidates: Sequence[Candidate], encoder: Encoder) -> NDArray[np.float64]:
    near = encoder.encode_documents([one.text for one in candidates]) @ encoder.encode_query(asked.question.text)
    odds = {one.passage.rank: likely(one.passage.hit) for one in candidates}
    return np.stack([near, near - near.max(), [odds[one.passage.rank] for one in candidates]], axis=1).astype(np.float64)


def _shares(
    asked: Asked,
    candidate: Candidate,
    own: float,
    share: float,
    top: float,
    pronoun: bool,
    context: Collection[str],
    local: Mapping[str, float],
) -> list[float]:
    passage, sentence = candidate.passage, candidate.sentence
    headed = sentence.terms | passage.heading
    before = passage.sentences[sentence.number - 1].terms if sentence.number else frozenset()
    after = passage.sentences[sentence.number + 1].terms if sentence.number + 1 < len(passage.sentences) else frozenset()
    with_heading, with_before = asked.share(headed), asked.share(headed | before)
    stems, related = _loose(asked, sentence.terms, headed)
    names = {name: asked.weights[name] for name in asked.question.names}
    figures = [name for name in names if name[0].isdigit()]
    return [
        own,
        with_heading,
        share,
        with_before,
        asked.share(headed | after),
        asked.share(headed | before | after),
        with_before if pronoun else with_heading,
        stems,
        related,
        own - top,
        _part(local, sentence.terms),
        _part(names, sentence.terms),
        _part(names, headed),
        _part(names, context),
        sum(figure in sentence.terms for figure in figures) / len(figures) if figures else 0.0,
        sum(figure in context for figure in figures) / len(figures) if figures else 0.0,
        _neighbouring(asked.question.terms, sentence),
    ]


def _shape(asked: Asked, candidate: Candidate, pronoun: bool, words_found: float) -> list[float]:
    passage, sentence = candidate.passage, candidate.sentence
    text = candidate.text
    terms = asked.question.terms
    return [
        math.log(1 + sentence.length),
        float(sentence.length < 6),
        float(sentence.length > 45),
        float(sentence.number == 0),
        sentence.number / len(passage.sentences),
        1 / len(passage.sentences),
        float(pronoun),
        1 / (1 + passage.rank),
        math.log(1 + passage.rank),
        words_found,
        float(passage.rank == 0),
        asked.share(passage.title),
        len(sentence.terms & passage.title) / max(1, len(passage.title)),
        float(text[-1:] not in '.!?…»"'),
        float(text.endswith("?")),
        float(not asked.question.focus.isdisjoint(sentence.terms)),
        sum(term in sentence.terms for term in terms) / max(1, len(terms)),
        sum(term in sentence.terms or term in passage.heading for term in terms) / max(1, len(terms)),
    ]


def _cues(question: Question, candidate: Candidate) -> list[float]:
    row = [0.0] * len(CUES)
    at = 3 * KINDS.index(question.kind)
    row[at : at + 3] = cue(question.kind, candidate.passage, candidate.sentence, question.terms)
    return row


def _local_weights(asked: Asked, passages: Sequence[ReadPassage]) -> dict[str, float]:
    """Weigh each term also by how few of the sentences hold it: what all of them say tells none apart."""
    sentences = [sentence.terms for passage in passages for sentence in passage.sentences]
    return {
        term: weight * math.log((len(sentences) + 1) / (0.5 + sum(term in terms for terms in sentences)))
        for term, weight in asked.weights.items()
    }


def _words_found(asked: Asked, passages: Sequence[ReadPassage]) -> list[float]:
    """Return, a passage, the weight of the question's words that it holds, as BM25 counts repeats and length."""
    sizes = [sum(passage.counts.values()) for passage in passages]
    mean = sum(sizes) / len(sizes) if sizes else 1.0
    found = []
    for passage, size in zip(passages, sizes, strict=True):
        norm = 1.2 * (0.25 + 0.75 * size / (mean or 1.0))
        total = 0.0
        for term, weight in asked.weights.items():
            times = passage.counts.get(term, 0) + 2 * (term in passage.heading)
            total += weight * times * 2.2 / (times + norm)
        found.append(total)
    return found


def _part(weights: Mapping[str, float], terms: Collection[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in terms) / total if total else 0.0


def _loose(asked: Asked, terms: Collection[str], headed: Collection[str]) -> tuple[float, float]:
    """Return the shares of the question that the sentence says in another form of the word, and in a related word."""
    missing = [term for term in asked.question.terms if term not in headed and term not in asked.question.names]
    stems, related = said_otherwise(missing, terms)
    return sum(asked.weights[term] for term in stems) / asked.total, sum(asked.weights[term] for term in related) / asked.total


def said_otherwise(missing: Sequence[str], terms: Collection[str]) -> tuple[list[str], list[str]]:
    """Return which of the missing terms are said in another form of the word, and which of the others in a related word."""
    if not missing:
        return [], []
    groups = related_groups()
    beginnings = {_beginning(term) for term in terms}
    said = frozenset().union(*(groups.get(term, frozenset()) for term in terms))
    stems = [term for term in missing if _beginning(term) in beginnings]
    related = [term for term in missing if term not in stems and not said.isdisjoint(groups.get(term, frozenset()))]
    return stems, related


def _beginning(term: str) -> str:
    return term[:5] if len(term) >= 6 else term


def _neighbouring(terms: Sequence[str], sentence: ReadSentence) -> float:
    """Return the share of the question's pairs of neighbouring terms that stand within three words of each other."""
    if len(terms) < 2:
        return 0.0
    places: dict[str, list[int]] = {term: [] for term in terms if term in sentence.terms}
    if len(places) < 2:
        return 0.0
    for at, term in enumerate(sentence.sequence):
        if term in places:
            places[term].append(at)
    pairs = [(places[one], places[two]) for one, two in pairwise(terms) if one in places and two in places]
    return sum(min(abs(a - b) for a in ones for b in twos) <= 3 for ones, twos in pairs) / (len(terms) - 1)
