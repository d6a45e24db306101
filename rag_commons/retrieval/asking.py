"""What the ranker reads of a question: its terms and how rare each is, its words as written, names, numbers, kind of answer.

The kind comes from the words that ask, nothing else; a question that tells no kind asks for none.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from rag_commons.text.analysis import fold, word_spans

Wanted = Literal["number", "date", "name", "other"]

_BE = r"(?:est|etait|fut|sont|etaient|furent|a ete|serait|sera)"
_WHICH = rf"(?:quel(?:le)?s?|lequel|laquelle)(?: {_BE})?(?: (?:le|la|les|leur|son|sa|ses))?(?: l'| )"
_NUMBERS = (
    "nombre|superficie|population|altitude|hauteur|longueur|largeur|profondeur|distance|taille|poids|masse|prix|cout|montant|somme|budget|"
    "pourcentage|taux|proportion|part|age|duree|vitesse|temperature|densite|volume|quantite|effectif|score|numero"
)
_DATES = "annee|date|jour|mois|siecle|moment|epoque|periode|decennie|saison|heure"
_NAMES = (
    "nom|surnom|pays|ville|region|continent|province|departement|commune|ile|endroit|lieu|village|quartier|capitale|rue|etat|fleuve|"
    "roi|reine|empereur|president|ministre|auteur|ecrivain|poete|peintre|architecte|inventeur|realisateur|acteur|actrice|compositeur|"
    "personne|personnage|homme|femme|saint|pape|general|fondateur|chef|philosophe|frere|soeur|pere|mere|fils|fille|artiste|successeur"
)
_KINDS: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    ("number", re.compile(rf"\bcombien\b|{_WHICH}(?:{_NUMBERS})s?\b")),
    ("date", re.compile(rf"\bquand\b|{_WHICH}(?:{_DATES})s?\b")),
    # accents are gone: a question that opens with « ou » asks where
    ("name", re.compile(rf"\bqui\b|^(?:d'|jusqu'|par )?ou\b|\boù\b|{_WHICH}(?:{_NAMES})x?s?\b|comment .{{0,40}}(?:appel|nomm)")),
)
_NUMBER_WORD = re.compile(
    r"\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent|cents|mille|"
    r"millions?|milliards?|dizaines?|centaines?|milliers?|moitié|tiers|quart)\b"
)
_FIGURES = re.compile(r"[0-9]+")
_TIME = re.compile(
    r"\b1[0-9]{3}\b|\b20[0-9]{2}\b|siècle|janvier|février|mars|avril|\bmai\b|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_WORDS = re.compile(r"[^\W_]+")
# a capital inside a sentence; the word before it ends in a small letter or a comma
_NAME = re.compile(r"(?<=[a-zà-ÿ,;] )(?:[LlDd]['’])?([A-ZÀ-Ý][\w-]+)|(?<=[a-zà-ÿ] [ld]['’])([A-ZÀ-Ý][\w-]+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question read once.

    `repeated` are its terms as searched; `rarity` gives the inverse document frequency of each, in order; `places` are the offsets of
    its words in `low`.
    """

    text: str
    repeated: tuple[str, ...]
    rarity: dict[str, float]
    forms: dict[str, float]
    low: str
    places: tuple[tuple[int, int], ...]
    words: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    wanted: Wanted

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms, each once, in order."""
        return tuple(self.rarity)

    @property
    def total(self) -> float:
        """What all the terms are worth together."""
        return fsum(self.rarity.values())


def read_question(text: str, terms: Sequence[str], rarity: Callable[[str], float]) -> Asked:
    """Read a question whose terms are given (of `analyse`, mended)."""
    weights = {term: rarity(term) for term in dict.fromkeys(terms)}
    spans = word_spans(text)
    forms = {lowered(text[word.start : word.end]): weights[word.term] for word in spans if word.term in weights}
    names = frozenset(word.term for word in spans if word.start and text[word.start].isupper() and word.term in weights)
    numbers = frozenset(term for term in weights if term[0].isdigit())
    low = lowered(text)
    places = tuple(found.span() for found in _WORDS.finditer(low))
    return Asked(
        text, tuple(terms), weights, forms, low, places, frozenset(low[start:end] for start, end in places), names, numbers, wanted_of(text)
    )


def lowered(text: str) -> str:
    """Return a text in small letters, with one kind of apostrophe."""
    return text.lower().replace("\u2019", "'")


def wanted_of(question: str) -> Wanted:
    """Return the kind of answer asked for: the first of the table that the question's words match."""
    text = fold(lowered(question))
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "other")


def holds_wanted(asked: Asked, sentence: str) -> float:
    """Return 1 where a sentence holds what the kind of answer is made of, other than the question's own, else 0; -1 for no kind."""
    if asked.wanted == "number":
        return float(any(found not in asked.text for found in _FIGURES.findall(sentence)) or bool(_NUMBER_WORD.search(sentence)))
    if asked.wanted == "date":
        return float(any(found not in asked.text for found in _TIME.findall(sentence)))
    if asked.wanted == "name":
        return float(any((one or other).lower() not in asked.words for one, other in _NAME.findall(sentence)))
    return -1.0
