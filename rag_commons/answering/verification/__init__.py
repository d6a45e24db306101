"""Verification: what a statement may claim, held against the passages that it cites."""

from rag_commons.answering.verification.refusing import refusal
from rag_commons.answering.verification.support import unsupported

__all__ = ["refusal", "unsupported"]
