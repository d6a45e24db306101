"""The worst cases of the report: what was said on one side, the passages that it cites on the other, the quoted words marked."""

from collections.abc import Sequence

from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judged import JudgedReference
from rag_commons.evaluation.measures.table import BY_ID
from rag_commons.evaluation.page.words import FAULTS, both
from rag_commons.evaluation.scoring import Scored
from rag_commons.rendering.escaping import escape, escape_line
from rag_commons.text.normal import find_quote

_LONGEST = 1500
_MOST_REASONS = 6


def cases_html(worst: Sequence[tuple[Scored, tuple[str, ...]]]) -> str:
    """Return the cases, worst first."""
    return "".join(_case(row.case, faults) for row, faults in worst)


def _case(case: Case, faults: Sequence[str]) -> str:
    return (
        f'<article class="case"><h3>{escape(case.question.text)}</h3>{_identity(case)}'
        f"<ul>{''.join(f'<li>{_fault(name)}</li>' for name in faults)}</ul>"
        f'<div class="sides"><div>{_said(case)}</div><div>{_shown(case)}</div></div></article>'
    )


def _identity(case: Case) -> str:
    """Return the id of a question; a question that nobody wrote down is told by its id already."""
    known = case.question.text == case.question.id
    return "" if known else f'<p class="muted"><code>{escape_line(case.question.id)}</code></p>'


def _fault(name: str) -> str:
    if name in FAULTS:
        return both(*FAULTS[name])
    measure = BY_ID[name]
    return f"<strong>{name}</strong> {both(measure.name_fr, measure.name_en)}"


def _said(case: Case) -> str:
    title = f"<h3>{both('Ce qui est dit', 'What is said')}</h3>"
    if case.answer is None:
        return f"{title}<p>{both('Aucune réponse lisible.', 'No readable answer.')}</p>"
    if case.answer.silent:
        reason = escape(_short(case.answer.reason or "–"))
        return f"{title}<p>{both('Abstention :', 'Abstention:')} {reason}</p>{_expected(case)}"
    lines = []
    for one in case.statements:
        markers = "".join(f"[{escape_line(str(marker.ref))}]" for marker in one.citations)
        lines.append(f'<p>{escape(_short(one.text))} <span class="muted">{markers}</span></p>')
    verdict = case.verdict()
    reasons = []
    if verdict is not None:
        reasons += [one.reason for one in verdict.statements if not one.supported]
        reasons += [f"[{one.ref}] {one.reason}" for one in verdict.references if not one.ok]
        reasons += verdict.reasons
    listed = "".join(f'<li lang="fr">{escape(_short(reason))}</li>' for reason in dict.fromkeys(reasons[:_MOST_REASONS]))
    return f"{title}{''.join(lines)}{f'<ul>{listed}</ul>' if listed else ''}{_expected(case)}"


def _expected(case: Case) -> str:
    if case.question.answerable is False:
        return f'<p class="muted">{both("Rien ne répond à cette question.", "Nothing answers this question.")}</p>'
    wanted = [escape(answer) for answer in case.question.answers] or [
        escape(_short(gold.quote)) for gold in case.question.gold if gold.quote
    ]
    return f'<p class="muted">{both("Attendu :", "Expected:")} {" ; ".join(wanted)}</p>' if wanted else ""


def _shown(case: Case) -> str:
    cited = [_reference(case, reference) for reference in case.cited()]
    title = f"<h3>{both('Les passages cités', 'The passages cited')}</h3>"
    return title + ("".join(cited) or f"<p>{both('Aucun.', 'None.')}</p>")


def _reference(case: Case, reference: JudgedReference) -> str:
    text = case.text_of(reference)[:_LONGEST]
    quotes = [one.quote for statement in case.statements for one in statement.citations if one.ref == reference.ref and one.quote]
    held = reference.provenance
    head = f"[{escape_line(str(reference.ref))}] {escape_line(held.title or reference.key or '–')} · {escape_line(held.licence or '–')}"
    return f'<p class="muted">{head}</p><blockquote>{_marked(text, quotes)}</blockquote>'


def _marked(text: str, quotes: Sequence[str]) -> str:
    """Return a text with the places of its quotes marked, each once."""
    spans = sorted({span for quote in quotes if (span := find_quote(quote, text))})
    parts, done = [], 0
    for start, end in spans:
        if start >= done:
            parts += [escape(text[done:start]), f"<mark>{escape(text[start:end])}</mark>"]
            done = end
    return "".join([*parts, escape(text[done:])])


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
