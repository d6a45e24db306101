"""The extractive reader: the one to three sentences of the hits that answer, word for word, or an abstention.

A sentence is worth what it says of the question: the share of the question's words it holds, each weighed by its rarity in the
index, in itself and with its passage, title and section; and the score of its passage among the hits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag_commons.answering.draft import Draft, DraftStatement, Quote
from rag_commons.answers import Mode
from rag_commons.documents import Hit
from rag_commons.retrieval.retriever import Retriever
from rag_commons.text.analysis import analyse, count_words
from rag_commons.text.sentences import sentence_spans

NO_WORDS = "La question ne contient aucun mot qui puisse être cherché."
NOT_ANSWERED = "Les passages trouvés ne répondent pas à cette question."

MAX_STATEMENTS = 3
MAX_WORDS = 90

# a sentence further down must bring this share of the question that the ones before did not
_MIN_GAIN = 0.15
# under this share of the question's weighed words, in the best sentence with its context, nothing is answered
_MIN_COVERAGE = 0.5


@dataclass(frozen=True, slots=True)
class _Candidate:
    quote: Quote
    terms: frozenset[str]
    context: frozenset[str]
    words: int
    score: float


class ExtractiveReader:
    """Chooses sentences; it writes none."""

    mode: Mode = "extractive"

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def read(self, question: str, hits: Sequence[Hit]) -> Draft:
        """Return the sentences that answer, best first, each quoting its own passage."""
        terms = list(dict.fromkeys(analyse(question)))
        if not terms:
            return Draft(reason=NO_WORDS)
        weights = self._retriever.idf(terms)
        candidates = sorted(_candidates(hits, weights), key=lambda candidate: -candidate.score)
        if not candidates or _coverage(candidates[0].terms | candidates[0].context, weights) < _MIN_COVERAGE:
            return Draft(reason=NOT_ANSWERED)
        return Draft(tuple(DraftStatement(chosen.quote.text, (chosen.quote,)) for chosen in _choose(candidates, weights)))


def _candidates(hits: Sequence[Hit], weights: Mapping[str, float]) -> Iterator[_Candidate]:
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    for hit in hits:
        text = hit.passage.text
        heading = frozenset(analyse(f"{hit.provenance.title} {hit.passage.section or ''}"))
        context = heading | frozenset(analyse(text))
        for start, end in sentence_spans(text):
            terms = frozenset(analyse(text[start:end]))
            if len(terms) < 3:
                continue
            score = _coverage(terms, weights) + 0.4 * _coverage(terms | heading, weights) + 0.3 * _coverage(context, weights) + hit.score / best
            yield _Candidate(Quote(hit, start, end), terms, context, count_words(text[start:end]), score)


def _choose(candidates: Sequence[_Candidate], weights: Mapping[str, float]) -> Iterator[_Candidate]:
    covered: frozenset[str] = frozenset()
    words = chosen = 0
    for candidate in candidates:
        gain = _coverage(covered | candidate.terms, weights) - _coverage(covered, weights)
        if chosen and (gain < _MIN_GAIN or words + candidate.words > MAX_WORDS):
            continue
        yield candidate
        chosen += 1
        words += candidate.words
        covered |= candidate.terms
        if chosen == MAX_STATEMENTS:
            return


def _coverage(terms: frozenset[str], weights: Mapping[str, float]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in terms) / total if total else 0.0
