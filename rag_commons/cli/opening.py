"""Opening what the question commands need: the index, its encoder, a retriever and a reader."""

from pathlib import Path

from rag_commons.index.opened import Index
from rag_commons.retrieval.ranking import CrossRanker
from rag_commons.retrieval.retriever import Retriever

NO_RERANKER = "aucun"


def open_retriever(directory: Path, reranker: str | None = None) -> Retriever:
    """Open an index and the encoder that its manifest names; `reranker` names a cross-encoder, or « aucun » for the fused order."""
    index = Index.open(directory)
    if reranker == NO_RERANKER:
        return Retriever(index, ranked=False)
    return Retriever(index, ranker=CrossRanker(reranker) if reranker else None)
