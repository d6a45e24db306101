"""What the page needs of an index: to ask, to search, to list and to read. The page knows nothing else of what lies underneath."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, Protocol

from rag_commons.answering.ask import ask
from rag_commons.answering.draft import Draft, Reader
from rag_commons.answering.extractive import ExtractiveReader
from rag_commons.answering.links import AnswerLink
from rag_commons.answering.reopening import HeldPassage, Reopened, passage_of, reopen
from rag_commons.answers import Answer
from rag_commons.documents import Document, Hit, Passage
from rag_commons.errors import CommonsError
from rag_commons.index.allowed import Allowed
from rag_commons.index.manifest import Manifest
from rag_commons.index.opened import Index
from rag_commons.licences.wording import Lang
from rag_commons.rendering.document import Entry
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever

Step = Literal["search", "read", "verify"]
STEPS: tuple[Step, ...] = ("search", "read", "verify")

# beyond this many documents, a list to browse would help nobody: one searches
MOST_ENTRIES = 5_000
HITS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Passages that were found, and how many the filters left aside."""

    hits: tuple[Hit, ...]
    left_aside: int


class Asker(Protocol):
    """The functions behind the page."""

    @property
    def name(self) -> str:
        """The name of the index."""
        ...

    @property
    def manifest(self) -> Manifest:
        """What the index holds, now."""
        ...

    def ask(self, question: str, filters: Filters, language: Lang) -> Iterator[Step | Answer]:
        """Yield each step as it begins, then the answer."""
        ...

    def search(self, question: str, filters: Filters, k: int) -> Found:
        """Return the passages nearest to a question, without an answer."""
        ...

    def left_aside(self, filters: Filters) -> int:
        """Return how many passages the filters leave aside."""
        ...

    def entries(self, filters: Filters) -> Sequence[Entry]:
        """Return the documents that pass the filters, by title; nothing where they are too many to browse."""
        ...

    def document(self, identity: str) -> tuple[Document, tuple[Passage, ...]] | None:
        """Return a document and its passages, None when the index has none of this id."""
        ...

    def passage(self, identity: str) -> HeldPassage | None:
        """Return the passage of this very id and its provenance, None when the index has it no more."""
        ...

    def reopen(self, link: AnswerLink, language: Lang) -> Reopened:
        """Return the citations of an answer's link as they stand now."""
        ...


class IndexAsker:
    """Answers from an open index, with the extractive reader. Every method may be called from any thread."""

    def __init__(self, directory: Path, answered: Callable[[Answer], None] | None = None) -> None:
        """Open an index; `answered` is told of every answer."""
        self._answered = answered
        self._index = Index.open(directory)
        self._retriever = Retriever(self._index)
        self._reader = ExtractiveReader(self._retriever)
        self._pool = ThreadPoolExecutor(thread_name_prefix="ask")
        self._listed: tuple[str, tuple[Entry, ...]] = ("", ())

    @property
    def name(self) -> str:
        """The name of the index."""
        return self._index.name

    @property
    def manifest(self) -> Manifest:
        """What the index holds, now."""
        return self._index.manifest

    def ask(self, question: str, filters: Filters, language: Lang) -> Iterator[Step | Answer]:
        """Yield each step as it begins, then the answer; a failure of the work is raised here."""
        told: SimpleQueue[Step | Answer | CommonsError] = SimpleQueue()
        self._pool.submit(self._ask, question, filters, language, told)
        while True:
            event = told.get()
            if isinstance(event, CommonsError):
                raise event
            if isinstance(event, Answer) and self._answered:
                self._answered(event)
            yield event
            if isinstance(event, Answer):
                return

    def search(self, question: str, filters: Filters, k: int = HITS) -> Found:
        """Return the passages nearest to a question, without an answer."""
        return Found(tuple(self._retriever.retrieve(question, k, filters)), self.left_aside(filters))

    def left_aside(self, filters: Filters) -> int:
        """Return how many passages the filters leave aside."""
        allowed = self._allowed(filters)
        return self._index.manifest.passages - allowed.passages if allowed else 0

    def entries(self, filters: Filters) -> Sequence[Entry]:
        """Return the documents that pass the filters, by title; nothing where they are too many to browse."""
        allowed = self._allowed(filters)
        if allowed is None:
            return self._entries()
        return [entry for entry in self._entries() if entry.passages and self._index.document_passages(entry.id).start in allowed]

    def document(self, identity: str) -> tuple[Document, tuple[Passage, ...]] | None:
        """Return a document and its passages, None when the index has none of this id."""
        document = self._index.document(identity)
        if document is None:
            return None
        read = (self._index.passage(key) for key in self._index.document_passages(identity))
        return document, tuple(found[0] for found in read if found)

    def passage(self, identity: str) -> HeldPassage | None:
        """Return the passage of this very id and its provenance, None when the index has it no more."""
        return passage_of(self._index, identity)

    def reopen(self, link: AnswerLink, language: Lang) -> Reopened:
        """Return the citations of an answer's link as they stand now."""
        return reopen(link, self._index, language)

    def _allowed(self, held: Filters) -> Allowed | None:
        return self._index.allowed(held.licences, held.collections, held.holders, held.languages, held.allow, years=held.years)

    def _entries(self) -> tuple[Entry, ...]:
        manifest = self._index.manifest
        build, listed = self._listed
        if build != manifest.build:
            listed = tuple(sorted(self._read_entries(), key=lambda entry: entry.provenance.title.casefold()))
            self._listed = (manifest.build, listed)
        return listed

    def _read_entries(self) -> Iterator[Entry]:
        if self._index.manifest.documents > MOST_ENTRIES:
            return
        for identity in self._index.document_ids():
            keys = self._index.document_passages(identity)
            read = self._index.passage(keys.start) if keys else None
            if read:
                yield Entry(identity, read[1], len(keys))

    def _ask(self, question: str, filters: Filters, language: Lang, told: "SimpleQueue[Step | Answer | CommonsError]") -> None:
        try:
            told.put("search")
            reader = _Watched(self._reader, told)
            answer = ask(question, self._retriever, reader, k=HITS, filters=filters, language=language)
            told.put(answer)
        except CommonsError as error:
            told.put(error)
        except Exception as error:
            # the page waits on this queue: whatever went wrong must reach it
            told.put(CommonsError("an answer", f"{type(error).__name__}: {error}", "ask again; if it happens again, report it"))


class _Watched:
    """A reader that says when it begins and when it ends."""

    def __init__(self, reader: Reader, told: "SimpleQueue[Step | Answer | CommonsError]") -> None:
        self._reader = reader
        self._told = told
        self.mode = reader.mode

    def read(self, question: str, hits: Sequence[Hit]) -> Draft:
        self._told.put("read")
        draft = self._reader.read(question, hits)
        self._told.put("verify")
        return draft
