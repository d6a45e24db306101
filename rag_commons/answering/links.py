"""Answer links: the address of an answer, which holds its question, filters, index build and cited passages, and none of their words.

A citation is written `statement~start-end~sha256~passage id`: the number of its statement, the offsets of the quote in the
passage, and the sha256 of the passage. What a link says is a claim of whoever made it: `reopening` believes the index alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from rag_commons.answers import Answer
from rag_commons.documents import parse_passage_id
from rag_commons.errors import InputError
from rag_commons.licences.combination import Permission
from rag_commons.retrieval.filters import Filters

LONGEST_QUESTION = 1_000
MOST_CITATIONS = 60
MOST_NAMES = 50
LONGEST_NAME = 300
PERMISSIONS: tuple[Permission, ...] = ("commercial", "adaptation")

_CITED = re.compile(r"([0-9]{1,3})~([0-9]{1,9})-([0-9]{1,9})~([0-9a-f]{64})~(.{1,900})")
_YEAR = re.compile(r"[0-9]{1,4}")
_BUILD = re.compile(r"[0-9a-zA-Z]{0,64}")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation without its words: the number of its statement (from 1), its passage, and the quote's offsets in that passage."""

    statement: int
    passage_id: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """What an answer's address holds; without citations it is a question to be asked."""

    question: str
    filters: Filters = field(default_factory=Filters)
    build: str = ""
    cited: tuple[Cited, ...] = ()


def link_of(answer: Answer, filters: Filters) -> AnswerLink:
    """Return the link of an answer that was given under these filters."""
    passages = {reference.ref: reference.passage for reference in answer.references}
    cited = (
        Cited(number, passages[citation.ref].id, citation.start, citation.end, passages[citation.ref].sha256)
        for number, statement in enumerate(answer.statements, 1)
        for citation in statement.citations
    )
    return AnswerLink(answer.question, filters, answer.index_build, tuple(cited))


def link_to_query(link: AnswerLink) -> str:
    """Return the link as the query of an address, without its question mark; ASCII alone."""
    held = link.filters
    named = (("licence", held.licences), ("collection", held.collections), ("holder", held.holders), ("language", held.languages))
    pairs = [("question", link.question)]
    pairs += [(key, name) for key, names in (*named, ("allow", held.allow)) for name in names]
    pairs += [(key, str(year)) for key, year in zip(("since", "until"), held.years, strict=True) if year is not None]
    pairs += [("build", link.build)] if link.build else []
    pairs += [("cite", f"{one.statement}~{one.start}-{one.end}~{one.sha256}~{one.passage_id}") for one in link.cited]
    return urlencode(pairs)


def link_from_pairs(pairs: Iterable[tuple[str, str]]) -> AnswerLink:
    """Return the link that the parameters of an address hold; InputError for what is none. Other parameters are left out."""
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    question = " ".join(values.get("question", [])[:1]).strip()
    if not question or len(question) > LONGEST_QUESTION:
        raise InputError(f"a question of 1 to {LONGEST_QUESTION} characters in the link", f"{len(question)}", "copy the whole link again")
    if len(values.get("cite", [])) > MOST_CITATIONS:
        raise InputError(f"at most {MOST_CITATIONS} citations in the link", f"{len(values['cite'])}", "copy the whole link again")
    build = "".join(values.get("build", [])[:1])
    filters = Filters(
        licences=_names(values, "licence"),
        collections=_names(values, "collection"),
        holders=_names(values, "holder"),
        languages=_names(values, "language"),
        allow=tuple(use for use in PERMISSIONS if use in values.get("allow", ())),
        years=(_year(values, "since"), _year(values, "until")),
    )
    cited = tuple(_cited(value) for value in values.get("cite", []))
    return AnswerLink(question, filters, build if _BUILD.fullmatch(build) else "", cited)


def _names(values: dict[str, list[str]], key: str) -> tuple[str, ...]:
    return tuple(name[:LONGEST_NAME] for name in values.get(key, [])[:MOST_NAMES] if name)


def _year(values: dict[str, list[str]], key: str) -> int | None:
    given = "".join(values.get(key, [])[:1])
    return int(given) if _YEAR.fullmatch(given) else None


def _cited(value: str) -> Cited:
    found = _CITED.fullmatch(value)
    if found is None or parse_passage_id(found[5]) is None or int(found[2]) >= int(found[3]):
        raise InputError("a citation of the form statement~start-end~sha256~passage", repr(value[:60]), "copy the whole link again")
    return Cited(int(found[1]), found[5], int(found[2]), int(found[3]), found[4])
