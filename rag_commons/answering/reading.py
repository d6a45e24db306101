"""Passages read once: their sentences, the terms of each, and what heads them. Every feature of the reader starts from here."""

from collections.abc import Iterable
from dataclasses import dataclass

from rag_commons.documents import Hit
from rag_commons.text.analysis import analyse, count_words
from rag_commons.text.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of a passage: offsets in the passage's text, its place in it, its terms in order and as a set, its words counted."""

    start: int
    end: int
    number: int
    sequence: tuple[str, ...]
    terms: frozenset[str]
    length: int


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A hit, read: `title` and `heading` (title and section) are terms, `rank` its place among the hits from 0."""

    hit: Hit
    rank: int
    title: frozenset[str]
    heading: frozenset[str]
    sentences: tuple[ReadSentence, ...]
    counts: dict[str, int]

    @property
    def text(self) -> str:
        """The text of the passage."""
        return self.hit.passage.text


def read_passages(hits: Iterable[Hit]) -> list[ReadPassage]:
    """Read the hits, in order."""
    # by rank, not by place: the order in which hits are handed over changes nothing
    return [_read(hit, rank) for rank, hit in enumerate(sorted(hits, key=lambda hit: hit.rank))]


def _read(hit: Hit, rank: int) -> ReadPassage:
    text = hit.passage.text
    title = frozenset(analyse(hit.provenance.title))
    heading = title | frozenset(analyse(hit.passage.section or ""))
    counts: dict[str, int] = {}
    sentences = []
    for number, (start, end) in enumerate(sentence_spans(text)):
        said = text[start:end]
        sequence = tuple(analyse(said))
        for term in sequence:
            counts[term] = counts.get(term, 0) + 1
        sentences.append(ReadSentence(start, end, number, sequence, frozenset(sequence), count_words(said)))
    return ReadPassage(hit, rank, title, heading, tuple(sentences), counts)
