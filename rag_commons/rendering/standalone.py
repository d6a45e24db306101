"""An answer as one HTML file that needs nothing else: to keep, to send, to print or to save as PDF."""

from functools import cache
from importlib.resources import files

from rag_commons.answers import Answer
from rag_commons.rendering.escaping import escape_line
from rag_commons.rendering.html import answer_to_html
from rag_commons.rendering.words import date_words, lang_of, say


@cache
def stylesheet() -> str:
    """Return the style sheet of everything that this room renders."""
    return files(__package__).joinpath("rendering.css").read_text(encoding="utf-8")


def answer_to_page(answer: Answer) -> str:
    """Return a whole HTML document, without script, font or image from anywhere."""
    lang = lang_of(answer.language)
    made = say("made_with", lang, date=date_words(answer.created, lang))
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape_line(answer.question)} — rag-commons</title>\n<style>\n{stylesheet()}</style>\n</head>\n"
        f'<body class="rc-page"><main>{answer_to_html(answer, interactive=False)}</main><footer><p>{made}</p></footer></body>\n</html>\n'
    )
