"""The ledger: numbers each cited passage once, and writes the notice that goes with it."""

from collections.abc import Iterable

from rag_commons.answering.draft import DraftStatement
from rag_commons.answers import Citation, Reference, Statement
from rag_commons.documents import Hit
from rag_commons.licences.combination import reuse_of
from rag_commons.licences.notices import notice
from rag_commons.licences.reuse import Form, Reuse
from rag_commons.licences.wording import Lang


class Ledger:
    """Citations of one answer: references are numbered from 1, in the order in which they are first cited."""

    def __init__(self, language: Lang = "fr") -> None:
        self.language = language
        self._hits: dict[str, tuple[int, Hit]] = {}
        # the references that each reworded sentence draws on
        self._reworded: list[frozenset[int]] = []

    def statements(self, drafts: Iterable[DraftStatement]) -> tuple[Statement, ...]:
        """Return the statements with their quotes numbered; what they say is kept as it is."""
        return tuple(self._statement(draft) for draft in drafts)

    def _statement(self, draft: DraftStatement) -> Statement:
        citations = []
        for quote in draft.quotes:
            key = quote.hit.passage.id
            ref, _ = self._hits.setdefault(key, (len(self._hits) + 1, quote.hit))
            citations.append(Citation(ref, quote.text, quote.start, quote.end, draft.support))
        if draft.support != "verbatim":
            self._reworded.append(frozenset(one.ref for one in citations))
        return Statement(draft.text, tuple(citations))

    def references(self) -> tuple[Reference, ...]:
        """Every cited passage with the notice that its licence asks for, by number."""
        adapted = frozenset[int]().union(*self._reworded)
        return tuple(
            Reference(
                ref,
                hit.passage,
                hit.provenance,
                notice(hit.provenance, "paraphrase" if ref in adapted else "verbatim", self.language),
            )
            for ref, hit in self._hits.values()
        )

    def reuse(self) -> Reuse:
        """Return what taking up the whole answer asks: a collection of quotes, or an adaptation once a passage was reworded.

        A passage quoted word for word beside a reworded one is no part of the adaptation.
        """
        form: Form = "adaptation" if self._reworded else "collection"
        return reuse_of([(ref, hit.provenance) for ref, hit in self._hits.values()], form, self.language, self._reworded)
