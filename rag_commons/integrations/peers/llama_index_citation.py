"""llama-index's CitationQueryEngine as a system of the suite, as its documentation uses it, and the stand-in as a llama-index model."""

from collections.abc import Iterator, Sequence

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle

from rag_commons.documents import Hit
from rag_commons.evaluation.questions import Question
from rag_commons.evaluation.systems import K, filters_of
from rag_commons.integrations.llama_index.nodes import scored_node
from rag_commons.integrations.peers.rows import Shown, row_of
from rag_commons.integrations.peers.standin import reply
from rag_commons.rendering.contract import JsonObject
from rag_commons.retrieval.retriever import Retriever

NAME = "llama-index-citation"


class StandIn(CustomLLM):
    """The stand-in behind the interface of a llama-index model."""

    @property
    def metadata(self) -> LLMMetadata:
        """Return what a small model of today is given: a long context."""
        return LLMMetadata(context_window=32_768, num_output=1024, model_name="standin")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: object) -> CompletionResponse:
        """Reply to a prompt."""
        return CompletionResponse(text=reply(prompt))

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: object) -> CompletionResponseGen:
        """Reply to a prompt, in one piece."""
        text = reply(prompt)
        yield CompletionResponse(text=text, delta=text)


class _Given(BaseRetriever):
    """A retriever that gives the hits it was handed."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        super().__init__()
        self._nodes = [scored_node(hit) for hit in hits]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self._nodes


class CitationPeer:
    """Answers the questions of a suite with CitationQueryEngine over our retrieval."""

    name = NAME

    def __init__(self, retriever: Retriever, k: int = K) -> None:
        self._retriever = retriever
        self._k = k
        self._llm = StandIn()

    def iter_rows(self, questions: Sequence[Question]) -> Iterator[JsonObject]:
        """Yield the answer of each question, in order."""
        for question in questions:
            hits = self._retriever.retrieve(question.text, self._k, filters_of(question))
            if not hits:
                yield row_of(question.id, question.text, "", (), ())
                continue
            engine = CitationQueryEngine(retriever=_Given(hits), llm=self._llm)
            response = engine.query(question.text)
            shown = [_shown(number, node, hits) for number, node in enumerate(response.source_nodes, 1)]
            yield row_of(question.id, question.text, str(response), shown, hits)


def _shown(number: int, node: NodeWithScore, hits: Sequence[Hit]) -> Shown:
    """Return a source as the engine shows it, less the heading that it wrote; its ids are new, so the passage is found by its sha256."""
    text = node.node.get_content().removeprefix(f"Source {number}:\n").removesuffix("\n")
    hit = next(hit for hit in hits if hit.passage.sha256 == node.node.metadata["sha256"])
    return Shown(number, text, hit)
