"""An index of rag-commons as a llama-index vector store: filters hold, deletions delete, text and provenance stay with the vectors.

Each node becomes a document of its own, so its metadata must hold what contract 1 asks (`title` and `licence` at least). Its id is
`<ref_doc_id>#<node_id>` where the node has a source document, so that deleting that source deletes every node of it.
The one surprise: vectors are made by the index's own encoder, as for any document; embed queries with `CommonsEmbedding`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.schema import BaseNode, MetadataMode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryResult,
)
from pydantic import PrivateAttr

from rag_commons.encoder import Encoder
from rag_commons.errors import UsageError
from rag_commons.index.build import ingest
from rag_commons.index.opened import Index
from rag_commons.index.removal import remove
from rag_commons.integrations.llama_index.nodes import node_of
from rag_commons.sources.contract import KEYS, document_from_json

_FILTERED = {
    "licence": "licences",
    "collection": "collections",
    "holder": "holders",
    "language": "languages",
    "document_id": "document_ids",
}


class CommonsVectorStore(BasePydanticVectorStore):
    """A vector store on disk in the folder of an index; a node without a licence of the table is refused."""

    stores_text: bool = True
    _directory: Path = PrivateAttr()
    _encoder: Encoder | None = PrivateAttr()
    _index: Index | None = PrivateAttr(default=None)

    def __init__(self, directory: str | Path, encoder: Encoder | None = None) -> None:
        super().__init__(stores_text=True)
        self._directory = Path(directory)
        self._encoder = encoder  # without one, that of the index goes on

    @property
    def client(self) -> Index:
        """The open index; IndexUnusable before anything was added."""
        if self._index is None:
            self._index = Index.open(self._directory)
        return self._index

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:  # noqa: ANN401 - llama-index's signature
        """Add nodes, replacing those of the same id; raises DocumentRefused before any is stored when one may not come in."""
        documents = [document_from_json(_contract(node)) for node in nodes]
        ingest(self._directory, documents, self._encoder)
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:  # noqa: ANN401 - llama-index's signature
        """Delete a source document with all its nodes, or a node by its own id, from every file of the index."""
        gone = [one for one in self.client.document_ids() if one == ref_doc_id or one.startswith(f"{ref_doc_id}#")]
        remove(self._directory, gone)

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:  # noqa: ANN401 - llama-index's signature
        """Return the nearest passages that pass the filters; UsageError for a filter that cannot be held."""
        if query.query_embedding is None:
            raise UsageError("a query with its embedding", "none", "use CommonsEmbedding as the embedding model")
        allowed = self.client.allowed(**_allowed(query))
        vector = np.asarray(query.query_embedding, dtype=np.float32)
        nodes, similarities = [], []
        for key, score in self.client.dense_search(vector, query.similarity_top_k, allowed):
            found = self.client.passage(key)
            if found is not None:
                nodes.append(node_of(*found))
                similarities.append(score)
        return VectorStoreQueryResult(nodes=nodes, similarities=similarities, ids=[node.node_id for node in nodes])


def _contract(node: BaseNode) -> dict[str, object]:
    kept = {key: value for key, value in node.metadata.items() if key in KEYS}
    identity = f"{node.ref_doc_id}#{node.node_id}" if node.ref_doc_id else node.node_id
    return {**kept, "id": identity, "text": node.get_content(MetadataMode.NONE)}


def _allowed(query: VectorStoreQuery) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for one in _flat(query.filters):
        name = _FILTERED.get(one.key)
        if name is None or one.operator not in (FilterOperator.EQ, FilterOperator.IN):
            raise UsageError(
                f"== or in, on one of {', '.join(_FILTERED)}", f"{one.key} {one.operator.value}", "filter on what the index keeps"
            )
        values = one.value if isinstance(one.value, list) else [one.value]
        chosen = tuple(map(str, values))
        wanted[name] = tuple(value for value in wanted[name] if value in chosen) or ("",) if name in wanted else chosen
    if query.doc_ids is not None:
        wanted["document_ids"] = tuple(query.doc_ids)
    return wanted


def _flat(filters: MetadataFilters | None) -> list[MetadataFilter]:
    if filters is None:
        return []
    if filters.condition != FilterCondition.AND or any(isinstance(one, MetadataFilters) for one in filters.filters):
        raise UsageError("filters that all hold (AND, not nested)", str(filters.condition), "make one query for each alternative")
    return [one for one in filters.filters if isinstance(one, MetadataFilter)]
