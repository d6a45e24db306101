"""Opening what the question commands need: the index, its encoder, a retriever and a reader."""

from pathlib import Path

from rag_commons.index.opened import Index
from rag_commons.retrieval.retriever import Retriever


def open_retriever(directory: Path) -> Retriever:
    """Open an index and the encoder that its manifest names."""
    return Retriever(Index.open(directory))
