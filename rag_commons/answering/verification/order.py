"""Order of a statement's words: French marks roles by it.

Words keep their order, save a passive made active (or the reverse), a verb and its converse, an apposition at the head, and what a
preposition of time or place alone brings.
"""

from collections.abc import Sequence
from itertools import chain, product

from rag_commons.answering.verification.words import Token
from rag_commons.text.analysis import analyse

_CIRCUMSTANCES = frozenset("en à au aux dans depuis jusqu' dès pendant durant avant après vers".split())
_CONVERSES = frozenset(
    frozenset(chain.from_iterable(map(analyse, pair)))
    for pair in (
        *product(("abrite", "abritait", "héberge", "accueille"), ("occupe", "occupait", "habite")),
        *product(("possède", "possédait"), ("appartient", "appartenait")),
        *product(("précède", "précéda"), ("suit", "suivit", "succède", "succéda")),
    )
)


def disordered(all_said: Sequence[Token], cited: Sequence[Token], held: set[str]) -> str | None:
    """Return that roles differ: words out of order, and no passive that explains it."""
    reason = "les rôles ne sont pas ceux de la citation"
    said = [token for token in all_said if token.key in held]
    here, there = [token.key for token in said], [token.key for token in cited]
    kept = _common(here, there)
    if len(kept) < len(here):
        free = _free(said, cited)
        rest = [at for at in range(len(said)) if at not in free]
        if free and len(_common([here[at] for at in rest], there)) == len(rest):
            return None
        said, here = [said[at] for at in rest], [here[at] for at in rest]
        kept = _common(here, there)
    if len(kept) == len(here):
        agents = {token.key for token in cited if "par" in token.before}
        others = {token.key for token in cited if "par" not in token.before}
        swapped = any(("par" in token.before and token.key not in agents) for token in said)
        lost = any("par" not in token.before and token.key in agents - others for token in said)
        return reason if swapped or lost else None
    if _turned(said, cited) or _turned(cited, said) or _apposed(said, there) or converse(all_said, cited):
        return None
    return None if _moved(said, cited, kept) else reason


def _common(here: Sequence[str], there: Sequence[str]) -> dict[int, int]:
    """Return the places, in both, of a longest common subsequence."""
    table = [[0] * (len(there) + 1) for _ in range(len(here) + 1)]
    for i in range(len(here) - 1, -1, -1):
        for j in range(len(there) - 1, -1, -1):
            same = here[i] == there[j]
            table[i][j] = table[i + 1][j + 1] + 1 if same else max(table[i + 1][j], table[i][j + 1])
    kept, i, j = {}, 0, 0
    while i < len(here) and j < len(there):
        if here[i] == there[j] and table[i][j] == table[i + 1][j + 1] + 1:
            kept[i] = j
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return kept


def _turned(passive: Sequence[Token], active: Sequence[Token]) -> bool:
    """Whether one is the other in the passive: what stands before the verb in one stands after it in the other."""
    for at, agent in enumerate(passive):
        if at == 0 or "par" not in agent.before:
            continue
        # « tué involontairement par »
        done = at - 1 - (at > 1 and passive[at - 1].written.endswith("ment"))
        verb = passive[done].key
        places = [i for i, token in enumerate(active) if token.key == verb]
        for place in places:
            if any(token.preposition == "par" for token in active[place + 1 :]):
                continue
            before, after = [t.key for t in active[:place]], [t.key for t in active[place + 1 :]]
            patient = [t.key for t in passive[:done]]
            doer = [t.key for t in passive[at:]]
            # the shorter side is the statement's: it may drop words of the other, never add any
            if _within(patient, after) and _within(doer, before):
                return True
            by = [t.key for t in passive[at : _clause_end(passive, at)]]
            if before and after and _within(before[:1], by) and _within(before, doer) and _within(after, patient):
                return True
    return False


def _clause_end(tokens: Sequence[Token], start: int) -> int:
    """Return where the clause of a word ends: what comes after a comma or « pour » did not do it."""
    return next((at for at in range(start + 1, len(tokens)) if tokens[at].opens or tokens[at].preposition == "pour"), len(tokens))


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    return bool(few) and len(_common(few, many)) == len(few)


def _moved(said: Sequence[Token], cited: Sequence[Token], kept: dict[int, int]) -> bool:
    """Whether all that is out of order is one group, brought by the preposition that brings it in the citation."""
    out = [at for at in range(len(said)) if at not in kept]
    if not out or out[-1] - out[0] != len(out) - 1:
        return False
    group = [said[at] for at in out]
    size = len(group)
    for place in range(len(cited) - size + 1):
        if [t.key for t in cited[place : place + size]] == [t.key for t in group]:
            brought = group[0].preposition
            if brought == cited[place].preposition and brought not in ("", "par", "et", "ou", "que", "qui", "qu'"):
                return True
    return False


def _free(said: Sequence[Token], cited: Sequence[Token]) -> set[int]:
    """Return the places of what alone its preposition brings, in both: such a group may stand anywhere."""
    there = dict(_groups(cited))
    several = {group[0] for group in _groups(cited) if sum(group[0] == other[0] for other in _groups(cited)) > 1}
    free: set[int] = set()
    for preposition, places in _groups(said):
        if preposition in there and preposition not in several:
            keys = [said[at].key for at in places]
            if keys == [cited[at].key for at in there[preposition]][: len(keys)]:
                free.update(places)
    return free


def _groups(tokens: Sequence[Token]) -> list[tuple[str, list[int]]]:
    """Return the groups that a preposition of time or place brings: its word and those that follow it without any function word."""
    groups: list[tuple[str, list[int]]] = []
    for at, token in enumerate(tokens):
        if token.preposition in _CIRCUMSTANCES:
            groups.append(("".join(w for w in token.before if w in _CIRCUMSTANCES), [at]))
        elif groups and groups[-1][1][-1] == at - 1 and not token.before and _goes_on(tokens[at - 1], token):
            groups[-1][1].append(at)
    return groups


def _goes_on(one: Token, after: Token) -> bool:
    return ((one.kind == "name") == (after.kind == "name") and after.kind != "word") or one.kind == "number"


def _apposed(said: Sequence[Token], there: Sequence[str]) -> bool:
    """Whether a name and what it is, between commas, only changed places at the head of the sentence."""
    clauses: list[list[Token]] = []
    for token in said:
        if token.opens or not clauses:
            clauses.append([])
        clauses[-1].append(token)
    if len(clauses) < 3 or sum(any(t.kind == "name" for t in clause) for clause in clauses[:2]) > 1:
        return False
    keys = [token.key for clause in (clauses[1], clauses[0], *clauses[2:]) for token in clause]
    return len(_common(keys, there)) == len(keys)


def converse(said: Sequence[Token], cited: Sequence[Token]) -> bool:
    """Whether the citation says the same the other way round, with the verb that is its converse (« abriter », « occuper »)."""
    held = {token.key for token in cited}
    verbs = [at for at, token in enumerate(said) if token.key not in held]
    if len(verbs) != 1 or any("par" in token.before for token in (*said, *cited)):
        return False
    before, after = [t.key for t in said[: verbs[0]]], [t.key for t in said[verbs[0] + 1 :]]
    for at, token in enumerate(cited):
        if frozenset((token.key, said[verbs[0]].key)) in _CONVERSES:
            left, right = [t.key for t in cited[:at]], [t.key for t in cited[at + 1 :]]
            return _within(before, right) and _within(after, left)
    return False
