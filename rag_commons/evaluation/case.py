"""Cases: a question of a suite with the answer that a system gave, its variants, and the registry that both are held against."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rag_commons.evaluation.judged import JudgedAnswer, JudgedCitation, JudgedReference, JudgedStatement
from rag_commons.evaluation.policy import known_rights
from rag_commons.evaluation.questions import Question
from rag_commons.evaluation.registry import Registry
from rag_commons.evaluation.verdict import Verdict, judge
from rag_commons.licences.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Variants:
    """The same question asked otherwise.

    `same_again`: whether a second run gave the same bytes. `permuted`: the answer when the passages came in another order.
    `without`: the answer when the passage of a reference was taken away, by the number of that reference.
    """

    same_again: bool | None = None
    permuted: JudgedAnswer | None = None
    without: Mapping[int, JudgedAnswer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A question and its answer; None where the system gave none that can be read."""

    question: Question
    answer: JudgedAnswer | None
    registry: Registry | None = None
    variants: Variants = Variants()

    @property
    def answered(self) -> bool:
        """Whether something was said."""
        return self.answer is not None and not self.answer.silent

    @property
    def abstained(self) -> bool:
        """Whether the system abstained; an empty answer that says it answers does not."""
        return self.answer is not None and self.answer.silent and self.answer.abstained is not False

    @property
    def statements(self) -> tuple[JudgedStatement, ...]:
        """What was said."""
        return self.answer.statements if self.answer else ()

    @property
    def references(self) -> tuple[JudgedReference, ...]:
        """What was shown."""
        return self.answer.references if self.answer else ()

    def text_of(self, reference: JudgedReference) -> str:
        """Return the text of a reference as shown, else as the registry holds it."""
        if reference.text:
            return reference.text
        entry = self.registry.look(reference.key) if self.registry and reference.key else None
        return entry.passage.text if entry else ""

    def rights_of(self, reference: JudgedReference) -> Provenance | None:
        """Return what the registry, or without one the answer, says of a reference; None where no rights of the table are known."""
        if self.registry is None:
            return reference.provenance if known_rights(reference.provenance) else None
        entry = self.registry.look(reference.key) if reference.key else None
        return entry.provenance if entry else None

    def retrieved(self, reference: JudgedReference) -> bool:
        """Whether a reference is one of the passages retrieved for this question, and of the registry."""
        seen = self.answer.seen if self.answer else None
        if seen is not None and reference.key not in seen:
            return False
        return self.registry is None or (reference.key is not None and self.registry.look(reference.key) is not None)

    def resolved(self, statement: JudgedStatement) -> tuple[tuple[JudgedCitation, JudgedReference], ...]:
        """Return the markers that lead to a reference which is shown, with it."""
        if self.answer is None:
            return ()
        pairs = ((citation, self.answer.reference(citation.ref)) for citation in statement.citations)
        return tuple((citation, reference) for citation, reference in pairs if reference is not None)

    def valid(self, statement: JudgedStatement) -> tuple[JudgedCitation, ...]:
        """Return the markers that lead to a passage retrieved this turn; one that repeats another of the sentence is not valid."""
        kept: dict[tuple[int | None, str | None, int | None], JudgedCitation] = {}
        for citation, reference in self.resolved(statement):
            if self.retrieved(reference):
                kept.setdefault((citation.ref, citation.quote, citation.start), citation)
        return tuple(kept.values())

    def cited_texts(self, statement: JudgedStatement) -> tuple[str, ...]:
        """Return the texts of the references that a statement cites, each once."""
        texts = (self.text_of(reference) for _, reference in self.resolved(statement))
        return tuple(dict.fromkeys(text for text in texts if text))

    def cited(self) -> tuple[JudgedReference, ...]:
        """Return the references that some statement cites, each once."""
        return tuple({id(one): one for statement in self.statements for _, one in self.resolved(statement)}.values())

    def pool(self) -> Iterator[tuple[str, str]]:
        """Yield the key and the text of every passage retrieved, where it is known."""
        # a passage that nothing names is known by its number
        known = {reference.key or f"[{reference.ref}]": self.text_of(reference) for reference in self.references}
        for key in (self.answer.seen or ()) if self.answer else ():
            entry = self.registry.look(key) if self.registry and key not in known else None
            if entry:
                known[key] = entry.passage.text
        yield from ((key, text) for key, text in known.items() if text)

    def verdict(self) -> Verdict | None:
        """Return what `verify` says of the answer."""
        return judge(self.answer, self.registry) if self.answer else None
