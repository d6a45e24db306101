"""An answer as Markdown: what is pasted elsewhere keeps its citations, its sources and its notice."""

import re

from rag_commons.answers import Answer, Reference, Statement
from rag_commons.licences.lines import one_line
from rag_commons.licences.table import licence
from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import web_address
from rag_commons.rendering.reasons import reason_in
from rag_commons.rendering.words import how_to_words, kind_word, lang_of, say

_INLINE = re.compile(r"([\\`*_\[\]~|$^])")
_OPENING = re.compile(r"^(?:[#+=-]|\d+(?=[.)]))")


def answer_to_markdown(answer: Answer) -> str:
    """Return the statements with linked numbers, the sources with their notices, and the notice for the whole."""
    lang = lang_of(answer.language)
    lines = [f"# {_plain(answer.question)}", ""]
    if answer.abstained:
        return "\n".join([*lines, f"{say('abstained', lang)}. {_plain(reason_in(answer.reason or '', lang))}", ""])
    addresses = {reference.ref: _address(reference) for reference in answer.references}
    for statement in answer.statements:
        lines += [f"> {_plain(statement.text)}{_marks(statement, addresses)}", ""]
    lines += [f"*{how_to_words(answer, lang)}*", ""]
    if answer.reason:
        lines += [_plain(reason_in(answer.reason, lang)), ""]
    lines += [f"## {say('sources', lang)}", ""]
    for reference in answer.references:
        lines += [*_source(reference, lang), ""]
    lines += [f"## {say('reuse', lang)}", "", *_quoted(answer.reuse.notice)]
    lines += [f"- **{_plain(conflict)}**" for conflict in answer.reuse.conflicts]
    return "\n".join(lines).rstrip() + "\n"


def _source(reference: Reference, lang: Lang) -> list[str]:
    held = reference.provenance
    row = licence(held.licence)
    title, address = _plain(held.title), _address(reference)
    rights = f"{kind_word(row.kind, lang)}{say('colon', lang)}[{_plain(row.badge)}](<{row.url}>)"
    lines = [f"{reference.ref}. **{f'[{title}](<{address}>)' if address else title}** — {rights}"]
    lines += [f"   {line}" for line in _quoted(reference.notice)]
    return lines


def _quoted(notice: str) -> list[str]:
    """Quote a notice, each of its lines kept apart by a hard break."""
    return [f"> {_plain(line)}\\" for line in notice.splitlines()[:-1]] + [f"> {_plain(line)}" for line in notice.splitlines()[-1:]]


def _marks(statement: Statement, addresses: dict[int, str]) -> str:
    refs = dict.fromkeys(citation.ref for citation in statement.citations)
    return "".join(f" [\\[{ref}\\]](<{addresses[ref]}>)" if addresses.get(ref) else f" \\[{ref}\\]" for ref in refs)


def _address(reference: Reference) -> str:
    address = web_address(reference.provenance.permalink) or web_address(reference.provenance.url) or ""
    return address.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")


def _plain(text: str) -> str:
    """Return a text as one line that Markdown reads as words only."""
    escaped = _INLINE.sub(r"\\\1", one_line(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _OPENING.sub(_still, escaped)


def _still(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match[0].isdecimal() else f"\\{match[0]}"
