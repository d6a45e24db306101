"""Words that bound what is said: without « rarement », « moins de », « l'ancien » or « refusa de », a sentence says more than its source.

Each bears on one word, before or after it. Where a statement keeps that word and not its bound, it is refused. The one surprise: dates are
bound by their preposition, so « jusqu'en 1931 » is neither « en 1931 » nor « depuis 1931 ».
"""

import re
from collections.abc import Iterator, Sequence

from rag_commons.answering.verification.facts import sentences_of
from rag_commons.answering.verification.words import MONTHS, Token, tokens_of
from rag_commons.text.analysis import analyse
from rag_commons.text.normal import n0

_BOUNDS_NEXT = re.compile(
    r"\b(presque|quasi(?:ment)?|à peine|moins d[e'’]|plus d[e'’]|près d[e'’]|au (?:moins|plus)|seule?s?|ancien(?:ne)?s?|future?s?"
    r"|fau(?:x|sses?)|premi(?:er|ère)s?|derni(?:er|ère)s?|seconde?s?|soi-disant|éventuel(?:le)?s?)\b[ '’]?(?=(.{1,60}))",
    re.IGNORECASE,
)
_BOUNDS_BEFORE = re.compile(
    r"(?<=[a-zà-ÿ] )(rarement|parfois|partiellement|en partie|provisoirement|temporairement|théoriquement|peu|mal|faussement)\b",
    re.IGNORECASE,
)
_GOVERNED = re.compile(
    r"\b((?:refus|renon[cç]|échou|faill|envisag|projet|menac|tent|essa[iy]|voul|veu|souhait|esp[éè]r|prome[tsn]|évit|empêch|cess|manqu|prévo|prévi"
    r"|demand|propos|interdi|hésit|oubli|pouv|peu[tvx])[a-zà-ÿ]*) (?:pas |jamais )?(?:de |d'|à )?(?:les? |la |l'|se |s'|lui |leur )?"
    r"([a-zà-ÿ]{2,}(?:er|ir|re|oir))\b",
    re.IGNORECASE,
)
_TIMES = frozenset(("avant", "après", "depuis", "jusqu'", "dès"))
_WORD = re.compile(r"[^\W\d_]+|\d+")
_STEM = 4


def unbounded(statement: str, cited: Sequence[str]) -> str | None:
    """Return that a statement drops or changes what bounds its source, in French, or None; raises nothing."""
    said = tokens_of(statement)
    plain = n0(statement).lower()
    here = {token.key for token in said}
    found = None
    for text in cited:
        sentences = [(sentence, tokens_of(sentence)) for sentence in sentences_of(text)]
        shared = [len(here & {token.key for token in tokens}) for _, tokens in sentences]
        nearest = [one for one, count in zip(sentences, shared, strict=True) if count == max(shared)]
        reasons = [_dropped(plain, here, n0(sentence)) or _moved(said, tokens) for sentence, tokens in nearest]
        if None in reasons or not reasons:
            return None
        found = reasons[0]
    return found


def _dropped(said: str, here: set[str], sentence: str) -> str | None:
    """Return the first bound that a statement lacks though it keeps what the bound bears on."""
    words = set(_WORD.findall(said))
    for bound, key, at in _bounds(sentence):
        if key in here and here.intersection(_keys(_clause(sentence, at))) <= set(_keys(_clause(sentence, at, other=True))):
            # what other clauses say as well is not bound
            continue
        parts = _WORD.findall(bound.lower())
        if key in here and not all(any(word[:_STEM] == part[:_STEM] for word in words) for part in parts):
            return f"la citation dit « {bound.strip()} », que la phrase laisse tomber"
    return None


def _bounds(sentence: str) -> Iterator[tuple[str, str, int]]:
    """Yield each bound of a sentence with the key of the word that it bears on, and where it stands."""
    for match in _BOUNDS_NEXT.finditer(sentence):
        yield from ((match[1], key, match.start()) for key in _keys(match[2])[:1])
    for match in _BOUNDS_BEFORE.finditer(sentence):
        yield from ((match[1], key, match.start()) for key in _keys(sentence[: match.start()])[-1:])
    for match in _GOVERNED.finditer(sentence):
        yield from ((match[1], key, match.start()) for key in _keys(match[2])[:1])


def _clause(sentence: str, at: int, other: bool = False) -> str:
    """Return the clause of a place, or all that stands outside of it."""
    start = max(sentence.rfind(mark, 0, at) for mark in ",;:()") + 1
    end = min((place for mark in ",;:()" if (place := sentence.find(mark, at)) >= 0), default=len(sentence))
    return sentence[:start] + " , " + sentence[end:] if other else sentence[start:end]


def _keys(text: str) -> list[str]:
    """Return the keys of the words of a text, numbers as their figures."""
    tokens = tokens_of(text)
    return [token.key for token in tokens] if tokens else analyse(text)


def _moved(said: Sequence[Token], cited: Sequence[Token]) -> str | None:
    """Return that a date stands in another relation to what happened than in the citation."""
    there: dict[str, set[frozenset[str]]] = {}
    for place, one in enumerate(cited):
        if one.kind == "number":
            there.setdefault(one.key, set()).add(_times(cited, place))
    for at, token in enumerate(said):
        if token.kind == "number" and token.key in there and _times(said, at) not in there[token.key]:
            return f"« {token.written} » n'est pas dans le même rapport au temps que dans la citation"
    return None


def _times(tokens: Sequence[Token], at: int) -> frozenset[str]:
    """Return the prepositions of time that bring a number, or the date that it ends."""
    first = at
    while first and (tokens[first - 1].kind == "number" or tokens[first - 1].key in MONTHS) and not tokens[first].before:
        first -= 1
    return _TIMES.intersection(tokens[first].before)
