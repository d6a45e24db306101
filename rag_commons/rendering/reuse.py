"""« Réutiliser cette réponse »: the form of an answer, the rights of its parts, what to do, conflicts and the ready notice."""

from rag_commons.answers import Answer
from rag_commons.licences.reuse import Reuse
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.cards import badge, permissions
from rag_commons.rendering.escaping import escape, escape_line
from rag_commons.rendering.words import kind_word, say


def reuse_to_html(answer: Answer, lang: Lang, prefix: str = "", interactive: bool = True) -> str:
    """Return what taking up the answer asks, as a section of HTML with the ready notice."""
    reuse = answer.reuse
    form = say("collection_form" if reuse.form == "collection" else "adaptation_form", lang)
    notice = copyable(whole_notice(answer), f"{prefix}notice-all", lang, interactive)
    return (
        f'<section class="rc-reuse" aria-labelledby="{prefix}reuse"><h3 id="{prefix}reuse">{say("reuse", lang)}</h3>'
        f"<p>{form}</p>{_parts(reuse, lang, prefix)}{_conflicts(reuse, lang)}{_obligations(reuse, lang, interactive)}"
        f"<h4>{say('ready_notice', lang)}</h4>{notice}</section>"
    )


def whole_notice(answer: Answer) -> str:
    """Return the notice of an answer followed by that of each source, so that one copy carries all that reuse asks for."""
    parts = [answer.reuse.notice] if len(answer.references) > 1 else []
    return "\n\n".join([*parts, *(f"[{reference.ref}] {reference.notice}" for reference in answer.references)])


def copyable(notice: str, own: str, lang: Lang, interactive: bool) -> str:
    """Return a notice as it must be taken up, with the button that copies it where the page has the script."""
    button = f'<button type="button" class="rc-copy" data-rc-copy="{own}">{say("copy_notice", lang)}</button>' if interactive else ""
    return f'<pre id="{own}" tabindex="0">{escape(notice)}</pre>{button}'


def _parts(reuse: Reuse, lang: Lang, prefix: str) -> str:
    if reuse.licence:
        row = licence(reuse.licence)
        sentence = say("all_agree" if reuse.form == "collection" else "outbound", lang, badge=badge(row.id, lang))
        return f"<p>{sentence} <small>({permissions(row, lang)})</small></p>"
    rows = []
    for part in reuse.parts:
        row = licence(part.licence)
        rows.append(
            f'<li><a href="#{prefix}src-{part.ref}">[{part.ref}]</a> {kind_word(row.kind, lang)}{say("colon", lang)}{badge(row.id, lang)} '
            f"<small>{permissions(row, lang)}</small></li>"
        )
    return f'<p>{say("parts_differ", lang)}</p><ul class="rc-parts">{"".join(rows)}</ul>' if rows else ""


def _conflicts(reuse: Reuse, lang: Lang) -> str:
    items = "".join(f"<li>{escape_line(conflict)}</li>" for conflict in reuse.conflicts)
    return f'<div class="rc-conflicts" role="note"><h4>{say("conflicts", lang)}</h4><ul>{items}</ul></div>' if items else ""


def _obligations(reuse: Reuse, lang: Lang, interactive: bool) -> str:
    before, after = ('<label><input type="checkbox"> <span>', "</span></label>") if interactive else ("", "")
    items = "".join(f"<li>{before}{escape_line(task)}{after}</li>" for task in reuse.obligations)
    return f'<h4>{say("obligations", lang)}</h4><ul class="rc-todo">{items}</ul>' if items else ""
