"""Mutants of markers: moved, invented, dropped, repeated, put everywhere."""

from dataclasses import replace

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedCitation
from rag_commons.evaluation.mutants.mutant import Mutant, Pool, citation_of, next_ref, quotes_of, shown, spoiled, with_statement

_FAR = 90
_LEAN = ("QF", "HF", "KP", "ARG", "POL", "REL", "AC", "LP")


def _shuffled(case: Case, pool: Pool) -> Case | None:
    refs = list(dict.fromkeys(one.ref for statement in case.statements for one in statement.citations))
    if len(refs) < 2:
        return None
    other = dict(zip(refs, [*refs[1:], refs[0]], strict=True))
    return spoiled(
        case,
        [replace(one, citations=tuple(replace(marker, ref=other[marker.ref]) for marker in one.citations)) for one in case.statements],
    )


def _rotated(case: Case, pool: Pool) -> Case | None:
    if len(case.statements) < 2:
        return None
    turned = [*case.statements[1:], case.statements[0]]
    return spoiled(case, [replace(one, citations=other.citations) for one, other in zip(case.statements, turned, strict=True)])


def _marked(case: Case, marker: JudgedCitation) -> Case:
    first = case.statements[0]
    return with_statement(case, 0, replace(first, citations=(*first.citations, marker)))


def _invented(case: Case, pool: Pool) -> Case | None:
    return _marked(case, JudgedCitation(next_ref(case) + _FAR))


def _zero(case: Case, pool: Pool) -> Case | None:
    return _marked(case, JudgedCitation(0))


def _previous_turn(case: Case, pool: Pool) -> Case | None:
    seen = case.answer.seen if case.answer else None
    if seen is None or not quotes_of(case):
        return None
    stranger = next((entry for key, entry in pool.entries.items() if key not in seen), None)
    if stranger is None:
        return None
    ref, at = next_ref(case), quotes_of(case)[0]
    statement = case.statements[at]
    added = replace(statement, citations=(*statement.citations, citation_of(stranger.passage, ref)))
    return spoiled(with_statement(case, at, added), references=(*case.references, shown(stranger, ref)))


def _dropped_one(case: Case, pool: Pool) -> Case | None:
    return with_statement(case, 0, replace(case.statements[0], citations=())) if len(case.statements) > 1 else None


def _dropped_all(case: Case, pool: Pool) -> Case | None:
    return spoiled(case, [replace(one, citations=()) for one in case.statements])


def _tripled(case: Case, pool: Pool) -> Case | None:
    return spoiled(case, [replace(one, citations=one.citations * 3) for one in case.statements])


def _everything(case: Case, pool: Pool) -> Case | None:
    cited = {reference.key for reference in case.references}
    seen = case.answer.seen or () if case.answer else ()
    others = [pool.entries[key] for key in seen if key in pool.entries and key not in cited]
    if not others:
        return None
    numbered = list(enumerate(others, next_ref(case)))
    markers = tuple(citation_of(entry.passage, ref) for ref, entry in numbered)
    statements = [replace(one, citations=(*one.citations, *markers)) for one in case.statements]
    return spoiled(case, statements, (*case.references, *(shown(entry, ref) for ref, entry in numbered)))


MUTANTS = (
    Mutant("shuffled", "renvois mélangés entre les sources", "markers shuffled among sources", _shuffled, ("QF", "ARG", "KP"), _LEAN),
    Mutant("rotated", "renvois décalés d'une phrase", "markers moved one sentence down", _rotated, ("QF",), _LEAN),
    Mutant("invented-id", "renvoi inventé à côté du bon", "an invented marker beside the good one", _invented, ("CV",)),
    Mutant("zero", "renvoi [0]", "marker [0]", _zero, ("CV",)),
    Mutant(
        "previous-turn", "passage d'une question précédente", "a passage of a previous turn", _previous_turn, ("CV", "GP"), ("KP", "POL")
    ),
    Mutant("dropped-one", "une phrase sans renvoi", "one statement without markers", _dropped_one, ("COV",), ("GP", "GR", "KP")),
    Mutant(
        "dropped-all",
        "aucun renvoi",
        "no marker at all",
        _dropped_all,
        ("CV", "COV", "QF", "HF", "KP", "ARG", "POL", "REL", "AC", "GP", "GR"),
    ),
    Mutant("tripled", "chaque renvoi trois fois", "each marker three times", _tripled, ("CV",)),
    Mutant(
        "cite-everything", "tout ce qui fut retrouvé est cité", "everything retrieved is cited", _everything, ("GP",), ("LP", "KP", "ASR")
    ),
)
