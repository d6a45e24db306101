"""The registry: the trusted record that answers are held against, by passage id.

An index is one. A set of answers that is trusted is another (`Snapshot`), which is how mutants are judged against what they were made of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote

from rag_commons.documents import Passage, text_sha256
from rag_commons.evaluation.judged import JudgedAnswer
from rag_commons.index.opened import Index
from rag_commons.licences.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the registry holds it."""

    passage: Passage
    provenance: Provenance


class Registry(Protocol):
    """Where the truth about a passage is asked."""

    def look(self, passage_id: str) -> Entry | None:
        """Return the passage of an id, None where the registry has none."""
        ...


class IndexRegistry:
    """An open index as a registry; passages are remembered, since answers cite few of them and often."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[str, Entry | None] = {}

    def look(self, passage_id: str) -> Entry | None:
        """Return the passage of an id, read from the index and checked against its sha256."""
        if passage_id not in self._known:
            self._known[passage_id] = self._read(passage_id)
        return self._known[passage_id]

    def _read(self, passage_id: str) -> Entry | None:
        document, _, rest = passage_id.rpartition("@")
        keys = self._index.document_passages(unquote(document or passage_id))
        if document:
            _, _, number = rest.partition("#")
            at = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else len(keys)
            wanted = keys[at : at + 1]
        else:
            # the id of a document alone names its passage, where it has only one
            wanted = keys[:1] if len(keys) == 1 else keys[:0]
        for key in wanted:
            read = self._index.passage(key)
            if read and (not document or read[0].id == passage_id):
                return Entry(*read)
        return None


class Snapshot:
    """The references of trusted answers, as a registry."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = dict(entries)

    @classmethod
    def of(cls, answers: Iterable[JudgedAnswer]) -> "Snapshot":
        """Take the references of these answers as true."""
        entries: dict[str, Entry] = {}
        for answer in answers:
            for reference in answer.references:
                if reference.passage_id and reference.text:
                    entries[reference.passage_id] = Entry(
                        Passage(
                            reference.passage_id,
                            reference.document_id or reference.passage_id,
                            0,
                            reference.start or 0,
                            reference.end or 0,
                            reference.text,
                            reference.sha256 or text_sha256(reference.text),
                            reference.section,
                        ),
                        reference.provenance,
                    )
        return cls(entries)

    def look(self, passage_id: str) -> Entry | None:
        """Return the passage of an id."""
        return self.entries.get(passage_id)
