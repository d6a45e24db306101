"""Abstention: whether the hits answer the question at all, from a logistic model over features that a person can read.

Its weights are fitted on questions of which the answering document is among the hits or was taken out (`eval/fit_abstention.py`). The
one surprise: some features look at the question alone, since an encyclopaedia or an archive seldom holds a recipe, an opinion
(« le plus beau ») or a price of the day.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rag_commons.answering.features import CUES, FEATURES, Asked, Candidate, likely, said_otherwise
from rag_commons.answering.linear import LinearModel, linear_model
from rag_commons.answering.question import KINDS
from rag_commons.answering.reading import ReadPassage
from rag_commons.text.analysis import word_spans

_HOW_TO = re.compile(r"^comment (?:est-ce qu\S+ |peut-on |on |se |s'|bien )*\w+(?:er|ir|re|oir)\b", re.IGNORECASE)
_SUPERLATIVE = re.compile(r"(?:\b(?:le|la|les) |\bl')plus\b|\bmeilleure?s?\b|\bpires?\b|\bpréférables?\b", re.IGNORECASE)
_TODAY = re.compile(r"\b20(?:19|2[0-9])\b|aujourd'hui|actuel|maintenant|en ce moment", re.IGNORECASE)
_PRICE = re.compile(r"\bcoûte|\bprix d['eu]|\bsalaires?\b|\brevenus?\b|\btarifs?\b", re.IGNORECASE)

# what names a thing that the sentence before defines: « Le sigle RAG vient de… »
_NAMING = re.compile(r"\b(?:sigle|acronyme|abrég\w+|appel\w+|(?:dé|sur)?nomm\w+|dite?s?|surnoms?|terme|noms?|mots?)\b", re.IGNORECASE)

_OF_BEST = (
    "sentence", "with_heading", "passage", "with_neighbours", "resolved", "stems", "related", "among_hits", "names", "names_heading",
    "names_passage", "numbers", "numbers_passage", "neighbouring_words", "title", "title_said", "focus", "terms", "terms_heading", "rank",
)  # fmt: skip
_OF_SCORES = ("score", "margin", "certainty", "mean_of_three")
_OF_CHANCES = ("likely_first", "likely_second", "likely_last", "likely_best", "likely_gap", "chance_first", "chance_gap", "chances")
_OF_HITS = (
    "cue", "cue_near", "cue_sign", "rarest_not_said", "rarest_not_in_passage", "not_in_hits", "any_sentence", "any_passage",
    "mean_passage", "well_covered", "any_title", "first_title", "mean_title", "titles_met", "same_title", "titles",
)  # fmt: skip
_QUESTION = ("how_to", "superlative", "today", "price", "terms_asked", "names_asked")
OF_QUESTION = (*_QUESTION, *(f"asks_{kind}" for kind in KINDS))
EVIDENCE = (
    *(f"best_{name}" for name in _OF_BEST),
    *_OF_SCORES,
    *_OF_CHANCES,
    *_OF_HITS,
    *OF_QUESTION,
)
_COLUMNS = [FEATURES.index(name) for name in _OF_BEST]
_CUES = [FEATURES.index(name) for name in CUES]
# whether a sentence begins with the title of its passage and says what it is
_DEFINES = FEATURES.index("definition_cue")

NO_WORDS = "La question ne contient aucun mot qui puisse être cherché."
NO_SENTENCE = "Les passages trouvés ne contiennent aucune phrase qui puisse répondre."
_MISSING = "Aucun des passages trouvés ne parle de « {} »."
_UNSAID = {
    "date": "Les passages trouvés parlent de ce sujet, mais n'en disent pas la date.",
    "number": "Les passages trouvés parlent de ce sujet, mais n'en donnent pas le nombre.",
    "person": "Les passages trouvés parlent de ce sujet, mais ne disent pas de qui il s'agit.",
    "place": "Les passages trouvés parlent de ce sujet, mais n'en disent pas le lieu.",
    "reason": "Les passages trouvés parlent de ce sujet, mais n'en disent pas la raison.",
}
NOT_ANSWERED = "Les passages trouvés ne répondent pas assez sûrement à cette question."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the hits hold for a question: candidates, the features and score of each, and the passages."""

    asked: Asked
    passages: Sequence[ReadPassage]
    candidates: Sequence[Candidate]
    rows: NDArray[np.float64]
    scores: NDArray[np.float64]

    @property
    def best(self) -> int:
        """The candidate with the best score, the first one where several have it."""
        return int(np.argmax(self.scores))


def reason_to_abstain(evidence: Evidence) -> str | None:
    """Return why the question is not answered, in French, or None where the best candidate may answer it."""
    if not evidence.candidates:
        return NO_SENTENCE
    if definition_before(evidence) is not None:
        return None
    model = _model()
    row = evidence_row(evidence)
    if model.score(row) >= model.threshold:
        return None
    return _why(evidence, dict(zip(EVIDENCE, row.tolist(), strict=True)))


def definition_before(evidence: Evidence) -> int | None:
    """Return the candidate that defines what is asked where the best one, right after it, only names it: all of the question is there."""
    best = evidence.best
    before = best - 1
    if before < 0 or evidence.asked.question.kind != "definition":
        return None
    one, other = evidence.candidates[best], evidence.candidates[before]
    defines = evidence.rows[:, _DEFINES]
    adjacent = other.passage is one.passage and other.sentence.number == one.sentence.number - 1
    named = evidence.asked.share(one.sentence.terms) == 1.0 and _NAMING.search(one.text)
    return before if adjacent and named and defines[before] and not defines[best] else None


def evidence_row(evidence: Evidence) -> NDArray[np.float64]:
    """Return the features `EVIDENCE` of a question with at least one candidate."""
    best = evidence.rows[evidence.best]
    return np.array(
        [*best[_COLUMNS], *_of_scores(evidence), *_of_chances(evidence), *_of_hits(evidence), *_of_question(evidence.asked)]
        + [float(evidence.asked.question.kind == kind) for kind in KINDS]
    )


def _of_scores(evidence: Evidence) -> list[float]:
    scores, best = evidence.scores, evidence.best
    own = evidence.candidates[best].passage.rank
    others = [score for score, candidate in zip(scores, evidence.candidates, strict=True) if candidate.passage.rank != own]
    top = float(scores[best])
    certainty = 1 / float(np.exp(scores - top).sum())
    return [top, top - max(others, default=top - 5.0), certainty, float(np.sort(scores)[-3:].mean())]


def _of_chances(evidence: Evidence) -> list[float]:
    hits = [passage.hit for passage in evidence.passages]
    odds = [likely(hit) for hit in hits]
    second = odds[1] if len(odds) > 1 else odds[-1]
    best = likely(evidence.candidates[evidence.best].passage.hit)
    chances = [1 / (1 + math.exp(-one)) for one in odds]
    return [odds[0], second, odds[-1], best, odds[0] - second, chances[0], chances[0] - 1 / (1 + math.exp(-second)), sum(chances)]


def _of_hits(evidence: Evidence) -> list[float]:
    asked, passages = evidence.asked, evidence.passages
    candidate = evidence.candidates[evidence.best]
    contexts = [passage.heading | passage.counts.keys() for passage in passages]
    everywhere = frozenset().union(*contexts)
    unsaid = sum(asked.weights[term] for term in _unsaid(asked, everywhere)) / asked.total
    said = candidate.sentence.terms | candidate.passage.heading
    shares = [asked.share(context) for context in contexts]
    titles = [_title_met(asked, passage) for passage in passages]
    named = Counter(passage.hit.provenance.title for passage in passages)
    cues = evidence.rows[evidence.best][_CUES].reshape(len(KINDS), 3).sum(axis=0)
    return [
        *cues.tolist(),
        _rarest_missing(asked, said),
        _rarest_missing(asked, candidate.passage.heading | candidate.passage.counts.keys()),
        unsaid,
        float(evidence.rows[:, FEATURES.index("with_heading")].max()),
        max(shares),
        sum(shares) / len(shares),
        sum(share > 0.8 for share in shares) / len(shares),
        max(titles),
        titles[0],
        sum(titles) / len(titles),
        sum(met > 0.5 for met in titles) / len(titles),
        max(named.values()) / len(passages),
        len(named) / len(passages),
    ]


def _of_question(asked: Asked) -> list[float]:
    text = asked.question.text
    patterns = (_HOW_TO, _SUPERLATIVE, _TODAY, _PRICE)
    return [
        *(float(bool(pattern.search(text))) for pattern in patterns),
        len(asked.question.subject) / 6,
        len(asked.question.names) / 3,
    ]


def _title_met(asked: Asked, passage: ReadPassage) -> float:
    """Return how far the title of a passage is the subject of the question (harmonic mean of the shares of both)."""
    subject = asked.question.subject
    total = sum(asked.weights[term] for term in subject)
    held = sum(asked.weights[term] for term in subject if term in passage.title) / total if total else 0.0
    said = len(passage.title.intersection(subject)) / max(1, len(passage.title))
    return 2 * held * said / (held + said) if held + said else 0.0


def _rarest_missing(asked: Asked, terms: Collection[str]) -> float:
    """Return how rare the rarest missing term is, the rarest of the question being 1."""
    return max((asked.weights[term] for term in _unsaid(asked, terms)), default=0.0) / max(asked.weights.values())


def _unsaid(asked: Asked, terms: Collection[str]) -> list[str]:
    """Return the terms of the question that are not said, in another form or a related word either; a name has neither."""
    missing = [term for term in asked.question.terms if term not in terms]
    stems, related = said_otherwise([term for term in missing if term not in asked.question.names], terms)
    return [term for term in missing if term not in stems and term not in related]


def _why(evidence: Evidence, row: dict[str, float]) -> str:
    asked = evidence.asked
    if row["not_in_hits"] > 0.0:
        held = frozenset().union(*(passage.heading | passage.counts.keys() for passage in evidence.passages))
        missing = [term for term in _unsaid(asked, held) if term in asked.question.subject]
        if missing:
            rarest = max(missing, key=lambda term: (term in asked.question.names, asked.weights[term]))
            word = next(word for word in word_spans(asked.question.text) if word.term == rarest)
            return _MISSING.format(asked.question.text[word.start : word.end])
    if row["best_passage"] > 0.6 and not row["cue"]:
        return _UNSAID.get(asked.question.kind, NOT_ANSWERED)
    return NOT_ANSWERED


@cache
def _model() -> LinearModel:
    return linear_model("abstention", EVIDENCE)
