"""Dense search for questions whose encoder has not seen them: what a ranker must be trained on.

The shipped encoder has read the training questions and the passages that answer them, so that it finds these too well; trees trained
on that would trust it too much. The titles are cut in two halves, and the questions of each are searched with an encoder trained, by
the same recipe, without that half. Torch is needed.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rag_commons.encoder import Encoder, load_encoder
from rag_commons.encoder.corpus import AskedQuestion, question_pairs, quiz_pairs, read_documents, titled_texts
from rag_commons.index.context import passage_context
from rag_commons.index.opened import Index

FOLDS = 2
_BATCH = 8192

Scores = list[tuple[int, float]]


def fold_of(title: str) -> int:
    """Return the half that a title is in: by the second hex digit of its sha256, the first tells train from test."""
    return int(sha256(title.encode()).hexdigest()[1], 16) % FOLDS


def train_without(
    fold: int, corpus: Sequence[Path], asked: Sequence[AskedQuestion], quiz: Path | None, out: Path, progress: Callable[[str], None]
) -> None:
    """Train an encoder as the shipped one, without the titles of a half."""
    from rag_commons.encoder.training import train_encoder

    held = {question.title for question in asked if question.part != "test" and fold_of(question.title) == fold}
    documents = [document for document in read_documents(corpus) if document.title not in held]
    kept = [question for question in asked if question.title not in held]
    written = [*question_pairs(kept, documents), *(quiz_pairs(quiz) if quiz else ())]
    train_encoder(titled_texts(documents, kept), written, out, progress=progress)


def held_out_encoders(
    corpus: Sequence[Path], asked: Sequence[AskedQuestion], quiz: Path | None, progress: Callable[[str], None]
) -> Iterator[Encoder]:
    """Yield the encoder of each half, in order."""
    for fold in range(FOLDS):
        with TemporaryDirectory() as folder:
            progress(f"encoder without half {fold + 1} of {FOLDS}")
            train_without(fold, corpus, asked, quiz, Path(folder), progress)
            yield load_encoder(folder)


def search_all(index: Index, encoder: Encoder, questions: Sequence[str], k: int) -> list[Scores]:
    """Return the k nearest passages of each question, exactly, by an encoder that is not the index's."""
    keys = index.keys()[0]
    best: list[Scores] = [[] for _ in questions]
    asked = np.stack([encoder.encode_query(question) for question in questions])
    for start in range(0, len(keys), _BATCH):
        part = keys[start : start + _BATCH]
        vectors = encoder.encode_documents([_context(index, int(key)) for key in part])
        scores = asked @ vectors.T
        for number, row in enumerate(scores):
            nearest = np.argsort(-row, kind="stable")[:k]
            found = best[number] + [(int(part[place]), float(row[place])) for place in nearest]
            best[number] = sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]
    return best


def _context(index: Index, key: int) -> str:
    read = index.passage(key)
    return passage_context(read[1].title, read[0].section, read[0].text) if read else ""
