"""The reply of a model read as it comes: lines → sentences, each with the passages whose keys it bears.

A key is recognised by its own letters wherever it stands, since nobody could have guessed it; the brackets around it are only
cleared away. The one surprise: brackets that look like a citation and hold no key of this question (« [1] », « [0] », an invented
key) are cleared too and cite nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rag_commons.answering.generative.prompt import KEY, NO_ANSWER
from rag_commons.documents import Hit
from rag_commons.licences.lines import one_line
from rag_commons.text.sentences import sentence_spans

_LONGEST_LINE = 4_000

_BARE = rf"(?<![0-9a-z]){KEY}(?![0-9a-z])"
_ONE_KEY = re.compile(_BARE, re.IGNORECASE)
# white space has been made single spaces before: no run of them can be matched in many ways
_CITED = re.compile(
    rf" ?(?:[\[({{【<\"'`]{{1,3}} ?)?(?:(?:clefs?|clés?|sources?|passages?) ?:? ?)?{_BARE}(?:(?: ?[,;/&]| et)? ?{_BARE})*"
    rf"(?: ?[\])}}】>\"'`]{{1,3}})?"
    r"|(?: ?[\[【] ?(?:(?:\^|clef|clé|source|passage|réf\.?) ?)?[0-9]{1,3}(?: ?[,;–-] ?[0-9]{1,3})* ?[\]】])"
    r"|(?: ?[\[【] ?p?[0-9a-f]{4,12} ?[\]】])",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?:[-*•–—>#]+|[0-9]{1,2}[.)]) +")
_THINKING = re.compile(r"<(/?)(?:think|thinking|reasoning)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A sentence of the reply without its keys, and the hits that these stand for, in order, each once."""

    text: str
    hits: tuple[Hit, ...]


class ReplyParser:
    """Takes the pieces of a reply in and gives its sentences out, line by line; what a model thinks aloud is left out."""

    def __init__(self, keys: Mapping[str, Hit]) -> None:
        self.no_answer = False
        self._keys = keys
        self._begun = ""
        self._thinking = False

    def feed(self, piece: str) -> Iterator[Proposed]:
        """Yield the sentences of the lines that this piece ends."""
        *lines, self._begun = (self._begun + piece).split("\n")
        # what no line ends is read as it stands, lest it grow for ever
        if len(self._begun) > _LONGEST_LINE:
            lines.append(self._begun)
            self._begun = ""
        for line in lines:
            yield from self._line(line)

    def finish(self, cut: bool = False) -> Iterator[Proposed]:
        """Yield the sentences of the last line; of a reply that was cut, only those that end."""
        line, self._begun = self._begun, ""
        proposed = list(self._line(line))
        if cut and proposed and proposed[-1].text[-1:] not in ".!?…»":
            proposed.pop()
        yield from proposed

    def _line(self, line: str) -> Iterator[Proposed]:
        line = one_line(self._said(line))
        while opened := _BULLET.match(line):
            line = line[opened.end() :]
        if NO_ANSWER in line.upper():
            self.no_answer = True
            return
        yield from _sentences(line.replace("**", ""), self._keys)

    def _said(self, line: str) -> str:
        """Return a line without what is between the marks of thinking."""
        said, at = [], 0
        for mark in _THINKING.finditer(line):
            if not self._thinking:
                said.append(line[at : mark.start()])
            self._thinking, at = not mark[1], mark.end()
        if not self._thinking:
            said.append(line[at:])
        return "".join(said)


def _sentences(line: str, keys: Mapping[str, Hit]) -> Iterator[Proposed]:
    text, marks = _without_keys(line, keys)
    spans = sentence_spans(text)
    cited: list[list[Hit]] = [[] for _ in spans]
    # keys stand after their sentence, unless the line opens with one
    leading = bool(marks) and marks[0][0] == 0
    for at, hit in marks:
        before = [number for number, (start, _) in enumerate(spans) if start < at]
        after = [number for number, (_, end) in enumerate(spans) if end > at]
        number = (after[:1] or before[-1:]) if leading else (before[-1:] or after[:1])
        for one in number:
            if hit not in cited[one]:
                cited[one].append(hit)
    for (start, end), hits in zip(spans, cited, strict=True):
        yield Proposed(text[start:end], tuple(hits))


def _without_keys(line: str, keys: Mapping[str, Hit]) -> tuple[str, list[tuple[int, Hit]]]:
    """Return a line without anything that cites, and where in it each known key stood."""
    kept: list[str] = []
    marks: list[tuple[int, Hit]] = []
    at = length = 0
    for mark in _CITED.finditer(line):
        kept.append(line[at : mark.start()])
        length += mark.start() - at
        at = mark.end()
        marks += [(length, keys[key]) for key in map(str.lower, _ONE_KEY.findall(mark.group())) if key in keys]
    kept.append(line[at:])
    return "".join(kept), marks
