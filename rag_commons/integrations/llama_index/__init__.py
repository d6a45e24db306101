"""rag-commons inside a llama-index program.

`CommonsRetriever`, `CommonsQueryEngine`, `CommonsEmbedding`, `CommonsVectorStore` and `PassageSplitter`, one module each.
"""
