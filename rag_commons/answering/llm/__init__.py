"""Language models: any of llama-index, opened by a short name, read as a stream within limits."""

from rag_commons.answering.llm.loading import FORMS, Limits, LlmSpec, load_llm, parse_llm

__all__ = ["FORMS", "Limits", "LlmSpec", "load_llm", "parse_llm"]
