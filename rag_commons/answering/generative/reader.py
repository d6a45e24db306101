"""The generative reader: a language model proposes sentences, each with the key of its passage; only what is verified is kept.

A model is trusted with nothing: what it does not cite is dropped, what the cited passage does not support is replaced by the
passage's own words or dropped, and a model that fails leaves its place to another reader. The one surprise: the sentences kept
come out while the model still writes, each once verified.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from threading import Event, Semaphore
from typing import TYPE_CHECKING

from rag_commons.answering.draft import Draft, DraftStatement, Progress, Reader
from rag_commons.answering.generative.check import settle
from rag_commons.answering.generative.prompt import MOST_STATEMENTS, write_prompt
from rag_commons.answering.generative.reply import Proposed, ReplyParser
from rag_commons.answering.llm import Limits
from rag_commons.answering.llm.stream import iter_reply
from rag_commons.answering.verification.entailment import Entailment
from rag_commons.answers import Mode
from rag_commons.documents import Hit
from rag_commons.errors import ReaderFailed
from rag_commons.text.analysis import analyse
from rag_commons.text.normal import n0

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

MODEL_ABSTAINS = "Le modèle de langue ne trouve pas de réponse dans les passages."
NOTHING_KEPT = "Rien de ce que le modèle de langue a écrit n'est soutenu par un passage cité."
NO_ROOM = "Les passages trouvés sont trop longs pour ce modèle de langue."
EXTRACTED = "La réponse est faite d'extraits."
STOPPED = "La rédaction a été arrêtée avant la fin."
CUT = "Seules les phrases vérifiées avant sont gardées."

# French text makes more characters a token than this with every tokenizer that was tried, save those by bytes
_CHARACTERS_A_TOKEN = 2.5


class GenerativeReader:
    """Has a model of llama-index write, and keeps what its passages support. May be called from several threads if the model may."""

    mode: Mode = "generative"

    def __init__(
        self,
        llm: "LLM",
        fallback: Reader | None = None,
        limits: Limits | None = None,
        entailment: Entailment | None = None,
        alone: bool = False,
    ) -> None:
        """Take a model, `alone` for one that writes one reply at a time.

        The fallback answers when nothing of the model's is kept; a model of entailment may refuse more.
        """
        self._llm = llm
        self._fallback = fallback
        self._limits = limits or Limits()
        self._entailment = entailment
        self._turn = Semaphore() if alone else None

    def read(self, question: str, hits: Sequence[Hit]) -> Draft:
        """Return the verified sentences of the model's reply, or what the other reader makes of the hits, and why."""
        draft = Draft(reason=NOTHING_KEPT)
        for event in self.stream(question, hits):
            if isinstance(event, Draft):
                draft = event
        return draft

    def stream(self, question: str, hits: Sequence[Hit], stop: Event | None = None) -> Iterator[Progress | Draft]:
        """Yield the progress of the reply, then the draft. Whatever is in them is verified; a failure of the model raises nothing.

        Once `stop` is set, the model is left and the draft is what was verified before, be it nothing.
        """
        stop = stop or Event()
        prompt = write_prompt(question, hits, self._room())
        if not prompt.keys:
            yield self._instead(NO_ROOM, question, hits)
            return
        kept = _Kept(hits, frozenset(analyse(question)), self._entailment)
        parser = ReplyParser(prompt.keys)
        characters, failure = 0, ""
        try:
            with closing(iter_reply(self._llm, prompt.messages(), self._limits, stop, self._turn)) as pieces:
                for piece in pieces:
                    characters += len(piece)
                    kept.add(parser.feed(piece))
                    yield kept.progress(characters)
                    if kept.full:
                        break
        except ReaderFailed as error:
            failure = f"Le modèle de langue n'a pas {'fini' if characters else 'répondu'} ({error.seen})."
        if stop.is_set():
            failure = STOPPED
        kept.add(parser.finish(cut=bool(failure)))
        yield self._draft(kept, parser.no_answer, failure, question, hits)

    def _draft(self, kept: "_Kept", no_answer: bool, failure: str, question: str, hits: Sequence[Hit]) -> Draft:
        if kept.statements:
            told = " ".join(filter(None, (failure and f"{failure} {CUT}", kept.changes())))
            return Draft(tuple(kept.statements), told or None)
        if failure == STOPPED:
            # whoever stops an answer asks for no other
            return Draft(reason=STOPPED)
        # a model that read everything and says so is believed; one that failed is not
        if no_answer and not failure and not kept.proposed:
            return Draft(reason=MODEL_ABSTAINS)
        return self._instead(failure or NOTHING_KEPT, question, hits)

    def _instead(self, why: str, question: str, hits: Sequence[Hit]) -> Draft:
        if self._fallback is None:
            return Draft(reason=why)
        draft = self._fallback.read(question, hits)
        then = EXTRACTED if draft.statements else draft.reason or ""
        return Draft(draft.statements, f"{why} {then}".strip(), self._fallback.mode)

    def _room(self) -> int:
        """Return how many characters the prompt may have."""
        return int((self._llm.metadata.context_window - self._limits.tokens) * _CHARACTERS_A_TOKEN)


class _Kept:
    """The statements kept so far, each once."""

    def __init__(self, hits: Sequence[Hit], question: frozenset[str], entailment: Entailment | None) -> None:
        self.statements: list[DraftStatement] = []
        self.proposed = self.repaired = self.dropped = 0
        self._hits = hits
        self._question = question
        self._entailment = entailment
        self._said: set[str] = set()

    @property
    def full(self) -> bool:
        return len(self.statements) >= MOST_STATEMENTS

    def add(self, proposed: Iterator[Proposed]) -> None:
        for one in proposed:
            # what comes once enough is said is neither kept nor dropped
            if self.full:
                return
            self.proposed += 1
            settled = settle(one, self._hits, self._question, self._entailment)
            before = len(self.statements)
            for statement in settled.statements:
                said = n0(statement.text).casefold()
                if said not in self._said and not self.full:
                    self._said.add(said)
                    self.statements.append(statement)
            # what would take its place may have been said before
            replaced = settled.repaired and len(self.statements) > before
            self.repaired += replaced
            self.dropped += not settled.statements or (settled.repaired and not replaced)

    def progress(self, characters: int) -> Progress:
        return Progress(characters, self.proposed, tuple(self.statements), self.repaired, self.dropped)

    def changes(self) -> str | None:
        """Return what became of the sentences that could not be kept as they were, in French; None where all were."""
        if not self.repaired and not self.dropped:
            return None
        asked = f"{_count(self.proposed, 'phrase')} {'proposée' if self.proposed < 2 else 'proposées'} par le modèle de langue"
        kept, told = self.proposed - self.repaired - self.dropped, []
        if self.repaired:
            told.append(f"{_count(self.repaired, 'remplacée')} par les mots d'un passage")
        if self.dropped:
            told.append(f"{_count(self.dropped, 'écartée')} faute de soutien")
        return f"{asked} : {_count(kept, 'gardée')}, {', '.join(told)}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number > 1)}"
