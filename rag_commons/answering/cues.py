"""Cues: what shows, in a sentence, that an answer of some kind may stand there (a date, a number, a name, a cause…).

A cue is a place in a sentence. What the question itself says is no cue: « en 1903 » answers nothing where 1903 was asked about.
"""

import re
from collections.abc import Callable, Collection

from rag_commons.answering.question import Kind
from rag_commons.answering.reading import ReadPassage, ReadSentence
from rag_commons.text.analysis import analyse, word_spans

_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_NUMBER_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|"
    "cents?|mille|millions?|milliards?|dizaines?|centaines?|douzaine|quinzaine|vingtaine|trentaine|milliers|moitié|tiers|quart|premi(?:er|ère)|"
    "deuxième|seconde?|troisième|quatrième|cinquième|double|triple|unique|seule?"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]*"
_ARTICLE = r"(?:la |le |les |l['’])?"

_YEAR = re.compile(r"\b(?:1[0-9]{3}|20[0-9]{2})\b")
_DATE = re.compile(
    rf"{_YEAR.pattern}|\b(?:{_MONTHS})\b|\b[IVX]+(?:e|er|ème)\b|siècle|\bav\. J|\b[3-9][0-9]{{2}}\b|\bannées? [0-9]+", re.IGNORECASE
)
_NUMBER = re.compile(rf"[0-9]+(?:[.,\u00a0\u202f ][0-9]{{3}})*(?:,[0-9]+)?|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_NAME = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:de|du|des|d'|la|le|of|von|van|et|I+|IV|V|VI+)\s+)?{_CAPITAL})*")
_PLACE = re.compile(rf"\b(?:à|en|aux?|dans|sur|près de|de|d'|vers|entre|chez|sous|par)\s+{_ARTICLE}[A-ZÀ-ÖØ-Þ]\w+")
_PLACE_NOUN = re.compile(
    r"\b(?:ville|région|pays|province|île|commune|village|quartier|rue|nord|sud|est|ouest|lac|mont|place|département|côte|territoire|"
    r"capitale|château|église|musée|situé\w*|loin|kilomètres|cave|base|usine)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:car|parce qu|puisqu|en raison|grâce à|à cause|afin|pour (?:\w+ )?\w+(?:er|ir|re)\b|permet\w*|en effet|dûe?s?\b|ainsi|"
    r"c'est pourquoi|vu |faute|liée?s?\b|suite à|but|objectif|visant|vise|provoqu\w+|entraîn\w+|cause|raison|explique\w*|de peur)",
    re.IGNORECASE,
)
_MANNER = re.compile(r"\b(?:en \w+ant|grâce à|à l'aide|au moyen|par |avec |sous forme|manière|façon)\b", re.IGNORECASE)
_DEFINITION = re.compile(
    r"\b(?:est|sont|était|étaient|fut|désigne|désignent|signifie|constitue|consiste|représente|correspond|définit)\b"
    r"(?: (?:une?|le|la|l'|des|les|aussi|également)\b)?",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:appel|nomm|dénomm|surnomm|baptis|intitul|dit[es]?\b|connu sous|nom de|titre|sous le nom)", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:ne|n'|pas|aucune?|jamais|ni|non|sans|refus\w*)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[«“\"]")

# what a cue says of its sentence: whether there is one, how near it is to the question's words, and a further sign of the kind
Cue = tuple[float, float, float]
NONE: Cue = (0.0, 0.0, 0.0)


def cue(kind: Kind, passage: ReadPassage, sentence: ReadSentence, asked: Collection[str]) -> Cue:
    """Return what the sentence holds of the kind asked for, each from 0 to 1; `asked` are the question's terms."""
    text = passage.text[sentence.start : sentence.end]
    places = [] if sentence.terms.isdisjoint(asked) else [word.start for word in word_spans(text) if word.term in asked]
    return _FINDERS[kind](text, places, passage, asked)


def _near(found: Collection[int], places: Collection[int]) -> float:
    if not found or not places:
        return 0.0
    return 1 / (1 + min(abs(at - place) for at in found for place in places) / 15)


def _new(pattern: re.Pattern[str], text: str, asked: Collection[str]) -> list[re.Match[str]]:
    """Return the matches that say something that the question does not."""
    return [match for match in pattern.finditer(text) if any(term not in asked for term in analyse(match.group()) or ("",))]


def _names(text: str, passage: ReadPassage, asked: Collection[str]) -> list[re.Match[str]]:
    """Return the proper names that the question does not hold; one capital that begins the sentence counts where the title has it."""
    names = []
    for match in _NAME.finditer(text):
        terms = analyse(match.group())
        begins = match.start() < 2 and not re.search(r"\s", match.group())
        if any(term not in asked for term in terms) and not (begins and passage.heading.isdisjoint(terms)):
            names.append(match)
    return names


def _date(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    found = _new(_DATE, text, asked)
    return float(bool(found)), _near([match.start() for match in found], places), float(bool(_YEAR.search(text)))


def _number(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    found = _new(_NUMBER, text, asked)
    return float(bool(found)), _near([match.start() for match in found], places), min(len(found), 4) / 4


def _person(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    found = _names(text, passage, asked)
    return float(bool(found)), _near([match.start() for match in found], places), float(any(" " in match.group() for match in found))


def _place(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    found = _new(_PLACE, text, asked)
    return float(bool(found)), _near([match.start() for match in found], places), float(bool(_PLACE_NOUN.search(text)))


def _name(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    found = _names(text, passage, asked)
    near = _near([match.start() for match in found], places)
    return float(bool(_CALLED.search(text))), near, float(bool(found or _QUOTED.search(text)))


def _definition(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    """« Le fonio est une céréale »: what is defined begins the sentence and the verb follows; the title may name it otherwise."""
    found = _DEFINITION.search(text)
    if not found:
        return NONE
    begins = [word.start for word in word_spans(text[: found.start()]) if word.start < 12 and word.term in passage.title]
    near = any(place < found.start() < place + 80 for place in places)
    return float(bool(begins)), float(near), float(any(place < 12 for place in places))


def _reason(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    found = [match.start() for match in _REASON.finditer(text)]
    return float(bool(found)), _near(found, places), min(len(found), 3) / 3


def _manner(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    found = [match.start() for match in _MANNER.finditer(text)]
    return float(bool(found)), _near(found, places), 0.0


def _list(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    joints = text.count(",") + text.count(" et ") + text.count(";")
    return min(joints, 5) / 5, float(" et " in text and "," in text), 0.0


def _yes_no(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    return float(bool(_NEGATION.search(text))), 0.0, 0.0


def _other(text: str, places: Collection[int], passage: ReadPassage, asked: Collection[str]) -> Cue:
    return float(bool(_names(text, passage, asked))), 0.0, 0.0


_FINDERS: dict[Kind, Callable[[str, Collection[int], ReadPassage, Collection[str]], Cue]] = {
    "date": _date,
    "number": _number,
    "person": _person,
    "place": _place,
    "name": _name,
    "definition": _definition,
    "reason": _reason,
    "manner": _manner,
    "list": _list,
    "yes-no": _yes_no,
    "other": _other,
}
