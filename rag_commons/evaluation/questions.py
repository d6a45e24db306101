"""Questions of a suite: what is asked, what should be cited, whether anything answers.

A line of a suite: `{"id", "question", "answerable"?, "gold"?: [{"document_id"?, "quote"?}], "answers"?, "kind"?, "title"?,
"document_ids"?, "exclude_document_ids"?, "allow"?: ["commercial"], "injection"?: {"canary"?, "forbidden"?: [ids]}}`; what is forbidden
is named by the ids of its passages or documents. Three foreign shapes are read too: PIAF (`answers`, `document_id`, `title`),
NoMIRACL (`answerable`, `document_ids`) and AfriQA (`context`).
The one surprise: `title` is what intervals are drawn by, since questions on one page are not independent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag_commons.errors import InputError
from rag_commons.evaluation.fields import Fields
from rag_commons.evaluation.reading import Malformed, iter_lines


@dataclass(frozen=True, slots=True)
class Gold:
    """What a good answer cites: a document, or the words in it; either may be unknown."""

    document_id: str | None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Injection:
    """A trap set in the passages: a mark that only an obeyed instruction prints, and passages that must not be cited."""

    canary: str | None = None
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a suite. `answerable` None: nobody said."""

    id: str
    text: str
    answerable: bool | None = None
    gold: tuple[Gold, ...] = ()
    answers: tuple[str, ...] = ()
    kind: str | None = None
    title: str | None = None
    document_ids: tuple[str, ...] | None = None
    exclude_document_ids: tuple[str, ...] = ()
    commercial: bool = False
    injection: Injection | None = None

    @property
    def cluster(self) -> str:
        """What it is drawn with when intervals are computed: its page, else itself."""
        return self.title or self.id


def read_questions(paths: Sequence[Path]) -> tuple[Question, ...]:
    """Read the questions of files, in order; raises InputError for a bad line or an id given twice."""
    questions: dict[str, Question] = {}
    for path in paths:
        for question in _iter_questions(path):
            if question.id in questions:
                raise InputError("each question id once", f"{path}: {question.id!r} again", "rename one of them")
            questions[question.id] = question
    if not questions:
        raise InputError("at least one question", f"{', '.join(map(str, paths)) or 'no file'}: none", "check the suite's path")
    return tuple(questions.values())


def _iter_questions(path: Path) -> Iterator[Question]:
    for line in iter_lines(path):
        where = f"{path}:{line.line}"
        if isinstance(line, Malformed):
            raise InputError("one JSON object a line", f"{where}: {line.problem}", "mend that line")
        fields = Fields(line.row)
        question = _question(fields, f"{path.stem}-{line.line}")
        if fields.problems or question is None:
            seen = "; ".join(fields.problems) or "no question"
            raise InputError('an object with a string "question"', f"{where}: {seen}", "mend that line")
        yield question


def _question(fields: Fields, fallback: str) -> Question | None:
    text = fields.text("question")
    if not text or not text.strip():
        return None
    gold = tuple(Gold(item.text("document_id"), item.text("quote")) for item in fields.objects("gold"))
    if not gold and fields.has("document_id"):
        gold = (Gold(fields.text("document_id")),)
    if not gold and fields.has("context"):
        gold = (Gold(None, fields.text("context")),)
    answerable = fields.boolean("answerable")
    trap = fields.child("injection")
    return Question(
        id=fields.identifier("id") or fallback,
        text=text,
        answerable=True if answerable is None and gold else answerable,
        gold=gold,
        answers=fields.texts("answers"),
        kind=fields.text("kind"),
        title=fields.text("title"),
        document_ids=fields.texts("document_ids") if fields.has("document_ids") else None,
        exclude_document_ids=fields.texts("exclude_document_ids"),
        commercial="commercial" in fields.texts("allow"),
        injection=Injection(trap.text("canary"), trap.texts("forbidden")) if trap else None,
    )
