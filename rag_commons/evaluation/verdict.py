"""Verdicts: what `verify` says of one answer, from its own text (consistent, complete) and from a registry (authentic)."""

from dataclasses import dataclass

from rag_commons.answering.verification.entailment import Entailment
from rag_commons.evaluation.judged import JudgedAnswer
from rag_commons.evaluation.kinds import is_quote
from rag_commons.evaluation.policy import adapted, known_rights
from rag_commons.evaluation.registry import Registry
from rag_commons.evaluation.sources_shown import faults_of
from rag_commons.evaluation.support import missing_of, refusal_of
from rag_commons.licences.combination import reuse_of
from rag_commons.licences.reuse import Form


@dataclass(frozen=True, slots=True)
class StatementVerdict:
    """Whether what a statement cites holds what it says; the reason is empty where all is well."""

    supported: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReferenceVerdict:
    """Whether a reference is consistent, complete and, where there is a registry, authentic."""

    ref: int | None
    ok: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of one answer; `reasons` are those of the answer as a whole."""

    id: str | None
    statements: tuple[StatementVerdict, ...]
    references: tuple[ReferenceVerdict, ...]
    reasons: tuple[str, ...]

    @property
    def strict(self) -> bool:
        """Whether nothing at all is wrong or missing."""
        return not self.reasons and all(one.supported for one in self.statements) and all(one.ok for one in self.references)

    def to_json(self) -> dict[str, object]:
        """Return the line of `verify --format jsonl`."""
        return {
            "id": self.id,
            "statements": [{"supported": one.supported, "reason": one.reason} for one in self.statements],
            "references": [{"ref": one.ref, "ok": one.ok, "reason": one.reason} for one in self.references],
            "strict": self.strict,
            "reasons": list(self.reasons),
        }


def judge(answer: JudgedAnswer, registry: Registry | None = None, entailment: Entailment | None = None) -> Verdict:
    """Judge an answer; nothing in it can raise."""
    refusals = [refusal_of(statement, answer, entailment) for statement in answer.statements]
    faults = faults_of(answer, registry)
    return Verdict(
        id=answer.id,
        statements=tuple(StatementVerdict(reason is None, reason or "") for reason in refusals),
        references=tuple(ReferenceVerdict(reference.ref, not wrong, " ; ".join(wrong)) for reference, wrong in faults),
        reasons=_of_the_whole(answer),
    )


def _of_the_whole(answer: JudgedAnswer) -> tuple[str, ...]:
    reasons = list(answer.problems)
    if answer.silent:
        if answer.abstained is False:
            reasons.append("ni phrase ni abstention")
        elif not (answer.reason and answer.reason.strip()):
            reasons.append("abstention sans raison")
        if answer.references:
            reasons.append("références sans phrase")
    elif answer.abstained:
        reasons.append("des phrases dans une réponse qui dit s'abstenir")
    used = {citation.ref for statement in answer.statements for citation in statement.citations}
    if not answer.silent:
        reasons += [f"référence jamais citée : [{one.ref}]" for one in answer.references if one.ref is not None and one.ref not in used]
    missing = dict.fromkeys(name for statement in answer.statements for name in missing_of(statement))
    reasons += [f"absent des citations : {', '.join(missing)}"] if missing else []
    return tuple(dict.fromkeys((*reasons, *_reuse(answer))))


def _reworded(answer: JudgedAnswer) -> list[frozenset[int]] | None:
    """Return the references that each reworded sentence draws on; None where every sentence is a quote."""
    sentences = (statement for statement in answer.statements if not is_quote(statement, answer))
    return [frozenset(one.ref for one in answer.cited(statement) if one.ref is not None) for statement in sentences] or None


def _reuse(answer: JudgedAnswer) -> list[str]:
    """Hold what the answer says of its own reuse against what its references ask."""
    reuse = answer.reuse
    if reuse is None or answer.silent:
        return []
    reasons = []
    if set(reuse.parts) != {(one.ref, one.provenance.licence) for one in answer.references}:
        reasons.append("les parts de la réutilisation ne sont pas les références")
    if reuse.form not in ("collection", "adaptation"):
        return [*reasons, "forme de réutilisation inconnue"]
    if reuse.form == "collection" and adapted(answer):
        reasons.append("une réponse qui reformule se dit simple collection de citations")
    if all(known_rights(one.provenance) for one in answer.references):
        form: Form = "collection" if reuse.form == "collection" else "adaptation"
        expected = reuse_of([(one.ref or 0, one.provenance) for one in answer.references], form, reworded=_reworded(answer))
        if reuse.licence not in (None, expected.licence):
            reasons.append(f"la réponse se dit réutilisable sous {str(reuse.licence)[:40]}, ce que ses sources ne permettent pas de dire")
        if expected.conflicts and not reuse.conflicts:
            reasons.append("la réponse tait ce qui ne peut être réutilisé ensemble")
    return reasons
