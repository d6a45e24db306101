"""The statements of an answer, each with the numbers of its sources: whole, or as a language model writes them, as HTML."""

from collections.abc import Iterable, Mapping, Sequence

from rag_commons.answers import Statement
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.cards import spoken
from rag_commons.rendering.escaping import escape, escape_line
from rag_commons.rendering.words import say


def statements_to_html(statements: Iterable[Statement], held: Mapping[int, Provenance], lang: Lang, prefix: str, interactive: bool) -> str:
    """Return the statements as a list; `held` gives the provenance of each number."""
    rows = (_statement(statement, number, held, lang, prefix, interactive) for number, statement in enumerate(statements, 1))
    return f'<ol class="rc-statements">{"".join(rows)}</ol>'


def written_to_html(question: str, statements: Sequence[Statement], counts: str, lang: Lang) -> str:
    """Return what a model has written so far, under the question; `counts` says what became of its sentences."""
    rows = "".join(
        f'<li{_worded(statement)}><span dir="auto">{escape(statement.text)}</span>'
        f'<sup class="rc-cite">{"".join(f"<span class=rc-ref>[{ref}]</span>" for ref in _refs(statement))}</sup></li>'
        for statement in statements
    )
    return (
        f'<section class="rc" lang="{lang}" aria-busy="true"><h2 class="rc-question" dir="auto">{escape_line(question)}</h2>'
        f'<ol class="rc-statements">{rows}</ol><p class="rc-automatic">{counts}</p></section>'
    )


def opening(text: str, length: int = 180) -> str:
    """Return a text, or its first words where it is longer."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def _statement(statement: Statement, number: int, held: Mapping[int, Provenance], lang: Lang, prefix: str, interactive: bool) -> str:
    marks = []
    for ref, quote in {citation.ref: citation.quote for citation in statement.citations}.items():
        label = escape_line(say("see_source", lang, ref=ref, title=held[ref].title))
        own = f"{prefix}peek-{number}-{ref}"
        # the script places the preview and lets Escape close it; without it the quoted words are a title
        told = f'aria-describedby="{own}"' if interactive else f'title="{escape_line(f"« {quote} »")}"'
        preview = _preview(own, quote, held[ref], lang) if interactive else ""
        marks.append(
            f'<sup class="rc-cite"><a class="rc-ref" href="#{prefix}src-{ref}" aria-label="{label}" {told}>[{ref}]</a>{preview}</sup>'
        )
    language = held[statement.citations[0].ref].language if statement.citations else None
    words = f'<span dir="auto"{spoken(language)}>{escape(statement.text)}</span>'
    told = f'<small class="rc-worded">{say("worded", lang)}</small>' if _is_reworded(statement) else ""
    return f'<li id="{prefix}phrase-{number}" tabindex="-1"{_worded(statement)}>{words}{"".join(marks)}{told}</li>'


def _is_reworded(statement: Statement) -> bool:
    return any(citation.support == "entailed" for citation in statement.citations)


def _worded(statement: Statement) -> str:
    return ' class="rc-reworded"' if _is_reworded(statement) else ""


def _refs(statement: Statement) -> Iterable[int]:
    return dict.fromkeys(citation.ref for citation in statement.citations)


def _preview(own: str, quote: str, held: Provenance, lang: Lang) -> str:
    """Return what is shown of a source while its number is pointed at or has the focus."""
    who = " · ".join(escape_line(part) for part in (*held.authors, held.holder) if part)
    return (
        f'<span class="rc-peek" role="tooltip" id="{own}"><strong dir="auto">{escape_line(held.title)}</strong> '
        f'<span class="rc-peek-who">{who}{" — " if who else ""}{escape_line(licence(held.licence).badge)}</span> '
        f'<span class="rc-peek-words"{spoken(held.language)} dir="auto">« {escape_line(opening(quote, 320))} »</span></span>'
    )
