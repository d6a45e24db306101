"""Identity: statements that say what someone or something is (« Paul Keating était le ministre des finances »).

The citation holds one where it says so with the same verb, either way round, or sets the two side by side (« le ministre des finances
Paul Keating », « Balaq, roi de Moab », « la licorne (symbole du pays) »). The one surprise: « X, roi de A, Y » does not say which of
both was king, so that a description between two names stands for the first.
"""

from collections.abc import Iterator, Sequence

from rag_commons.answering.verification.words import Token
from rag_commons.text.analysis import analyse

_COPULAS = frozenset("est sont était étaient fut furent".split())
_ARTICLES = frozenset("le la les l' un une des autre ce cette".split())
_MARKS = frozenset(",(—–:")
_ADVERBS = frozenset("ainsi aussi également donc alors ) »".split())
_RELATIVES = frozenset("qui que qu' dont où et ou ni".split())
# what links a thing to its name, and nothing else
_LINKS = frozenset(
    term
    for word in "devenu appelé nommé surnommé dénommé baptisé intitulé dit".split()
    for end in ("", "e", "s", "es")
    for term in analyse(word + end)
)
# nouns that only say of what kind the rest is: « le nom du roi est… », « la profession de… »
_LABELS = frozenset(
    term
    for word in "nom surnom prénom titre profession métier fonction statut date année jour nationalité".split()
    for term in analyse(word)
)

_DATES = frozenset(term for word in "date année jour".split() for term in analyse(word))
_CONTRACTED = {"du": "de", "des": "de", "d'": "de", "au": "à", "aux": "à"}

Run = tuple[int, int]


def sides(said: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]] | None:
    """Return what « est » joins in a statement, or None where its first verb of being joins no two things (« est fondé par »)."""
    for at, token in enumerate(said):
        if at and _COPULAS.intersection(token.before):
            joins = not _RELATIVES.intersection(token.before) and not token.denied and not _participle(token)
            return (said[:at], said[at:]) if joins else None
    return None


def labelled(said: Sequence[Token], held: set[str]) -> bool:
    """Whether the first word is a label that the citation need not hold: « la profession de X est… »."""
    return len(said) > 2 and said[0].key in _LABELS - held and said[1].preposition in ("de", "du", "des", "d'") and sides(said) is not None


def identified(said: Sequence[Token], cited: Sequence[Token]) -> bool:
    """Whether the citation gives both sides of « est » for one another; a date after « la date de… est » has to follow what is dated."""
    both = sides(said)
    if both is None:
        return False
    label = labelled(said, {token.key for token in cited})
    dated = label and said[0].key in _DATES
    return any(
        _joined(words, one, other, dated)
        for words in _aside(cited)
        for one in _runs(both[0][label:], words)
        for other in _runs(both[1], words)
    )


def unjoined(said: Sequence[Token], cited: Sequence[Token]) -> bool:
    """Whether the statement says that one thing is another where the citation has no verb of being before the second.

    Nor is the second in the clause of the first: « devenu le premier pasteur » says as much as « est ».
    """
    both = sides(said)
    if both is None:
        return False
    last, first = both[0][-1].key, both[1][0].key
    places = [at for at, token in enumerate(cited) if token.key == first]
    joins = any(_COPULAS.intersection(token.before) for at in places for token in cited[max(0, at - 2) : at + 1])
    return bool(places) and not joins and not any(_follows(last, at, cited) for at in places)


def _follows(key: str, at: int, cited: Sequence[Token]) -> bool:
    """Whether a word stands before a place with no mark nor « et » or « qui » between."""
    while not cited[at].opens and not _RELATIVES.intersection(cited[at].before):
        at -= 1
        if cited[at].key == key:
            return True
    return False


def _participle(token: Token) -> bool:
    return token.written.lower().rstrip("es").endswith("é") and not _ARTICLES.intersection(token.before)


def _aside(cited: Sequence[Token]) -> list[Sequence[Token]]:
    """Return the citation, and the citation without what stands in brackets."""
    kept: list[Token] = []
    depth = False
    for token in cited:
        for mark in token.before:
            depth = (depth or mark == "(") and mark != ")"
        if not depth:
            kept.append(token)
    return [cited, kept] if len(kept) < len(cited) else [cited]


def _runs(side: Sequence[Token], cited: Sequence[Token]) -> Iterator[Run]:
    """Yield where all words of one side stand together in the citation, in order and as closely."""
    size = len(side)
    for start in range(len(cited) - size + 1):
        run = cited[start : start + size]
        same = all(one.key == other.key for one, other in zip(side, run, strict=True))
        if same and all(_brought(a) == _brought(b) and a.opens == b.opens for a, b in zip(side[1:], run[1:], strict=True)):
            yield _whole_name(cited, start, start + size)


def _brought(token: Token) -> str:
    """Return the preposition without its article or elision: « du » and « d' » are « de »."""
    return _CONTRACTED.get(token.preposition, token.preposition)


def _whole_name(cited: Sequence[Token], start: int, end: int) -> Run:
    """Return the run with the rest of the name that it is a part of."""
    if _is_name(cited[start:end]):
        while start and cited[start - 1].kind == "name" and not cited[start].before and not cited[start].opens:
            start -= 1
        while end < len(cited) and cited[end].kind == "name" and not cited[end].before and not cited[end].opens:
            end += 1
    return start, end


def _is_name(run: Sequence[Token]) -> bool:
    # « Successeur de Charles » opens a sentence with a capital and is no name
    sure = run[0].kind == "name" or bool(run[0].before) or not any(token.before for token in run[1:])
    return sure and all(token.written[0].isupper() for token in run)


def _joined(cited: Sequence[Token], one: Run, other: Run, dated: bool) -> bool:
    first, second = sorted((one, other))
    between = cited[first[1] : second[0]]
    if first[1] > second[0] or len(between) > 1 or any(token.key not in _LINKS for token in between):
        return False
    words = [word for token in (*between, cited[second[0]]) for word in token.before]
    if dated:
        return not between and not set(words) - _ARTICLES - {"en", "au"}
    if _COPULAS.intersection(words):
        return not set(words) - _COPULAS - _ARTICLES - _ADVERBS
    if set(words) - _ARTICLES - _MARKS - {")"}:
        return False
    return bool(between) or _apposed(cited, first, second, words)


def _apposed(cited: Sequence[Token], first: Run, second: Run, words: Sequence[str]) -> bool:
    """Whether two runs side by side are one thing: a name and what it is, or brackets."""
    if "(" in words:
        return True
    named = [_is_name(cited[start:end]) for start, end in (first, second)]
    if named[0] == named[1]:
        # « La divination, l'art de prédire, est… »: later in a sentence, words between commas may be a list
        return not named[0] and first[0] == 0 and second[1] < len(cited) and bool(_COPULAS.intersection(cited[second[1]].before))
    if named[0]:
        return True
    # « l'ancien roi Paul » does not say that Paul is king: the description has to be whole
    opening = cited[first[0]]
    whole = bool(opening.before) or opening.opens
    listed = opening.opens and first[0] > 0 and cited[first[0] - 1].written[0].isupper()
    return whole and not (listed and "," in words)
