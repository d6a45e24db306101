"""Systems: what answers the questions of a suite, each question as one row of contract 3 with its variants.

`rag-commons` is ours: retrieval and the extractive reader. Others come as files of answers. Variants (a second run, passages permuted,
a cited passage taken away) are asked of some questions only, drawn with a fixed seed, since each is an answer more.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from rag_commons.answering.ask import ask
from rag_commons.answering.draft import Reader
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answers import Answer
from rag_commons.documents import Hit
from rag_commons.evaluation.questions import Question
from rag_commons.rendering.contract import answer_to_json
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever

OURS = "rag-commons"
WITH_VARIANTS = 100
K = 8

_SEED = 11


class System(Protocol):
    """What answers."""

    name: str

    def iter_rows(self, questions: Sequence[Question]) -> Iterator[dict[str, object]]:
        """Yield the answer of each question, in order."""
        ...


class Held(Retriever):
    """A retriever that gives the hits it was handed, in that order, whatever the question."""

    def __init__(self, retriever: Retriever, hits: Sequence[Hit]) -> None:
        # what it shares is the index and the encoder, already loaded
        vars(self).update(vars(retriever))
        self._held = [replace(hit, rank=rank) for rank, hit in enumerate(hits, 1)]

    def retrieve(self, question: str, k: int = 8, filters: Filters | None = None) -> list[Hit]:
        """Return the hits held."""
        return self._held[:k]


class Commons:
    """Our own chain: retrieval, a reader, verification, licences."""

    def __init__(
        self,
        retriever: Retriever,
        reader: Callable[[Retriever], Reader] = ExtractiveReader,
        name: str = OURS,
        k: int = K,
        with_variants: int = WITH_VARIANTS,
    ) -> None:
        self.name = name
        self._retriever = retriever
        self._reader = reader(retriever)
        self._k = k
        self._with_variants = with_variants

    def iter_rows(self, questions: Sequence[Question]) -> Iterator[dict[str, object]]:
        """Yield the answer of each question, in order."""
        drawn = random.Random(_SEED).sample(range(len(questions)), min(self._with_variants, len(questions)))
        chosen = frozenset(drawn)
        for at, question in enumerate(questions):
            answer = self._ask(question, self._retriever)
            row = _row(answer)
            if at in chosen:
                row["variants"] = self._variants(question, answer)
            yield row

    def _ask(self, question: Question, retriever: Retriever) -> Answer:
        return ask(question.text, retriever, self._reader, k=self._k, filters=filters_of(question), id=question.id)

    def _variants(self, question: Question, answer: Answer) -> dict[str, object]:
        hits = list(answer.seen)
        turned = random.Random(question.id).sample(hits, len(hits))
        without = {
            str(reference.ref): _row(
                self._ask(question, Held(self._retriever, [one for one in hits if one.passage.id != reference.passage.id]))
            )
            for reference in answer.references
        }
        return {
            "repeated": _row(self._ask(question, self._retriever)),
            "permuted": _row(self._ask(question, Held(self._retriever, turned))),
            "without": without,
        }


def filters_of(question: Question) -> Filters | None:
    """Return the filters that a question sets, None where it sets none."""
    if question.document_ids is None and not question.exclude_document_ids and not question.commercial:
        return None
    return Filters(
        allow=("commercial",) if question.commercial else (),
        document_ids=question.document_ids,
        exclude_document_ids=question.exclude_document_ids,
    )


def _row(answer: Answer) -> dict[str, object]:
    # through JSON, as an answer read from a file
    row: dict[str, object] = json.loads(json.dumps(answer_to_json(answer)))
    return row
