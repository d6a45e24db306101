"""What a front door asks for by name: the reader, extracts or a language model with extracts in its place, and a model of entailment."""

from rag_commons.answering.draft import Reader
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answering.verification.entailment import Entailment
from rag_commons.retrieval.retriever import Retriever


def reader_for(retriever: Retriever, llm: str | None = None, api_key: str | None = None, entailment: Entailment | None = None) -> Reader:
    """Return the extractive reader, or the one whose model `llm` names; UsageError or InputError when that model cannot be had."""
    extractive = ExtractiveReader(retriever)
    if llm is None:
        return extractive
    from rag_commons.answering.generative import GenerativeReader
    from rag_commons.answering.llm import Limits, load_llm, parse_llm

    limits, spec = Limits(), parse_llm(llm)
    # a model in this process writes one answer at a time
    return GenerativeReader(load_llm(spec, limits, api_key), extractive, limits, entailment, alone=spec.address is None)


def entailment_for(nli: str | None) -> Entailment | None:
    """Return the model of entailment that `nli` names, None without a name; EncoderUnusable when it cannot be had."""
    if nli is None:
        return None
    from rag_commons.encoder.entailment import EntailmentModel

    return EntailmentModel(nli, "--nli")
