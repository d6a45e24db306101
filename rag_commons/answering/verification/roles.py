"""Roles that keep the order of words: a relative turned round, and what only completed a noun made to act in its place.

« Le sonneur que forma Malo » and « le sonneur qui forma Malo » have the same words in the same order, as « le frère d'Anne bâtit » has
all those of « Anne bâtit ». Both are told by function words alone, which is what is read here. The one surprise: a place named by its
kind (« la ville de Québec ») is that place, so that kind may go.
"""

from collections.abc import Sequence

from rag_commons.answering.verification.facts import sentences_of
from rag_commons.answering.verification.words import Token, tokens_of

EXCHANGED = "les rôles ne sont pas ceux de la citation"

_RELATIVES = ("qui", "que", "qu'", "dont")
_OF = frozenset(("de", "du", "des", "d'"))
_DETERMINERS = frozenset("le la les l' un une son sa ses leur leurs ce cet cette ces mon ma mes notre votre".split())
_JOINING = frozenset((*_OF, *"à au aux en dans par pour sur sous avec sans chez vers contre entre depuis comme que qu' dont".split()))
# a name after one of these is what it names; keys are stems, so they are read as words
_KINDS = frozenset(
    "ville commune village île région département province canton quartier pays royaume territoire municipalité paroisse fleuve "
    "rivière lac mont massif cap golfe mer vallée comté état république principauté duché année mois siècle nom titre gare station".split()
)


def exchanged(statement: str, cited: Sequence[str]) -> str | None:
    """Return that roles differ where only a function word says so, in French, or None; raises nothing."""
    said = tokens_of(statement)
    here = {token.key for token in said}
    found = None
    for text in cited:
        sentences = [tokens_of(sentence) for sentence in sentences_of(text)]
        shared = [len(here & {token.key for token in sentence}) for sentence in sentences]
        # what the statement rests on is the sentence that holds most of it; the same words elsewhere excuse nothing
        nearest = [sentence for sentence, count in zip(sentences, shared, strict=True) if count == max(shared)]
        if not all(_turned_round(said, one) or _promoted(said, one) for one in nearest):
            return None
        found = EXCHANGED if nearest else found
    return found


def _turned_round(said: Sequence[Token], cited: Sequence[Token]) -> bool:
    """Whether a verb has another relative than each time it has one in the citation, and its subject still after it."""
    places = _places(cited)
    there = {key: {_relative(cited[place]) for place in held} for key, held in places.items()}
    passed: set[str] = set()
    for token in said:
        here, held = _relative(token), there.get(token.key, {None})
        if None not in held and here not in held:
            if here is not None:
                return True
            # « X, que forma Y » made « X forma Y »: who comes after the verb in the citation comes before it here, or it is turned round
            after = {cited[place + 1].key for place in places[token.key] if _relative(cited[place]) == "que" and place + 1 < len(cited)}
            if after and not after & passed:
                return True
        passed.add(token.key)
    return False


def _places(tokens: Sequence[Token]) -> dict[str, list[int]]:
    """Return where each word stands."""
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        places.setdefault(token.key, []).append(at)
    return places


def _relative(token: Token) -> str | None:
    """Return the relative right before a verb, « que » for « qu' »; a name after « que » is its subject, and says all."""
    places = [at for at, word in enumerate(token.before) if word in _RELATIVES]
    if not places or token.kind != "word":
        return None
    relative = "que" if token.before[places[-1]] == "qu'" else token.before[places[-1]]
    # « que le maître forma »: the subject stands between
    return None if relative != "qui" and _DETERMINERS & set(token.before[places[-1] :]) else relative


def _promoted(said: Sequence[Token], cited: Sequence[Token]) -> bool:
    """Whether what only completes a noun in the citation stands without it, as who acts or undergoes."""
    here = {token.key for token in said}
    places = _places(cited)
    bare = {token.key for at, token in enumerate(said) if _bare(said, at)}
    return any(all(_completes(cited, place, here) for place in places[key]) for key in bare if key in places)


def _bare(said: Sequence[Token], at: int) -> bool:
    """Whether a word that begins its group is brought by no preposition: a name, or the first word of all."""
    token = said[at]
    if _JOINING & set(token.before) or token.kind == "number":
        return False
    if at == 0:
        return True
    return token.kind == "name" and (said[at - 1].kind != "name" or bool(token.before))


def _completes(sentence: Sequence[Token], place: int, here: set[str]) -> bool:
    """Whether a word is brought by « de » to a noun that has its determiner, and that is no kind of place nor said as well."""
    token = sentence[place]
    if place == 0 or not _OF & set(token.before) or token.opens:
        return False
    head = sentence[place - 1]
    if head.kind != "word" or head.key in here or head.written.lower() in _KINDS:
        return False
    return bool(_DETERMINERS & set(head.before))
