"""The steps of a question as they happen, with the time each took, as HTML."""

from rag_commons.answering.generative.reader import STOPPED
from rag_commons.answers import Answer, Mode
from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import escape_line
from rag_commons.ui.asker import STEPS, Step, Written
from rag_commons.ui.wording import word


def steps_to_html(current: Step, lang: Lang, mode: Mode = "extractive") -> str:
    """Return the steps while one of them is under way."""
    at = STEPS.index(current)
    states = ["rc-done"] * at + ["rc-now"] + ["rc-later"] * (len(STEPS) - at - 1)
    return _list(
        "".join(f'<li class="{state}">{_name(step, mode, lang)}</li>' for step, state in zip(STEPS, states, strict=True)), "", lang
    )


def answered_to_html(answer: Answer, lang: Lang) -> str:
    """Return the steps once all are done, each with its time, and what came of them."""
    timings = answer.timings
    spent = (timings.retrieve, timings.read, timings.verify)
    items = "".join(
        f'<li class="rc-done">{_name(step, answer.mode, lang)} <small>{_milliseconds(time, lang)}</small></li>'
        for step, time in zip(STEPS, spent, strict=True)
    )
    if answer.abstained:
        return _list(items, word("no_answer", lang), lang)
    statements, sources = len(answer.statements), len(answer.references)
    counts = {"statements": statements, "sources": sources, "plural": "s" * (statements > 1), "plurals": "s" * (sources > 1)}
    stopped = (answer.reason or "").startswith(STOPPED)
    return _list(items, word("ready_stopped" if stopped else "ready", lang, **counts), lang)


def written_to_words(written: Written, lang: Lang) -> str:
    """Return how far a model is, and what became of the sentences that it proposed."""
    kept = written.proposed - written.repaired - written.dropped
    counts = {"proposed": written.proposed, "kept": kept, "repaired": written.repaired, "dropped": written.dropped}
    return word("written", lang, **counts)


def _name(step: Step, mode: Mode, lang: Lang) -> str:
    return word("write" if step == "read" and mode == "generative" else step, lang)


def message_to_html(message: str, lang: Lang) -> str:
    """Return a message in place of the steps: something to do first, or a failure."""
    return f'<div class="rc" lang="{lang}" role="alert"><p class="rc-message">{escape_line(message)}</p></div>'


def _list(items: str, outcome: str, lang: Lang) -> str:
    told = f'<p class="rc-outcome">{outcome}</p>' if outcome else ""
    return f'<div class="rc" lang="{lang}" role="status"><ol class="rc-steps">{items}</ol>{told}</div>'


def _milliseconds(time: float, lang: Lang) -> str:
    return word("milliseconds", lang, count=round(time) if time >= 1 else "< 1").replace("<", "&lt;")
