"""Splitting into passages as a llama-index transformation: exact offsets, headings never crossed, licences required."""

from collections.abc import Sequence
from typing import Any

from llama_index.core.schema import BaseNode, MetadataMode, TransformComponent

from rag_commons.integrations.llama_index.nodes import node_of
from rag_commons.sources.contract import document_from_json
from rag_commons.sources.passages import split_document


class PassageSplitter(TransformComponent):
    """Turns documents into passages; each document's metadata holds the keys of contract 1 (`title` and `licence` at least).

    Raises DocumentRefused for a document without a licence of the table. Input nodes are left as they are.
    """

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:  # noqa: ANN401 - llama-index's signature
        """Return the passages of every document, in order."""
        passages: list[BaseNode] = []
        for node in nodes:
            document = document_from_json({**node.metadata, "id": node.node_id, "text": node.get_content(MetadataMode.NONE)})
            passages += [node_of(passage, document.provenance) for passage in split_document(document)]
        return passages
