"""A llama-index retriever over an index of rag-commons."""

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from rag_commons.integrations.llama_index.nodes import scored_node
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever


class CommonsRetriever(BaseRetriever):
    """Retrieves passages with their provenance; `filters` hold for every query."""

    def __init__(self, retriever: Retriever, k: int = 8, filters: Filters | None = None) -> None:
        super().__init__()
        self._retriever = retriever
        self._k = k
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [scored_node(hit) for hit in self._retriever.retrieve(query_bundle.query_str, self._k, self._filters)]
