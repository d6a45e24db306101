"""What a mutant is: one way to spoil an answer, the measures that must see it, and those that may.

Every other measure must hold still. The one surprise: `strict` follows from the rest (it must fall when a part of it does), and falls
alone where only `verify` sees the fault.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from rag_commons.answering.verification.facts import denies
from rag_commons.documents import Passage
from rag_commons.evaluation.case import Case, Variants
from rag_commons.evaluation.judged import JudgedAnswer, JudgedCitation, JudgedReference, JudgedStatement
from rag_commons.evaluation.kinds import is_quote
from rag_commons.evaluation.registry import Entry
from rag_commons.licences.combination import provenance_allows
from rag_commons.licences.notices import notice
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.table import licence
from rag_commons.text.sentences import sentence_spans

CHANGE = "Modification : reformulé par rag-commons"
_SHORTEST = 30


@dataclass(frozen=True, slots=True)
class Pool:
    """What a mutant may draw on: the other cases, and the passages of the registry, by id."""

    cases: tuple[Case, ...]
    entries: dict[str, Entry]


Spoil = Callable[[Case, Pool], Case | None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutant. `spoil` returns None where a case cannot be spoiled this way.

    `falls`: measures that must get worse. `may`: measures that may move, since what they count is touched too. `control`: a change that
    is none, nothing may move. `blind`: a known blind spot, no measure sees it yet.
    """

    name: str
    what_fr: str
    what_en: str
    spoil: Spoil
    falls: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    blind: bool = False

    @property
    def control(self) -> bool:
        """Whether nothing may move."""
        return not self.falls and not self.blind


def spoiled(case: Case, statements: Iterable[JudgedStatement] | None = None, references: Iterable[JudgedReference] | None = None) -> Case:
    """Return the case with other statements or references, without variants, which are of the answer as it was."""
    answer = _answer(case)
    return replace(
        case,
        answer=replace(
            answer,
            statements=answer.statements if statements is None else tuple(statements),
            references=answer.references if references is None else tuple(references),
        ),
        variants=Variants(),
    )


def with_statement(case: Case, at: int, statement: JudgedStatement) -> Case:
    """Return the case with one statement replaced."""
    statements = list(case.statements)
    statements[at] = statement
    return spoiled(case, statements)


def with_reference(case: Case, at: int, reference: JudgedReference) -> Case:
    """Return the case with one reference replaced."""
    references = list(case.references)
    references[at] = reference
    return spoiled(case, references=references)


def quotes_of(case: Case) -> list[int]:
    """Return the places of the statements that are the whole of their one quote."""
    answer = _answer(case)
    return [
        at
        for at, one in enumerate(case.statements)
        if len(one.citations) == 1 and one.citations[0].quote and is_quote(one, answer) and one.text == one.citations[0].quote
    ]


def paraphrases_of(case: Case) -> list[int]:
    """Return the places of the statements that cite and are no quote."""
    answer = _answer(case)
    return [at for at, one in enumerate(case.statements) if case.resolved(one) and not is_quote(one, answer)]


def rewordings_of(case: Case) -> Iterator[tuple[Case, int]]:
    """Yield the case with the place of each statement that is no quote; of a case that only quotes, quotes less their last clause.

    A clause dropped leaves a true rewording, which gets its notice: what is then spoiled in it is the only fault.
    """
    for at in paraphrases_of(case):
        yield case, at
    for at in quotes_of(case):
        statement = case.statements[at]
        _, reference = case.resolved(statement)[0]
        cut = statement.text.rfind(", ")
        text = f"{statement.text[:cut]}."
        if cut >= _SHORTEST and denies(text) == denies(statement.text) and provenance_allows(rights(case, reference), "adaptation"):
            marker = replace(statement.citations[0], support="entailed")
            changed = with_statement(case, at, replace(statement, text=text, citations=(marker,)))
            noticed = replace(reference, notice=f"{reference.notice}\n{CHANGE}")
            yield with_reference(changed, case.references.index(reference), noticed), at


def reworded(statement: JudgedStatement, text: str) -> JudgedStatement:
    """Return a statement that is its own quote with other words, in both."""
    (citation,) = statement.citations
    return replace(statement, text=text, citations=(replace(citation, quote=text),))


def shown(entry: Entry, ref: int) -> JudgedReference:
    """Return a passage of the registry as a reference that lacks nothing, whatever is done to it."""
    passage, provenance = entry.passage, entry.provenance
    row = licence(provenance.licence)
    return JudgedReference(
        ref=ref,
        text=passage.text,
        provenance=provenance,
        passage_id=passage.id,
        document_id=passage.document_id,
        start=passage.start,
        end=passage.end,
        section=passage.section,
        licence_kind=row.kind,
        licence_name=row.name_fr,
        licence_url=row.url,
        notice=notice(provenance, "paraphrase"),
        sha256=passage.sha256,
    )


def citation_of(passage: Passage, ref: int) -> JudgedCitation:
    """Return a citation of a passage's first sentence."""
    start, end = sentence_spans(passage.text)[0]
    return JudgedCitation(ref, passage.text[start:end], start, end, "entailed")


def next_ref(case: Case) -> int:
    """Return a number that no reference has."""
    return max((one.ref or 0 for one in case.references), default=0) + 1


def rights(case: Case, reference: JudgedReference) -> Provenance:
    """Return what the registry says of a reference, else what it says of itself."""
    return case.rights_of(reference) or reference.provenance


def _answer(case: Case) -> JudgedAnswer:
    if case.answer is None:
        raise ValueError("a case without an answer cannot be spoiled")
    return case.answer
