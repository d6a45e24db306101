"""Reopening: the citations of an answer's link, read again in the index of today.

The one surprise: no word comes from the link. A passage whose sha256 is still the same is quoted; one that changed or left is only
said to have changed or left, whatever it once said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from rag_commons.answering.links import AnswerLink, Cited
from rag_commons.answers import Answer, Citation, Reference, Statement
from rag_commons.documents import Passage, parse_passage_id
from rag_commons.errors import InputError
from rag_commons.index.opened import Index
from rag_commons.licences.combination import reuse_of
from rag_commons.licences.notices import notice
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.wording import Lang

State = Literal["unchanged", "modified", "removed"]

CHANGED = "Aucun passage cité par ce lien n'est encore le même dans l'index."

# a passage that moved within its document is looked for this far from where it was
_NEARBY = 100

HeldPassage = tuple[Passage, Provenance]


@dataclass(frozen=True, slots=True)
class Recited:
    """A citation of the link, the number of its passage in the answer, and what became of that passage."""

    cited: Cited
    ref: int
    document_id: str
    state: State


@dataclass(frozen=True, slots=True)
class Reopened:
    """An answer made again of what still stands, and what became of each citation of its link."""

    link: AnswerLink
    answer: Answer
    recited: tuple[Recited, ...]

    @property
    def lost(self) -> tuple[Recited, ...]:
        """The citations whose passage changed or left."""
        return tuple(one for one in self.recited if one.state != "unchanged")


def passage_of(index: Index, identity: str) -> HeldPassage | None:
    """Return the passage of this very id and its provenance, None when the index has it no more."""
    parsed = parse_passage_id(identity)
    keys = index.document_passages(parsed[0]) if parsed else range(0)
    found = index.passage(keys[parsed[1]]) if parsed and parsed[1] < len(keys) else None
    return found if found and found[0].id == identity else None


def reopen(link: AnswerLink, index: Index, language: Lang = "fr") -> Reopened:
    """Read the citations of a link again; InputError when one lies outside its passage."""
    numbers: dict[str, int] = {}
    found: dict[str, HeldPassage | State] = {}
    recited = []
    for one in link.cited:
        ref = numbers.setdefault(one.passage_id, len(numbers) + 1)
        if one.passage_id not in found:
            found[one.passage_id] = _again(index, one)
        read = found[one.passage_id]
        recited.append(Recited(one, ref, _document_id(one), read if isinstance(read, str) else "unchanged"))
    kept = {numbers[identity]: read for identity, read in found.items() if not isinstance(read, str)}
    return Reopened(link, _answer(link, index, recited, kept, language), tuple(recited))


def _again(index: Index, cited: Cited) -> HeldPassage | State:
    """Return the passage whose sha256 the link names, or what became of it."""
    identity = _document_id(cited)
    keys = index.document_passages(identity)
    for key in _from_the_middle(keys, (parse_passage_id(cited.passage_id) or ("", 0))[1]):
        read = index.passage(key)
        if read and read[0].sha256 == cited.sha256:
            return read
    return "modified" if index.holds(identity) else "removed"


def _from_the_middle(keys: range, number: int) -> Iterator[int]:
    """Yield the key at a number, then its neighbours, nearest first."""
    near = keys[max(0, number - _NEARBY) : number + _NEARBY + 1]
    middle = keys.start + number
    yield from sorted(near, key=lambda key: (abs(key - middle), key))


def _answer(link: AnswerLink, index: Index, recited: Sequence[Recited], kept: dict[int, HeldPassage], language: Lang) -> Answer:
    statements = _statements([one for one in recited if one.state == "unchanged"], kept)
    return Answer(
        question=link.question,
        created=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        index_name=index.name,
        index_build=index.manifest.build,
        statements=statements,
        references=tuple(Reference(ref, *read, notice(read[1], "verbatim", language)) for ref, read in kept.items()),
        reuse=reuse_of([(ref, read[1]) for ref, read in kept.items()], "collection", language),
        language=language,
        reason=None if statements else CHANGED,
    )


def _statements(recited: Sequence[Recited], kept: dict[int, HeldPassage]) -> tuple[Statement, ...]:
    """One statement for the same words cited under one number: a link keeps the quotes, not the wording of a paraphrase."""
    grouped: dict[tuple[int, str], list[Citation]] = {}
    for one in recited:
        text = kept[one.ref][0].text
        if one.cited.end > len(text):
            raise InputError(
                f"a quote within the {len(text)} characters of {one.cited.passage_id}", f"{one.cited.end}", "copy the whole link again"
            )
        quote = text[one.cited.start : one.cited.end]
        grouped.setdefault((one.cited.statement, quote), []).append(Citation(one.ref, quote, one.cited.start, one.cited.end))
    return tuple(Statement(quote, tuple(citations)) for (_, quote), citations in grouped.items())


def _document_id(cited: Cited) -> str:
    parsed = parse_passage_id(cited.passage_id)
    if parsed is None:
        raise InputError("a passage id", repr(cited.passage_id[:60]), "copy the whole link again")
    return parsed[0]
