"""Answers and hits as plain text for a terminal."""

import re
import textwrap
from collections.abc import Iterable

from rag_commons.answers import Answer
from rag_commons.documents import Hit
from rag_commons.licences.table import licence

WIDTH = 100

# a corpus could otherwise move the cursor, recolour the screen or fake a line of ours
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]+")


def plain(text: str) -> str:
    """Return the text on one line, without control or direction characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def answer_to_text(answer: Answer) -> str:
    """Return the answer with numbered citations, its sources and the notice for reuse, as lines of text."""
    lines = [f"Question : {plain(answer.question)}", ""]
    if answer.abstained:
        lines += [f"Sans réponse : {answer.reason}"]
        if answer.seen:
            lines += ["", "Passages les plus proches (consultés, non cités) :", *_nearest(answer.seen)]
        return "\n".join(lines) + "\n"
    for statement in answer.statements:
        marks = "".join(f" [{ref}]" for ref in dict.fromkeys(citation.ref for citation in statement.citations))
        lines += _wrapped(plain(statement.text) + marks, "  ")
    lines += ["", "Sources"]
    for reference in answer.references:
        lines += _wrapped(f"[{reference.ref}] {plain(reference.provenance.title)}", "", "    ")
        lines += [part for line in reference.notice.splitlines() for part in _wrapped(plain(line), "    ")]
    lines += ["", "Réutiliser cette réponse"]
    lines += [part for line in answer.reuse.notice.splitlines() for part in _wrapped(plain(line), "  ")]
    lines += [part for conflict in answer.reuse.conflicts for part in _wrapped(f"! {plain(conflict)}", "  ", "    ")]
    lines += ["", *_wrapped(plain(answer.reason), "")] if answer.reason else []
    lines += [
        "",
        "Réponse générée automatiquement, faite de citations mot pour mot."
        if answer.mode == "extractive"
        else "Réponse générée automatiquement.",
    ]
    return "\n".join(lines) + "\n"


def hits_to_text(hits: Iterable[Hit]) -> str:
    """Return the hits, best first, each with its title, section, licence and words."""
    lines: list[str] = []
    for hit in hits:
        section = f" › {plain(hit.passage.section)}" if hit.passage.section else ""
        lines += _wrapped(
            f"{hit.rank}. {plain(hit.provenance.title)}{section}  ({hit.score:.3f}, {licence(hit.provenance.licence).badge})", "", "   "
        )
        lines += _wrapped(plain(hit.passage.text), "   ")
        lines += [f"   {hit.passage.id}"]
        if hit.same_text:
            lines += _wrapped("même texte : " + ", ".join(plain(other) for other in hit.same_text), "   ")
        if hit.same_words:
            lines += _wrapped("mêmes mots : " + ", ".join(plain(other) for other in hit.same_words), "   ")
        lines += [""]
    return "\n".join(lines)


def _nearest(hits: Iterable[Hit]) -> list[str]:
    seen = dict.fromkeys(f"{plain(hit.provenance.title)} ({licence(hit.provenance.licence).badge})" for hit in hits)
    return [f"  – {title}" for title in list(seen)[:5]]


def _wrapped(text: str, first: str, then: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=first if then is None else then, break_long_words=False, break_on_hyphens=False
    )
