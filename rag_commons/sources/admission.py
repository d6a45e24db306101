"""Admission: what stands between a source and an index, whatever the source."""

from collections.abc import Iterable, Iterator

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, UsageError
from rag_commons.sources.boilerplate import WithoutBoilerplate
from rag_commons.sources.language_identification import identify
from rag_commons.sources.policy import apply_policy

# the setting that every source understands: paragraphs found in this many documents are dropped
BOILERPLATE = "boilerplate"


def admit(items: Iterable[Document | DocumentRefused], policy: str, boilerplate: str | None = None) -> Iterator[Document | DocumentRefused]:
    """Yield what a policy lets in, in languages that are known or identified, without the paragraphs that repeat if asked so."""
    if boilerplate is not None:
        if not boilerplate.isdecimal() or int(boilerplate) < 2:
            raise UsageError(f"--set {BOILERPLATE}=N, N being 2 documents or more", repr(boilerplate), "give a whole number")
        items = WithoutBoilerplate(items, int(boilerplate))
    return identify(apply_policy(items, policy))
