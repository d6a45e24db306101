"""What becomes of a sentence that a model proposes: kept as the passage's own words, kept as checked, repaired, or dropped.

The one surprise: words copied from a passage leave as the whole sentences that hold them, since half a sentence can say the
contrary of the whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from rag_commons.answering.draft import DraftStatement, Quote
from rag_commons.answering.generative.prompt import may_reword
from rag_commons.answering.generative.reply import Proposed
from rag_commons.answering.verification import refusal
from rag_commons.answering.verification.entailment import Entailment
from rag_commons.answering.verification.planted import planted, steers
from rag_commons.documents import Hit
from rag_commons.licences.combination import may_merge
from rag_commons.licences.notices import rights_of
from rag_commons.text.analysis import analyse, count_words
from rag_commons.text.normal import find_quote, n0
from rag_commons.text.sentences import sentence_spans

# a sentence takes the place of a refused one when it holds more than this share of its words (half as much where two passages are cited)
_MIN_SHARE = 0.5
_MOST_REPAIRS = 2
_LONGEST_QUOTE = 100
# fewer words than this, found anywhere, show no copying
_MIN_COPIED = 4
_QUOTED = re.compile(r"«([^«»]{3,}?)»|“([^“”]{3,}?)”|\"([^\"]{3,}?)\"")
_DENIAL = re.compile(r"\b(?:ne|pas|jamais|aucun|aucune|ni|non|nul|nulle|sans|rien|guère)\b|\bn['’]", re.IGNORECASE)
_AROUND = " .!?…,;:«»“”\"'’()"


@dataclass(frozen=True, slots=True)
class _Sentence:
    quote: Quote
    share: float


@dataclass(frozen=True, slots=True)
class Settled:
    """What may be said in place of a proposed sentence; nothing where it is dropped, a passage's own words where it is repaired."""

    statements: tuple[DraftStatement, ...] = ()
    repaired: bool = False


def settle(proposed: Proposed, hits: Sequence[Hit], question: frozenset[str], entailment: Entailment | None = None) -> Settled:
    """Return what becomes of a proposed sentence: one statement, or one a passage when repaired; nothing when dropped.

    `question` holds the terms of the question; every statement that is returned passes `refusal`, by the same model of entailment.
    """
    if not proposed.hits or proposed.text.rstrip().endswith("?") or steers(proposed.text):
        return Settled()
    for statement in chain(_copied(proposed), _reworded(proposed)):
        if refusal(statement, hits, entailment) is None:
            return Settled((statement,))
    share = _MIN_SHARE / min(len(proposed.hits), _MOST_REPAIRS)
    repaired = (_repaired(proposed.text, hit, question, share) for hit in proposed.hits)
    said = tuple(islice((one for one in repaired if one and refusal(one, hits) is None), _MOST_REPAIRS))
    return Settled(said, bool(said))


def _copied(proposed: Proposed) -> Iterator[DraftStatement]:
    """Yield the sentences of a cited passage whose very words the proposed one is."""
    words = proposed.text.strip(_AROUND)
    if count_words(words) < _MIN_COPIED:
        return
    for hit in proposed.hits:
        found = find_quote(words, hit.passage.text)
        held = [(start, end) for start, end in sentence_spans(hit.passage.text) if found and start < found[1] and end > found[0]]
        if held:
            quote = Quote(hit, held[0][0], held[-1][1])
            if _may_be_cited(quote):
                yield DraftStatement(quote.text, (quote,))


def _reworded(proposed: Proposed) -> Iterator[DraftStatement]:
    """Yield the proposed sentence with the spans that may support it, the narrowest first; only where rights let it be reworded."""
    free = [hit for hit in proposed.hits if may_reword(hit.provenance) and not _only_mentioned(proposed.text, hit)]
    spans = {hit.passage.id: list(_spans(proposed.text, hit)) for hit in free}
    for hit in free:
        for quote in spans[hit.passage.id]:
            if _holds(proposed.text, (quote,)):
                yield DraftStatement(proposed.text, (quote,), "entailed")
    rights = {row.id for hit in free for row in rights_of(hit.provenance)}
    # each of several passages may hold a part, where their rights let them be told in one sentence
    if len(free) > 1 and free == list(proposed.hits) and all(spans.values()) and may_merge(rights) is None:
        quotes = tuple(spans[hit.passage.id][0] for hit in free)
        if _holds(proposed.text, quotes):
            yield DraftStatement(proposed.text, quotes, "entailed")


def _only_mentioned(text: str, hit: Hit) -> bool:
    """Say whether a sentence is what a passage puts between quotation marks: somebody's words, which are not the passage's."""
    words = n0(text.strip(_AROUND)).casefold()
    return any(words in n0(match.group()).casefold() for match in _QUOTED.finditer(hit.passage.text))


def _repaired(text: str, hit: Hit, question: frozenset[str], share: float) -> DraftStatement | None:
    """Return the sentence of a passage that says the most of a refused one, if it says enough of it and bears on the question."""
    heading = frozenset(analyse(f"{hit.provenance.title} {hit.passage.section or ''}"))
    for sentence in _ranked(text, hit):
        words = sentence.quote.text
        if sentence.share <= share:
            return None
        if _may_be_cited(sentence.quote) and question & (heading | frozenset(analyse(words))):
            return DraftStatement(words, (sentence.quote,))
    return None


def _spans(text: str, hit: Hit) -> Iterator[Quote]:
    """Yield the best sentences of a passage, then the best with its neighbours."""
    yield from filter(_may_be_cited, _around_best(text, hit))


def _around_best(text: str, hit: Hit) -> Iterator[Quote]:
    ranked = _ranked(text, hit)
    yield from (sentence.quote for sentence in ranked[:2])
    if ranked:
        all_spans = sentence_spans(hit.passage.text)
        at = all_spans.index((ranked[0].quote.start, ranked[0].quote.end))
        for first, last in ((at - 1, at), (at, at + 1), (at - 1, at + 1)):
            if first >= 0 and last < len(all_spans):
                yield Quote(hit, all_spans[first][0], all_spans[last][1])


def _ranked(text: str, hit: Hit) -> list[_Sentence]:
    """Return the sentences of a passage that share words with a text, the nearest first."""
    terms = frozenset(analyse(text))
    if not terms:
        return []
    body = hit.passage.text
    shares = [
        _Sentence(Quote(hit, start, end), len(terms.intersection(analyse(body[start:end]))) / len(terms))
        for start, end in sentence_spans(body)
    ]
    return sorted((one for one in shares if one.share > 0), key=lambda one: -one.share)


def _may_be_cited(quote: Quote) -> bool:
    return count_words(quote.text) <= _LONGEST_QUOTE and not planted(quote.hit.passage.text, quote.start, quote.end)


def _holds(text: str, quotes: Sequence[Quote]) -> bool:
    """Say whether a reworded sentence may be tried at all: what `refusal` may forgive a person, a model is not forgiven.

    Its quotations stand in the cited words, its figures are theirs, it denies if and only if they do, and most of its words are theirs.
    """
    cited = " ".join(quote.text for quote in quotes)
    quoted = (next(filter(None, groups)) for groups in _QUOTED.findall(text))
    if not all(any(find_quote(words.strip(), quote.text) for quote in quotes) for words in quoted):
        return False
    terms, held = frozenset(analyse(text)), frozenset(analyse(cited))
    figures = {term for term in terms if any(map(str.isdigit, term))}
    return figures <= held and bool(_DENIAL.search(text)) == bool(_DENIAL.search(cited)) and len(terms & held) > _MIN_SHARE * len(terms)
