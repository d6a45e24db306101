"""A llama-index query engine that answers as rag-commons does: every sentence cited, or an abstention."""

import asyncio

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import QueryBundle

from rag_commons.answering.ask import ask
from rag_commons.answering.draft import Reader
from rag_commons.answers import Answer
from rag_commons.integrations.llama_index.nodes import scored_node
from rag_commons.rendering.contract import answer_to_json
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever


class CommonsQueryEngine(BaseQueryEngine):
    """Answers a query; `response.metadata["answer"]` is the whole answer as JSON, `source_nodes` only what is cited."""

    def __init__(self, retriever: Retriever, reader: Reader, k: int = 8, filters: Filters | None = None) -> None:
        super().__init__(callback_manager=None)
        self._retriever = retriever
        self._reader = reader
        self._k = k
        self._filters = filters

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _response(ask(query_bundle.query_str, self._retriever, self._reader, k=self._k, filters=self._filters))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)


def _response(answer: Answer) -> Response:
    cited = {reference.passage.id for reference in answer.references}
    lines = [f"{statement.text} {''.join(f'[{citation.ref}]' for citation in statement.citations)}" for statement in answer.statements]
    return Response(
        response="\n".join(lines) if lines else answer.reason,
        source_nodes=[scored_node(hit) for hit in answer.seen if hit.passage.id in cited],
        metadata={"answer": answer_to_json(answer)},
    )
