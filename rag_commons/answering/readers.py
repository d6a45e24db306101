"""The reader that a front door asks for: extracts, or a language model with extracts in its place when it fails."""

from rag_commons.answering.draft import Reader
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.retrieval.retriever import Retriever


def reader_for(retriever: Retriever, llm: str | None = None, api_key: str | None = None) -> Reader:
    """Return the extractive reader, or the one whose model `llm` names; UsageError or InputError when that model cannot be had."""
    extractive = ExtractiveReader(retriever)
    if llm is None:
        return extractive
    from rag_commons.answering.generative import GenerativeReader
    from rag_commons.answering.llm import Limits, load_llm, parse_llm

    limits = Limits()
    return GenerativeReader(load_llm(parse_llm(llm), limits, api_key), extractive, limits)
