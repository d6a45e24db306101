"""Drawing pairs to be labelled: half as systems wrote them, half spoiled by one fact, each kind of fault in turn.

Only mutants of what is said are drawn: a judge reads a sentence and a passage, not markers, rights or digests.
"""

import random
from collections.abc import Iterator, Sequence
from hashlib import sha256

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedStatement
from rag_commons.evaluation.judges.pairs import NATURAL, Pair
from rag_commons.evaluation.mutants.matrix import MUTANTS
from rag_commons.evaluation.mutants.mutant import Mutant, Pool, spoiled
from rag_commons.evaluation.registry import Snapshot

KINDS = (
    "role-drift",
    "relative-turned",
    "complement-promoted",
    "bound-dropped",
    "negation",
    "number-drift",
    "date-drift",
    "entity-drift",
    "outside-knowledge",
    "shuffled",
)
COUNT = 250

_SEED = 23


def draw_pairs(cases: Sequence[Case], count: int = COUNT) -> list[Pair]:
    """Return up to `count` pairs, the same ones for the same cases."""
    chance = random.Random(_SEED)
    answered = [case for case in cases if case.answered]
    chance.shuffle(answered)
    pool = Pool(tuple(answered), Snapshot.of(case.answer for case in answered if case.answer).entries)
    natural = [pair for case in answered for pair in _pairs(case, NATURAL, None)]
    faulty = _in_turn([list(_spoiled(mutant, pool, natural)) for mutant in MUTANTS if mutant.name in KINDS])
    half = count // 2
    # a mutant and what it was made of are both labelled: one is the measure of the other
    mutants = faulty[:half]
    wanted = {pair.of for pair in mutants}
    first = [pair for pair in natural if pair.id in wanted]
    rest = [pair for pair in natural if pair.id not in wanted]
    return [*(first + rest)[: count - len(mutants)], *mutants]


def _spoiled(mutant: Mutant, pool: Pool, natural: Sequence[Pair]) -> Iterator[Pair]:
    known = {(pair.group, pair.statement): pair.id for pair in natural}
    for case in pool.cases:
        other = mutant.spoil(case, pool)
        if other is None:
            continue
        before = {_key(case, statement): statement for statement in case.statements}
        for at, statement in enumerate(other.statements):
            if _key(other, statement) not in before and at < len(case.statements):
                origin = known.get((case.question.cluster, case.statements[at].text))
                yield from _pairs(spoiled(other, [statement]), mutant.name, origin)


def _key(case: Case, statement: JudgedStatement) -> tuple[str, tuple[str, ...]]:
    return statement.text, case.cited_texts(statement)


def _pairs(case: Case, kind: str, of: str | None) -> Iterator[Pair]:
    for at, statement in enumerate(case.statements, 1):
        texts = case.cited_texts(statement)
        if texts and statement.text.strip():
            # the id that annotators see tells nothing of the kind
            told = f"{case.question.id} {at} {kind} {of} {statement.text}"
            identity = sha256(told.encode("utf-8", "replace")).hexdigest()[:12]
            yield Pair(identity, statement.text, "\n\n".join(texts), kind, case.question.cluster, of)


def _in_turn(kinds: Sequence[list[Pair]]) -> list[Pair]:
    """Return the pairs of several lists, one of each in turn."""
    longest = max(map(len, kinds), default=0)
    found = [pairs[at] for at in range(longest) for pairs in kinds if at < len(pairs)]
    return list({pair.id: pair for pair in found}.values())
