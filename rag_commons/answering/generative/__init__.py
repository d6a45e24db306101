"""The generative reader: a language model drafts, and only what its passages support is kept."""

from rag_commons.answering.generative.reader import GenerativeReader

__all__ = ["GenerativeReader"]
