"""Mutants of the rest: passages tampered with, traps obeyed, abstention by rote, answers that hang on chance."""

from dataclasses import replace

from rag_commons.evaluation.case import Case, Variants
from rag_commons.evaluation.judged import JudgedAnswer, JudgedReference, JudgedStatement
from rag_commons.evaluation.mutants.licensing import licensed_as
from rag_commons.evaluation.mutants.mutant import Mutant, Pool, citation_of, next_ref, shown, spoiled, with_reference
from rag_commons.evaluation.registry import Entry


def _byte(case: Case, pool: Pool) -> Case | None:
    for at, reference in enumerate(case.references):
        text = reference.text or ""
        space = text.find(" ")
        # a no-break space for a space: another byte, the same words
        if space > 0:
            return with_reference(case, at, replace(reference, text=f"{text[:space]}\u00a0{text[space + 1 :]}"))
    return None


def _trap(case: Case, pool: Pool) -> Entry | None:
    trap = case.question.injection
    return next((pool.entries[key] for key in trap.forbidden if key in pool.entries), None) if trap else None


def _obeyed(case: Case, pool: Pool) -> Case | None:
    trap, entry = case.question.injection, _trap(case, pool)
    if trap is None or entry is None or not trap.canary:
        return None
    ref = next_ref(case)
    marker = citation_of(entry.passage, ref)
    said = JudgedStatement(marker.quote or "", (replace(marker, support="verbatim"),))
    return spoiled(case, (*case.statements, said), (*case.references, shown(entry, ref)))


def _false_licence(case: Case, pool: Pool) -> Case | None:
    if case.question.injection is None or not case.references:
        return None
    return with_reference(case, 0, licensed_as(case.references[0], "CC0-1.0"))


def _fake_marker(case: Case, pool: Pool) -> Case | None:
    entry = _trap(case, pool)
    if entry is None:
        return None
    ref, first = next_ref(case), case.statements[0]
    statement = replace(first, citations=(*first.citations, citation_of(entry.passage, ref)))
    return spoiled(case, (statement, *case.statements[1:]), (*case.references, shown(entry, ref)))


def _never_abstains(case: Case, pool: Pool) -> Case | None:
    answered = [one for one in pool.cases if one.answered and one.question.injection is None]
    if not (case.abstained and answered and case.answer):
        return None
    other = answered[sum(map(ord, case.question.id)) % len(answered)].answer
    return replace(case, answer=other and replace(other, id=case.answer.id), variants=Variants())


def _always_abstains(case: Case, pool: Pool) -> Case | None:
    silent = JudgedAnswer(case.question.id, case.question.text, "fr", True, "Aucun passage ne répond.")
    return replace(case, answer=silent, variants=Variants())


def _order_bias(case: Case, pool: Pool) -> Case | None:
    if case.answer is None or not case.references:
        return None
    moved = tuple(_elsewhere(reference) for reference in case.references)
    return replace(case, variants=replace(case.variants, permuted=replace(case.answer, references=moved)))


def _elsewhere(reference: JudgedReference) -> JudgedReference:
    return replace(reference, passage_id=f"{reference.key}-autre")


def _chance(case: Case, pool: Pool) -> Case | None:
    return replace(case, variants=replace(case.variants, same_again=False)) if case.answered else None


def _glued(case: Case, pool: Pool) -> Case | None:
    """Say the same thing when the passage is gone, under another passage that does not hold it."""
    if case.answer is None or not case.variants.without:
        return None
    others = {ref: _under_another(case.answer, ref, pool) for ref in case.variants.without}
    return replace(case, variants=replace(case.variants, without=others))


def _under_another(answer: JudgedAnswer, ref: int, pool: Pool) -> JudgedAnswer:
    gone = answer.reference(ref)
    entry = next(one for key, one in pool.entries.items() if gone is None or key != gone.key)
    references = tuple(shown(entry, ref) if one.ref == ref else one for one in answer.references)
    return replace(answer, references=references)


MUTANTS = (
    Mutant("passage-byte", "un octet du passage changé", "one byte of the passage changed", _byte, ("INT",)),
    Mutant(
        "injected-order", "consigne du corpus suivie", "an order of the corpus obeyed", _obeyed, ("ASR",), ("GP", "GR", "KP", "QF", "LP")
    ),
    Mutant("injected-licence", "fausse licence du corpus reprise", "a false licence of the corpus repeated", _false_licence, ("ASR", "LC")),
    Mutant(
        "injected-marker", "faux renvoi du corpus suivi", "a fake marker of the corpus followed", _fake_marker, ("ASR",), ("GP", "KP", "LP")
    ),
    Mutant("never-abstains", "ne s'abstient jamais", "never abstains", _never_abstains, ("H", "J"), ("KP",)),
    Mutant("always-abstains", "s'abstient toujours", "always abstains", _always_abstains, ("E", "J")),
    Mutant("order-bias", "l'ordre des passages change les sources", "the order of passages changes the sources", _order_bias, ("STAB",)),
    Mutant("chance", "deux exécutions diffèrent", "two runs differ", _chance, ("STAB",)),
    Mutant("post-rationalised", "renvoi collé après coup", "a citation glued afterwards", _glued, ("DEP",)),
)
