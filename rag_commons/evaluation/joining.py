"""Joining: the questions of a suite with the answers of a system, by id, else by the words of the question.

A question without an answer stays, as an answer that cannot be read: nothing is gained by leaving out what is hard. An answer may bring
its variants beside it: `"variants": {"repeated": answer, "permuted": answer, "without": {"<ref>": answer}}`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag_commons.evaluation.case import Case, Variants
from rag_commons.evaluation.judged import JudgedAnswer
from rag_commons.evaluation.questions import Question
from rag_commons.evaluation.reading import read_answer
from rag_commons.evaluation.registry import Registry

Row = Mapping[str, object]

# what two runs may differ in
_PASSING = ("created", "timings_ms", "variants")


@dataclass(frozen=True, slots=True)
class Joined:
    """Cases in the order of the questions, and what was found out of place."""

    cases: tuple[Case, ...]
    unanswered: int
    strangers: int


def join(questions: Sequence[Question], rows: Iterable[Row], registry: Registry | None) -> Joined:
    """Join answers with questions; the first answer to a question is kept."""
    by_id = {question.id: question for question in questions}
    by_text = {question.text.strip(): question for question in questions}
    found: dict[str, tuple[JudgedAnswer, Variants]] = {}
    strangers = 0
    for number, row in enumerate(rows, 1):
        answer = read_answer(dict(row))
        question = by_id.get(answer.id or f"line-{number}") or by_text.get((answer.question or "").strip())
        if question is None or question.id in found:
            strangers += 1
            continue
        found[question.id] = (answer, read_variants(row))
    nothing: tuple[JudgedAnswer | None, Variants] = (None, Variants())
    cases = tuple(
        Case(question, answer, registry, variants) for question in questions for answer, variants in (found.get(question.id, nothing),)
    )
    return Joined(cases, sum(question.id not in found for question in questions), strangers)


def questions_of(rows: Iterable[Row]) -> tuple[Question, ...]:
    """Return a question for each answer, where nobody said what should be answered."""
    questions: dict[str, Question] = {}
    for number, row in enumerate(rows, 1):
        answer = read_answer(dict(row))
        identity = answer.id or f"line-{number}"
        questions.setdefault(identity, Question(identity, answer.question or identity))
    return tuple(questions.values())


def read_variants(row: Row) -> Variants:
    """Return the variants beside an answer; what is not an object is none."""
    given = row.get("variants")
    if not isinstance(given, dict):
        return Variants()
    repeated, permuted, without = given.get("repeated"), given.get("permuted"), given.get("without")
    others = without.items() if isinstance(without, dict) else ()
    return Variants(
        same_again=_canonical(row) == _canonical(repeated) if isinstance(repeated, dict) else None,
        permuted=read_answer(permuted) if isinstance(permuted, dict) else None,
        without={int(ref): read_answer(other) for ref, other in others if str(ref).isdecimal() and isinstance(other, dict)},
    )


def _canonical(row: Row) -> str:
    return json.dumps({key: value for key, value in row.items() if key not in _PASSING}, sort_keys=True, ensure_ascii=False)
