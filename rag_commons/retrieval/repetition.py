"""Passages that say again, letter for letter, what a better one says: the same work under another id, cut or printed otherwise.

Case, accents, punctuation and spaces apart, the letters must all be there: where one word differs, the difference may be the answer.
"""

import re
import unicodedata
from collections.abc import Sequence

from rag_commons.documents import Passage

# those that an answer is made of; more would cost more than they show
COMPARED = 24
_FEWEST = 40
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ſ": "s"})
_MARKS = re.compile("[\u0300-\u036f]+")
_BETWEEN = re.compile(r"[\W_]+")


def repetitions(passages: Sequence[tuple[Passage, str]]) -> dict[int, int]:
    """Return, for the place of each passage that an earlier one of another document holds whole, that place; best come first.

    A passage comes with its title, whose words must be in the other's title or text: they may be what was asked for.
    """
    letters = [_BETWEEN.sub("", _plain(passage.text)) for passage, _ in passages]
    held: dict[int, int] = {}
    for place, (passage, title) in enumerate(passages):
        if len(letters[place]) < _FEWEST:
            continue
        for earlier, (other, other_title) in enumerate(passages[:place]):
            if letters[place] not in letters[earlier] or earlier in held or other.document_id == passage.document_id:
                continue
            if _words(title) <= _words(f"{other_title} {other.text}"):
                held[place] = earlier
                break
    return held


def _words(text: str) -> frozenset[str]:
    return frozenset(_BETWEEN.sub(" ", _plain(text)).split())


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES)))
