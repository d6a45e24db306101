"""The guide at `/api` and `/api/en`: what OpenAPI says, for people, without a script from anywhere."""

import json
import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from rag_commons.licences.wording import Lang
from rag_commons.rendering.escaping import escape, escape_line
from rag_commons.rendering.standalone import stylesheet
from rag_commons.server.wording import described, say
from rag_commons.ui.linking import PATHS
from rag_commons.ui.wording import word

GUIDES: dict[Lang, str] = {"fr": "/api", "en": "/api/en"}

_SPACED = ".rc-page .rc > p, .rc-page pre { margin: .7rem 0; } .rc-page dt { margin-top: 1rem; }"
# a name between backticks, once escaped
_TICK = escape_line("`")
_NAME = re.compile(f"{_TICK}(.+?){_TICK}")
_QUESTION = "Y a-t-il un dépôt légal national en Suisse ?"


def add_guides(app: FastAPI) -> None:
    """Have an application serve the guide in each language."""
    for lang in GUIDES:
        _add_guide(app, lang)


def guide_to_html(openapi: Mapping[str, Any], lang: Lang) -> str:
    """Return the addresses of the API, what each is for and what it takes, as one HTML page."""
    rows = "".join(
        _address(method, path, operation, lang) for path, methods in openapi["paths"].items() for method, operation in methods.items()
    )
    other: Lang = "en" if lang == "fr" else "fr"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>API — rag-commons</title><style>{stylesheet()}{_SPACED}</style></head>"
        f'<body class="rc-page"><main class="rc"><nav aria-label="{say("language", lang)}">'
        f'<a href="{GUIDES[other]}" hreflang="{other}" lang="{other}">{word("other", lang)}</a></nav>'
        f"<h1>API</h1><p>{escape_line(say('about', lang))}</p>"
        f'<p>{say("whole", lang)} <a href="/api/openapi.json">/api/openapi.json</a> {say("openapi", lang)} {say("tools", lang)} '
        f'<code>/mcp</code>. <a href="/{PATHS[lang].removeprefix("./")}">{say("back", lang)}</a>.</p>'
        f'<p>{say("example", lang)}</p><pre tabindex="0">{_example(lang)}</pre><dl>{rows}</dl>'
        f"<p>{say('failure', lang)}</p></main></body></html>\n"
    )


def _add_guide(app: FastAPI, lang: Lang) -> None:
    @app.get(GUIDES[lang], include_in_schema=False)
    def guide() -> HTMLResponse:
        return HTMLResponse(guide_to_html(app.openapi(), lang))


def _example(lang: Lang) -> str:
    body = json.dumps({"question": _QUESTION, "language": lang}, ensure_ascii=False)
    curl = f"curl -s http://127.0.0.1:7860/api/ask -H 'Content-Type: application/json' -d '{body}'"
    # a voice that reads the page aloud changes its accent for the question
    return escape(curl).replace(escape(_QUESTION), f'<span lang="fr">{escape(_QUESTION)}</span>')


def _address(method: str, path: str, operation: Mapping[str, Any], lang: Lang) -> str:
    told = described(path, lang)
    taken = ", ".join(f"<code>{escape_line(one['name'])}</code>" for one in operation.get("parameters", ()))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    taken = taken or (say("body", lang, name=f"<code>{escape_line(body.rsplit('/', 1)[-1])}</code>") if body else "")
    says = _NAME.sub(r"<code>\1</code>", escape_line(told["description"]))
    return (
        f"<dt><strong>{escape_line(told['summary'])}</strong> — <code>{method.upper()} {escape_line(path)}</code></dt>"
        f"<dd>{says}{' ' + say('parameters', lang, taken=taken) if taken else ''}</dd>"
    )
