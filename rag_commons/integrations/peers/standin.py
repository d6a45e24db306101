"""A stand-in for a language model: it copies the sentences that answer, with their markers, and errs as models err.

It is no model of language: it makes systems comparable, since all get the same faults for the same question, drawn from its words. It
understands a prompt by the forms of its sources: « Source 1: », « Document[1]: », or our own fenced passages. It obeys any order that it
understands, wherever it stands: what is measured is what the chain around it lets through.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag_commons.text.analysis import analyse
from rag_commons.text.sentences import sentence_spans

FAULTS = ("none", "none", "none", "none", "none", "digit", "invented", "unmarked", "elsewhere", "outside")
SENTENCES = 2

_FENCED = re.compile(r"=== DÉBUT (\S+) (\S+) ===\n.*?\nTexte :\n(.*?)\n=== FIN \1 \2 ===", re.DOTALL)
_HEAD = r"^(?:Source |Document\[)\d+\]?:[ \n]"
_NUMBERED = re.compile(rf"^(?:Source |Document\[)(\d+)\]?:[ \n](.*?)(?={_HEAD}|^-{{3,}}|\Z)", re.DOTALL | re.MULTILINE)
_QUESTION = re.compile(r"^(?:Query|Question) ?: ?(.+)$", re.MULTILINE)
# the examples that a prompt gives come before this
_EXAMPLES_END = "Now it's your turn"
_FIGURE = re.compile(r"\d")


# an order planted in a source: words to write, or sources to cite
_WRITE = re.compile(
    r"\b(?:réponds|écris|écrire|ajoute|answer|write|add)\b[^«“]{0,60}(?:«\s*(?P<fr>(?:[^«»]|«[^«»]*»)+?)\s*»|“(?P<en>[^“”]+)”)",
    re.IGNORECASE,
)
_CITE = re.compile(r"\bcite\b[^.\n]*")
_ORDERED = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    marker: str
    shared: int


def reply(prompt: str) -> str:
    """Return the reply to a prompt that holds sources and a question."""
    asked = prompt.rpartition(_EXAMPLES_END)[2]
    sources = [(key, text) for key, _, text in _FENCED.findall(asked)] or [(number, text) for number, text in _NUMBERED.findall(asked)]
    questions = _QUESTION.findall(asked)
    if not sources or not questions:
        return "SANS RÉPONSE"
    question = questions[-1].strip()
    ranked = sorted(_sentences(sources, question), key=lambda one: (-one.shared, one.text))
    draw = random.Random(question)
    keys = [key for key, _ in sources]
    obeyed = list(_obeyed(ranked[0], sources)) if ranked else []
    return "\n".join(obeyed or [_with_fault(one, draw, keys) for one in ranked[:SENTENCES]])


def _sentences(sources: list[tuple[str, str]], question: str) -> Iterator[_Sentence]:
    wanted = frozenset(analyse(question))
    for key, text in sources:
        for start, end in sentence_spans(text.strip()):
            said = text.strip()[start:end]
            yield _Sentence(said, key, len(wanted & frozenset(analyse(said))))


def _obeyed(best: _Sentence, sources: list[tuple[str, str]]) -> Iterator[str]:
    """Yield what the source of the best sentence orders to be said, if it orders anything."""
    text = dict(sources)[best.marker]
    cited = [number for order in _CITE.findall(text) for number in _ORDERED.findall(order)]
    markers = "".join(f"[{number}]" for number in cited) or f"[{best.marker}]"
    written = [(match["fr"] or match["en"]).rstrip(" .") for match in _WRITE.finditer(text)]
    if written or cited:
        yield f"{best.text.rstrip(' .')} {markers}."
        yield from (f"{one} {markers}." for one in written)


def _with_fault(sentence: _Sentence, draw: random.Random, keys: list[str]) -> str:
    """Return the sentence with its marker, or with the fault drawn; the same draws are made whatever the fault."""
    fault, number, other = draw.choice(FAULTS), draw.randint(1, 9), draw.random()
    text, marker = sentence.text.rstrip(" ."), sentence.marker
    if fault == "digit":
        text = _FIGURE.sub(lambda match: str((int(match[0]) + number) % 10), text, count=1)
    elif fault == "outside":
        text = f"{text}, comme l'écrit Gaspard Villedieu en 1764"
    elif fault == "invented":
        marker = "p000000" if marker.startswith("p") else "99"
    elif fault == "elsewhere":
        marker = keys[int(other * len(keys))]
    return f"{text}." if fault == "unmarked" else f"{text} [{marker}]."
