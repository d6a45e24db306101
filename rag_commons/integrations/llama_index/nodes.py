"""Hits and passages as llama-index nodes: exact offsets, provenance in the metadata, nothing of it shown to a model unasked."""

from llama_index.core.schema import NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from rag_commons.documents import Hit, Passage
from rag_commons.licences.notices import notice
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.table import licence


def node_of(passage: Passage, provenance: Provenance) -> TextNode:
    """Return the passage as a node whose id, text and offsets are the passage's own."""
    metadata: dict[str, object] = {
        "document_id": passage.document_id,
        "title": provenance.title,
        "section": passage.section,
        "authors": list(provenance.authors),
        "holder": provenance.holder,
        "collection": provenance.collection,
        "language": provenance.language,
        "url": provenance.url,
        "permalink": provenance.permalink,
        "licence": provenance.licence,
        "licence_url": licence(provenance.licence).url,
        "notice": notice(provenance),
        "sha256": passage.sha256,
    }
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=metadata,
        excluded_llm_metadata_keys=[key for key in metadata if key not in ("title", "section")],
        excluded_embed_metadata_keys=[key for key in metadata if key not in ("title", "section")],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document_id)},
    )


def scored_node(hit: Hit) -> NodeWithScore:
    """Return a hit as a node with its fused score."""
    return NodeWithScore(node=node_of(hit.passage, hit.provenance), score=hit.score)
