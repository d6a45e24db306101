"""What a training reads: documents (contract 1), questions with the document that answers, quiz questions with their explanation.

The one surprise: titles of the question set are split by the first hex digit of their sha256. Below 8 they are the test part: neither
their questions nor any text under these titles is ever read. From `e` on they are the development part, left out as well, so that
the figures of the model card are about texts it has not seen.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rag_commons.encoder.pairs import TitledText, WrittenPair
from rag_commons.errors import InputError

LONG = 50_000  # characters: beyond, a text is a novel or a volume, of which a title says little
LONG_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question someone wrote, the title and the identifier of the document that answers."""

    question: str
    title: str
    document_id: str


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
                yield {key: value[key] for key in keys}
    except (OSError, EOFError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError("a file of JSON lines", f"{path}: {error}", "give another file") from error


def read_documents(paths: Iterable[Path]) -> list[ReadDocument]:
    """Read identifier, title and text of the documents of the files."""
    return [ReadDocument(row["id"], row["title"], row["text"]) for path in paths for row in read_lines(path, "id", "title", "text")]


def read_questions(path: Path) -> list[AskedQuestion]:
    """Read questions with their title and document."""
    return [
        AskedQuestion(row["question"], row["title"], row["document_id"]) for row in read_lines(path, "question", "title", "document_id")
    ]


def titled_texts(documents: Iterable[ReadDocument], questions: Iterable[AskedQuestion]) -> list[TitledText]:
    """Return the texts to train on: none whose title is of the test or development part of the questions."""
    left_out = {question.title for question in questions if part_of(question.title) != "train"}
    return [titled(document.title, document.text) for document in documents if document.title not in left_out]


def titled(title: str, text: str, whole: int | None = None) -> TitledText:
    """Return a text to train on, `whole` characters long where it is a piece: the title of a volume is left out, and most of its text."""
    return TitledText("", text, LONG_SHARE) if (whole or len(text)) > LONG else TitledText(title, text)


def question_pairs(questions: Iterable[AskedQuestion], documents: Iterable[ReadDocument], times: int = 2) -> list[WrittenPair]:
    """Return question → text pairs of the train part."""
    texts = {document.id: document.text for document in documents}
    return [
        WrittenPair(question.question, texts[question.document_id], times)
        for question in questions
        if part_of(question.title) == "train" and question.document_id in texts
    ]


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
