"""rag-commons: answers over the francophone digital commons, each sentence traceable to its passage, people and licence."""

__version__ = "0.1.0"
