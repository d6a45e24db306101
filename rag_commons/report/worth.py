"""Worth: how many answers rest on each part of the commons, and how many would fall without it.

A part is an institution, a collection, a licence or a language. Without it means: the same question asked again of everything else.
The one surprise: an answer that still stands is counted as kept even when it now quotes another source, which the report says apart.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag_commons.answering.uses import DocumentUse, Use
from rag_commons.answers import Answer
from rag_commons.retrieval.filters import Filters

KINDS = ("holder", "collection", "licence", "language")

Asking = Callable[[str, Filters | None], Answer]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the commons: answers that cite it, statements that do, its documents cited.

    `lost` are answers that become abstentions without it, `changed` those that then quote something else; None where not measured.
    """

    kind: str
    name: str
    answers: int
    statements: int
    documents: int
    lost: int | None = None
    changed: int | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What a set of questions, or of counted uses, took from the commons; `first` and `last` are days, None for questions."""

    questions: int
    answered: int
    parts: tuple[Part, ...]
    first: str | None = None
    last: str | None = None


def worth_of_uses(uses: Iterable[Use]) -> Worth:
    """Return what counted uses took; what answers would lose cannot be told, since no question was kept."""
    kept = list(uses)
    days = sorted(use.day for use in kept)
    cited = [use.documents for use in kept if not use.abstained]
    return Worth(len(kept), len(cited), _parts(cited), days[0] if days else None, days[-1] if days else None)


def worth_of_answers(answers: Sequence[Answer], uses: Sequence[Use], names: Mapping[str, Sequence[str]], ask: Asking) -> Worth:
    """Return what answers took and would lose; `names` are all the names of each kind in the index, "" for what is not stated."""
    parts = _parts([use.documents for use in uses if not use.abstained])
    measured = tuple(_without(part, answers, uses, names[part.kind], ask) for part in parts)
    return Worth(len(answers), sum(not answer.abstained for answer in answers), measured)


def _parts(cited: Sequence[Sequence[DocumentUse]]) -> tuple[Part, ...]:
    found: list[Part] = []
    for kind in KINDS:
        answers: Counter[str] = Counter()
        statements: Counter[str] = Counter()
        documents: dict[str, set[str]] = {}
        for used in cited:
            answers.update({_name(one, kind) for one in used})
            for one in used:
                statements[_name(one, kind)] += one.statements
                documents.setdefault(_name(one, kind), set()).add(one.document_id)
        ranked = sorted(answers, key=lambda name: (-answers[name], name))
        found += [Part(kind, name, answers[name], statements[name], len(documents[name])) for name in ranked]
    return tuple(found)


def _without(part: Part, answers: Sequence[Answer], uses: Sequence[Use], names: Sequence[str], ask: Asking) -> Part:
    """Ask the questions whose answers cite a part once more, of everything else."""
    others = tuple(name for name in names if name != part.name)
    # a filter names what stays: what has no name could not be kept
    if not part.name or "" in names:
        return part
    lost = changed = 0
    for answer, use in zip(answers, uses, strict=True):
        if part.name not in {_name(one, part.kind) for one in use.documents}:
            continue
        again = ask(answer.question, _only(part.kind, others))
        lost += again.abstained
        changed += not again.abstained
    return Part(part.kind, part.name, part.answers, part.statements, part.documents, lost, changed)


def _only(kind: str, names: tuple[str, ...]) -> Filters:
    if not names:
        return Filters(document_ids=())
    if kind == "holder":
        return Filters(holders=names)
    if kind == "collection":
        return Filters(collections=names)
    return Filters(licences=names) if kind == "licence" else Filters(languages=names)


def _name(use: DocumentUse, kind: str) -> str:
    value = {"holder": use.holder, "collection": use.collection, "licence": use.licence, "language": use.language or "und"}[kind]
    return value or ""
