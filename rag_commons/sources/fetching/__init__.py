"""The polite HTTP room: one client for every source that fetches.

It says who it is, keeps to each host's pace, waits when told to, checks what it got, and honours opt-outs.
httpx and protego are used here only.
"""

from rag_commons.sources.fetching.client import Fetched, Fetcher, lend_fetcher
from rag_commons.sources.fetching.clock import Clock
from rag_commons.sources.fetching.failure import FetchFailed

__all__ = ["Clock", "FetchFailed", "Fetched", "Fetcher", "lend_fetcher"]
