"""Properties: statements that give one of something (« La hauteur de la tour est de dix mètres »).

The citation holds one where what has it stands just before (« la tour atteint une hauteur de dix mètres ») or is the title that a
possessive or a pronoun stands for (« Sa hauteur est de dix mètres », « Elle a pour hauteur dix mètres »), and the value right after.
"""

from collections.abc import Sequence

from rag_commons.answering.verification.identity import sides
from rag_commons.answering.verification.words import Token
from rag_commons.text.analysis import analyse

_PROPERTIES = frozenset(
    term
    for word in (
        "hauteur longueur largeur profondeur épaisseur diamètre taille dimension dimensions poids masse superficie surface population "
        "densité altitude vitesse température durée âge capacité puissance valeur prix coût montant budget capital taux nombre statut "
        "fonction rôle symbole devise emblème couleur forme style nature langue religion surnom nom pseudonyme titre objectif but "
        "origine filiale siège capitale espérance résultat place période"
    ).split()
    for term in analyse(word)
)
_OF = frozenset("de du des d'".split())
_POSSESSIVES = frozenset("son sa ses leur leurs".split())
_BETWEEN = frozenset("le la les l' un une de du des d' est sont était étaient fut à au pour".split())
_RELATIVES = frozenset("qui que qu' dont où et ou ni".split())
# words that may stand between what has a property and the property: « la tour atteint une hauteur de… »
_MOST_BETWEEN = 2


def possessed(said: Sequence[Token], cited: Sequence[Token], title: Sequence[str], pronoun: bool) -> bool:
    """Whether the citation gives this property this value; `title` has its keys, `pronoun` tells that one opens the citation."""
    both = sides(said)
    if both is None or len(both[0]) < 2 or both[0][0].key not in _PROPERTIES or both[0][1].preposition not in _OF:
        return False
    label, owner = both[0][0].key, [token.key for token in both[0][1:]]
    value = both[1][1:] if both[1][0].key == label else both[1]
    places = [at for at, token in enumerate(cited) if token.key == label and _valued(value, cited[at + 1 : at + 1 + len(value)])]
    if owner == list(title):
        return any((at == 0 and _POSSESSIVES.intersection(cited[0].before)) or (pronoun and at <= 1) for at in places)
    return any(_had(owner, at, cited) for at in places)


def _valued(value: Sequence[Token], run: Sequence[Token]) -> bool:
    """Whether a run of the citation is the value, in the same words."""
    if not value or [token.key for token in value] != [token.key for token in run]:
        return False
    first = set(run[0].before) - set(value[0].before) <= _BETWEEN
    return first and all(a.preposition == b.preposition and a.opens == b.opens for a, b in zip(value[1:], run[1:], strict=True))


def _had(owner: Sequence[str], at: int, cited: Sequence[Token]) -> bool:
    """Whether what has the property stands just before it, in one clause."""
    size = len(owner)
    for end in range(at, max(at - _MOST_BETWEEN, size) - 1, -1):
        between = cited[end : at + 1]
        if any(token.opens or token.denied or _RELATIVES.intersection(token.before) for token in between):
            return False
        if [token.key for token in cited[end - size : end]] == list(owner):
            return True
    return False
