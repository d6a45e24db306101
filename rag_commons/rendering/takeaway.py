"""« Emporter la réponse »: an answer in every format, as links that hold the files themselves."""

from base64 import b64encode

from rag_commons.answers import Answer
from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import escape_line
from rag_commons.rendering.exports import EXPORTS, Export
from rag_commons.rendering.words import lang_of, say


def takeaway_to_html(answer: Answer, prefix: str = "") -> str:
    """Return the exports of an answer; nothing is written on the server and no request is made to fetch them."""
    if answer.abstained:
        return ""
    lang = lang_of(answer.language)
    items = "".join(_item(export, answer, lang, prefix) for export in EXPORTS)
    own = f"{prefix}takeaway"
    return (
        f'<section class="rc rc-takeaway" lang="{lang}" aria-labelledby="{own}"><h3 id="{own}">{say("exports", lang)}</h3>'
        f'<ul class="rc-exports">{items}</ul></section>'
    )


def _item(export: Export, answer: Answer, lang: Lang, prefix: str) -> str:
    # base64 keeps every byte of the file out of the reach of the page's markup
    address = f"data:{export.media_type};base64,{b64encode(export.write(answer).encode()).decode()}"
    own = f"{prefix}export-{export.name}"
    download = escape_line(say("download_as", lang, format=export.label))
    copying = escape_line(say("copy_as", lang, format=export.label))
    return (
        f'<li><a id="{own}" download="rag-commons.{export.extension}" href="{address}" aria-label="{download}">{export.label}</a>'
        f'<button type="button" class="rc-copy" data-rc-copy="{own}" aria-label="{copying}">{say("copy", lang)}</button></li>'
    )
