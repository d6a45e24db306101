"""A Haystack pipeline as a system of the suite: PromptBuilder, a generator, AnswerBuilder with numbered references, as documented."""

import logging
import os
from collections.abc import Iterator, Sequence

from rag_commons.documents import Hit
from rag_commons.errors import UsageError
from rag_commons.evaluation.questions import Question
from rag_commons.evaluation.systems import K, filters_of
from rag_commons.integrations.peers.rows import Shown, row_of
from rag_commons.integrations.peers.standin import reply
from rag_commons.rendering.contract import JsonObject
from rag_commons.retrieval.retriever import Retriever

NAME = "haystack"
REFERENCE = r"\[(\d+)\]"
PROMPT = """Answer the question using only the documents. Cite the documents you use as [number] after each sentence.
{% for document in documents %}Document[{{ loop.index }}]: {{ document.content }}
{% endfor %}---
Question: {{ question }}
Answer:"""


class HaystackPeer:
    """Answers the questions of a suite with a Haystack pipeline over our retrieval."""

    name = NAME

    def __init__(self, retriever: Retriever, k: int = K) -> None:
        # the library would tell its makers of each run
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
        try:
            from haystack.components.builders import AnswerBuilder, PromptBuilder
        except ImportError as error:
            raise UsageError("the package haystack-ai", "it is not installed", "pip install 'rag-commons[peers]'") from error
        # it warns of each marker out of range, which is what is measured here
        logging.getLogger("haystack").setLevel(logging.ERROR)
        self._retriever = retriever
        self._k = k
        self._prompts = PromptBuilder(PROMPT, required_variables=["documents", "question"])
        self._answers = AnswerBuilder(reference_pattern=REFERENCE)

    def iter_rows(self, questions: Sequence[Question]) -> Iterator[JsonObject]:
        """Yield the answer of each question, in order."""
        for question in questions:
            hits = self._retriever.retrieve(question.text, self._k, filters_of(question))
            yield self._answer(question, hits) if hits else row_of(question.id, question.text, "", (), ())

    def _answer(self, question: Question, hits: Sequence[Hit]) -> JsonObject:
        from haystack import Document

        documents = [Document(id=hit.passage.id, content=hit.passage.text, meta={"title": hit.provenance.title}) for hit in hits]
        prompt = self._prompts.run(documents=documents, question=question.text)["prompt"]
        answer = self._answers.run(query=question.text, replies=[reply(prompt)], documents=documents)["answers"][0]
        by_id = {hit.passage.id: hit for hit in hits}
        shown = [Shown(one.meta["source_index"], one.content or "", by_id[one.id]) for one in answer.documents]
        return row_of(question.id, question.text, answer.data, shown, hits)
