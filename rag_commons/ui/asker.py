"""What the page needs of an index: to ask, to search, to list and to read. The page knows nothing else of what lies underneath."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import Literal, Protocol

from rag_commons.answering.ask import ask
from rag_commons.answering.draft import Draft, Progress, Reader, StreamingReader
from rag_commons.answering.ledger import Ledger
from rag_commons.answering.links import AnswerLink
from rag_commons.answering.readers import entailment_for, reader_for
from rag_commons.answering.reopening import HeldPassage, Reopened, passage_of, reopen
from rag_commons.answers import Answer, Mode, Statement
from rag_commons.documents import Document, Hit, Passage
from rag_commons.errors import CommonsError, UsageError
from rag_commons.index.allowed import Allowed
from rag_commons.index.manifest import Manifest
from rag_commons.index.opened import Index
from rag_commons.licences.wording import Lang
from rag_commons.retrieval.filters import Filters
from rag_commons.retrieval.retriever import Retriever
from rag_commons.ui.listing import Listed, Listing
from rag_commons.ui.writer import AT_ONCE, Writer, writer_of

Step = Literal["search", "read", "verify"]
STEPS: tuple[Step, ...] = ("search", "read", "verify")

# seconds that a model may think before its progress is told again
_SILENCE = 1.0

HITS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Passages that were found, and how many the filters left aside."""

    hits: tuple[Hit, ...]
    left_aside: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model has written so far: its verified statements, numbered, and what became of the sentences it proposed."""

    statements: tuple[Statement, ...]
    proposed: int
    repaired: int
    dropped: int


Told = Step | Written | Answer


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

    @property
    def writer(self) -> Writer | None:
        """The language model that writes answers, None where they are made of extracts alone."""
        ...

    def ask(self, question: str, filters: Filters, language: Lang, mode: Mode | None = None, stop: Event | None = None) -> Iterator[Told]:
        """Yield each step as it begins, what a model has written as it comes, then the answer; UsageError for a mode that is not offered.

        Without a mode, the language model writes where there is one. Once `stop` is set, it writes no more, and the answer is what was
        verified before; without anything, an abstention.
        """
        ...

    def search(self, question: str, filters: Filters, k: int) -> Found:
        """Return the passages nearest to a question, without an answer."""
        ...

    def left_aside(self, filters: Filters) -> int:
        """Return how many passages the filters leave aside."""
        ...

    def entries(self, filters: Filters) -> Listed:
        """Return the documents that pass the filters: all of them, or the first ones where the index is large."""
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
    """Answers from an open index, by extracts or by a language model. Every method may be called from any thread."""

    def __init__(
        self,
        directory: Path,
        answered: Callable[[Answer], None] | None = None,
        llm: str | None = None,
        api_key: str | None = None,
        nli: str | None = None,
    ) -> None:
        """Open an index; `answered` is told of every answer.

        `llm` names the model that writes (UsageError, InputError without it), `nli` one of entailment (EncoderUnusable without it).
        """
        self._answered = answered
        self._writer = writer_of(llm) if llm else None
        self._index = Index.open(directory)
        self._retriever = Retriever(self._index)
        self._readers: dict[Mode, Reader] = {"extractive": reader_for(self._retriever)}
        # refused here even where no model writes: whoever starts a server learns of a wrong name at once
        entailment = entailment_for(nli)
        if llm:
            self._readers["generative"] = reader_for(self._retriever, llm, api_key, entailment)
        # apart, so that those who wait for a model keep nobody else waiting
        self._pools = {mode: ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ask") for mode in self._readers}
        self._listing = Listing(self._index)

    @property
    def name(self) -> str:
        """The name of the index."""
        return self._index.name

    @property
    def manifest(self) -> Manifest:
        """What the index holds, now."""
        return self._index.manifest

    @property
    def writer(self) -> Writer | None:
        """The language model that writes answers, None where they are made of extracts alone."""
        return self._writer

    def ask(self, question: str, filters: Filters, language: Lang, mode: Mode | None = None, stop: Event | None = None) -> Iterator[Told]:
        """Yield each step as it begins, what a model has written, then the answer; a failure of the work is raised here."""
        reader = self._readers.get(mode or ("generative" if self._writer else "extractive"))
        if reader is None:
            raise UsageError("a reader that this server has", repr(mode), "leave `mode` out, or serve with --llm")
        stop = stop or Event()
        watched = _Watched(reader, SimpleQueue(), stop, language)
        self._pools[reader.mode].submit(self._ask, question, filters, language, watched)
        written, patience = Written((), 0, 0, 0), _SILENCE if reader.mode == "generative" else None
        try:
            while True:
                try:
                    event = watched.told.get(timeout=patience)
                except Empty:
                    # said again, since only a server that speaks learns that nobody listens
                    event = written
                if isinstance(event, Written):
                    written = event
                if isinstance(event, CommonsError):
                    raise event
                if isinstance(event, Answer) and self._answered:
                    self._answered(event)
                yield event
                if isinstance(event, Answer):
                    return
        finally:
            # whoever no longer listens costs no model its time
            stop.set()

    def search(self, question: str, filters: Filters, k: int = HITS) -> Found:
        """Return the passages nearest to a question, without an answer."""
        return Found(tuple(self._retriever.retrieve(question, k, filters)), self.left_aside(filters))

    def left_aside(self, filters: Filters) -> int:
        """Return how many passages the filters leave aside."""
        allowed = self._allowed(filters)
        return self._index.manifest.passages - allowed.passages if allowed else 0

    def entries(self, filters: Filters) -> Listed:
        """Return the documents that pass the filters: all of them, or the first ones where the index is large."""
        return self._listing.entries(self._allowed(filters))

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

    def _ask(self, question: str, filters: Filters, language: Lang, reader: "_Watched") -> None:
        told = reader.told
        try:
            told.put("search")
            answer = ask(question, self._retriever, reader, k=HITS, filters=filters, language=language)
            told.put(answer)
        except CommonsError as error:
            told.put(error)
        except Exception as error:
            # the page waits on this queue: whatever went wrong must reach it
            told.put(CommonsError("an answer", f"{type(error).__name__}: {error}", "ask again; if it happens again, report it"))


class _Watched:
    """A reader that says when it begins, what it has written so far and when it ends; a model writes no more once `stop` is set."""

    def __init__(self, reader: Reader, told: "SimpleQueue[Told | CommonsError]", stop: Event, language: Lang) -> None:
        self.mode = reader.mode
        self.told = told
        self._reader = reader
        self._language = language
        self._stop = stop

    def read(self, question: str, hits: Sequence[Hit]) -> Draft:
        self.told.put("read")
        reader = self._reader
        if isinstance(reader, StreamingReader):
            draft = self._listened(reader.stream(question, hits, self._stop))
        else:
            draft = reader.read(question, hits)
        self.told.put("verify")
        return draft

    def _listened(self, events: Iterator[Progress | Draft]) -> Draft:
        before = -1
        while True:
            event = next(events)
            if isinstance(event, Draft):
                return event
            if event.proposed != before:
                before = event.proposed
                # the numbers are those of the answer: statements are only ever added
                numbered = Ledger(self._language).statements(event.statements)
                self.told.put(Written(numbered, event.proposed, event.repaired, event.dropped))
