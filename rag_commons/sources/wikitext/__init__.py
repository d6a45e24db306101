"""Wikitext as readable text: what templates say is kept, what they draw is not."""

from rag_commons.sources.wikitext.reading import ReadableText, read_wikitext

__all__ = ["ReadableText", "read_wikitext"]
