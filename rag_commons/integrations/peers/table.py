"""The peers by name, and ours with the same stand-in; each is imported when it is asked for."""

from collections.abc import Callable

from rag_commons.evaluation.systems import Commons, System
from rag_commons.retrieval.retriever import Retriever


def _llama_index(retriever: Retriever, k: int) -> System:
    from rag_commons.integrations.peers.llama_index_citation import CitationPeer

    return CitationPeer(retriever, k)


def _haystack(retriever: Retriever, k: int) -> System:
    from rag_commons.integrations.peers.haystack_rag import HaystackPeer

    return HaystackPeer(retriever, k)


def _ours(retriever: Retriever, k: int) -> System:
    from rag_commons.answering.generative import GenerativeReader
    from rag_commons.integrations.peers.llama_index_citation import StandIn

    return Commons(retriever, lambda held: GenerativeReader(StandIn()), "rag-commons-standin", k, with_variants=0)


PEERS: dict[str, Callable[[Retriever, int], System]] = {
    "llama-index-citation": _llama_index,
    "haystack": _haystack,
    "rag-commons-standin": _ours,
}
