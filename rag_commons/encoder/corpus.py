"""What a training reads: documents (contract 1), questions with the document that answers, quiz questions with their explanation.

The one surprise: titles of the question set are split by the first hex digit of their sha256. Below 8 they are the test part: neither
their questions nor any text under these titles is ever read. From `e` on they are the development part, left out as well, so that
the figures of the model card are about texts it has not seen. A line that names its part (`"split": "train"`) is of that one.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from rag_commons.encoder.pairs import TitledText, WrittenPair
from rag_commons.errors import InputError

LONG = 50_000  # characters: beyond, a text is a novel or a volume, of which a title says little
LONG_SHARE = 0.05
AROUND = 500  # characters on each side of an answer: a passage or so


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question someone wrote, the title and the identifier of the document that answers.

    `split` is its part where its line names one, `start` the place of the answer in the document's text where its line tells it,
    `weight` how much it counts beside one that a person had asked.
    """

    question: str
    title: str
    document_id: str
    split: str | None = None
    start: int | None = None
    weight: float = 1.0

    @property
    def part(self) -> str:
        """The part it belongs to: `test`, `train` or `dev`."""
        return self.split or part_of(self.title)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What training needs of a document."""

    id: str
    title: str
    text: str


def part_of(title: str) -> str:
    """Return the part that a title of the question set belongs to: `test`, `train` or `dev`."""
    digit = sha256(title.encode()).hexdigest()[0]
    return "test" if digit < "8" else "dev" if digit >= "e" else "train"


def read_lines(path: Path, *keys: str) -> Iterator[dict[str, str]]:
    """Yield the string values under `keys` of each JSON line of a file, gzipped or not.

    Raises InputError for a file that cannot be read or a line without these keys.
    """
    yield from ({key: row[key] for key in keys} for row in _read_rows(path, keys))


def _read_rows(path: Path, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                value = json.loads(line) if line.strip() else None
                if value is None:
                    continue
                if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in keys):
                    raise InputError(
                        f"JSON lines with {', '.join(keys)}", f"{path}, line {number}", "correct the line or give another file"
                    )
                yield value
    except (OSError, EOFError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError("a file of JSON lines", f"{path}: {error}", "give another file") from error


def read_documents(paths: Iterable[Path]) -> list[ReadDocument]:
    """Read identifier, title and text of the documents of the files."""
    return [ReadDocument(row["id"], row["title"], row["text"]) for path in paths for row in read_lines(path, "id", "title", "text")]


def read_questions(paths: Iterable[Path]) -> list[AskedQuestion]:
    """Read questions with their title and document and, where their line tells them, their part, the place of the answer and weight."""
    return [_asked(row, path) for path in paths for row in _read_rows(path, ("question", "title", "document_id"))]


def _asked(row: dict[str, Any], path: Path) -> AskedQuestion:
    split, start, weight = row.get("split"), row.get("start"), row.get("weight", 1)
    placed = start is None or (isinstance(start, int) and start >= 0)
    if split not in (None, "train", "dev", "test") or not placed or not isinstance(weight, int | float) or not weight > 0:
        raise InputError(
            "a split of train, dev or test, a start from 0 on, a weight above 0",
            f"{path}: split {split!r}, start {start!r}, weight {weight!r}",
            "correct the line or leave them out",
        )
    return AskedQuestion(row["question"], row["title"], row["document_id"], split, start, float(weight))


def titled_texts(documents: Iterable[ReadDocument], questions: Iterable[AskedQuestion]) -> list[TitledText]:
    """Return the texts to train on: none whose title is of the test or development part of the questions."""
    left_out = {question.title for question in questions if question.part != "train"}
    return [titled(document.title, document.text) for document in documents if document.title not in left_out]


def titled(title: str, text: str, whole: int | None = None) -> TitledText:
    """Return a text to train on, `whole` characters long where it is a piece: the title of a volume is left out, and most of its text."""
    return TitledText("", text, LONG_SHARE) if (whole or len(text)) > LONG else TitledText(title, text)


def question_pairs(questions: Iterable[AskedQuestion], documents: Iterable[ReadDocument], times: int = 2) -> list[WrittenPair]:
    """Return question → text pairs of the train part; of a text, what surrounds the answer where its place is known."""
    texts = {document.id: document.text for document in documents}
    return [
        WrittenPair(question.question, _around(texts[question.document_id], question.start), times)
        for question in questions
        if question.part == "train" and question.document_id in texts
    ]


def _around(text: str, start: int | None) -> str:
    if start is None:
        return text
    before, after = text[max(0, start - AROUND) : start], text[start : start + AROUND]
    # cut at words, but where the text itself begins or ends
    return (before if start <= AROUND else before.partition(" ")[2]) + (after if len(after) < AROUND else after.rpartition(" ")[0])


def quiz_pairs(path: Path) -> list[WrittenPair]:
    """Return two pairs a quiz question: question and answer → explanation, question → answer and explanation."""
    pairs = []
    for row in read_lines(path, "question", "answer", "anecdote"):
        if len(row["anecdote"].split()) >= 4:
            pairs.append(WrittenPair(f"{row['question']} {row['answer']}", row["anecdote"]))
            pairs.append(WrittenPair(row["question"], f"{row['answer']} {row['anecdote']}"))
    return pairs


def vocabulary_texts(texts: Sequence[TitledText], written: Sequence[WrittenPair]) -> list[str]:
    """Return the texts that the vocabulary is learnt from: the head of long ones, and all the others."""
    return [item.text[:LONG] for item in texts] + [pair.query for pair in written] + [pair.text for pair in written]
