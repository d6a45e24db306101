"""Language identification, only where a source does not say: py3langid over a few places of the text, `und` where it cannot tell.

The one surprise: a detector is surest of what it does not know. Inuktitut is « Amharic », Alsatian « German », Corsican « Ligurian »
to it. So the script must be that of the language, and words that only a neighbour has (`isch`, `ches`, `hè`) overrule it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Protocol

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused

UNDETERMINED = "und"
# measured on windows of Wikipedia in nine languages: below these, one in ten is wrong
SHORTEST = 40
CONFIDENT = 0.9
_WINDOW = 600
_WINDOWS = 5

# labels that attract what the detector does not know
_UNTRUSTED = frozenset("ace an bcl ext guw lij ltg pcm uzs vo zxx".split())
_TAGS = {"fuv": "ff", "gug": "gn", "kik": "ki", "hbo": "he", "no": "nb"}
_SCRIPTS = {
    label: script
    for labels, script in (
        ("ar ary arz fa ps ur ug sdh", "ARABIC"), ("am", "ETHIOPIC"), ("ru uk be bg mk sr ba tt kk ky mn tg", "CYRILLIC"),
        ("el grc", "GREEK"), ("he hbo", "HEBREW"), ("hi mr ne sa gom", "DEVANAGARI"), ("bn as", "BENGALI"), ("pa", "GURMUKHI"),
        ("gu", "GUJARATI"), ("or", "ORIYA"), ("ta", "TAMIL"), ("te", "TELUGU"), ("kn", "KANNADA"), ("ml", "MALAYALAM"), ("si", "SINHALA"),
        ("zh yue wuu", "CJK"), ("ja", "HIRAGANA"), ("ko", "HANGUL"), ("th", "THAI"), ("lo", "LAO"), ("km", "KHMER"), ("my", "MYANMAR"),
        ("ka", "GEORGIAN"), ("hy", "ARMENIAN"), ("dz", "TIBETAN"),
    )
    for label in labels.split()
}  # fmt: skip
# words of a language that the detector does not know, frequent there and foreign to the one it takes it for
_CORSICAN = "hè chì cù sò ghje ghjè ghjente ghjornu induve u"
_OF_THE_INDIAN_OCEAN = "bann bann' domoun dimounn dimoun marmay dann koz koze ek lil péi"
_OF_OIL = "eune ches chés ech éch chl ch' din gins qué dauns aco lé dé leu adés dens lengoua velâjo no"
_NEIGHBOURS = {
    label: frozenset(words.split())
    for label, words in {
        "fr": f"{_OF_OIL} {_OF_THE_INDIAN_OCEAN}",
        "de": "isch nit un e s ned net dr het vo gsi gsin gsei hän hàn hätt ìsch ùn ìn het's uff oder's meh dia mìt nìt wie's vu",
        "lb": "isch nit dr vo het gsi un",
        "ht": _OF_THE_INDIAN_OCEAN, "gcf": _OF_THE_INDIAN_OCEAN, "gcr": _OF_THE_INDIAN_OCEAN,
        "it": _CORSICAN, "vec": _CORSICAN, "ca": _CORSICAN, "oc": _CORSICAN, "la": _CORSICAN, "ro": _CORSICAN, "pt": _CORSICAN,
    }.items()
}  # fmt: skip
_NEIGHBOURLY = 0.03
_WORD = re.compile(r"[^\W\d_]+['’]?")


class _Detector(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def identify(items: Iterable[Document | DocumentRefused]) -> Iterator[Document | DocumentRefused]:
    """Yield items, each document whose source gives no language with the one that is identified, or `und`."""
    for item in items:
        if isinstance(item, Document) and item.provenance.language is None:
            language = identify_language(item.text)
            yield replace(item, provenance=replace(item.provenance, language=language))
        else:
            yield item


def identify_language(text: str) -> str:
    """Return the BCP 47 tag of the language of a text, `und` where it is too short, mixed, or not one that can be told."""
    windows = _windows(text)
    # lists of names and dates say nothing, and count for nothing
    votes = Counter(language for window in windows if (language := _window_language(window)))
    if not votes or votes.total() * 5 < len(windows) * 2:
        return UNDETERMINED
    language, count = votes.most_common(1)[0]
    return language if count * 5 >= votes.total() * 4 else UNDETERMINED


def _windows(text: str) -> list[str]:
    """Return a few places of a text, evenly spread; all of it where it is short."""
    if len(text) <= _WINDOW * _WINDOWS:
        found = [text[start : start + _WINDOW] for start in range(0, len(text), _WINDOW)]
    else:
        step = (len(text) - _WINDOW) // (_WINDOWS - 1)
        found = [text[start : start + _WINDOW] for start in range(0, step * _WINDOWS, step)]
    return [window for window in found if sum(map(str.isalpha, window)) >= SHORTEST]


def _window_language(window: str) -> str | None:
    """Return the language of a place, `und` where it is one that the detector does not know, None where it is not sure."""
    label, confidence = _detector().classify(window)
    if confidence < CONFIDENT:
        return None
    if label in _UNTRUSTED or _script(window) != _SCRIPTS.get(label, "LATIN"):
        return UNDETERMINED
    words = _WORD.findall(window.lower().replace("’", "'"))
    foreign = _NEIGHBOURS.get(label, frozenset())
    if sum(word in foreign for word in words) > _NEIGHBOURLY * len(words):
        return UNDETERMINED
    return _TAGS.get(label, label)


def _script(text: str) -> str:
    """Return the script of most letters; Japanese is told from Chinese by its syllables."""
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > scripts.total() / 10:
        return "HIRAGANA"
    return scripts.most_common(1)[0][0]


@cache
def _detector() -> _Detector:
    # imported here: the model takes a second to load, and most sources say their language
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    detector: _Detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return detector
