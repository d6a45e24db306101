"""The guide at `/api`: what OpenAPI says, for people, without a script from anywhere."""

import json
from collections.abc import Mapping
from typing import Any

from rag_commons.rendering.escaping import escape, escape_line
from rag_commons.rendering.standalone import stylesheet

_EXAMPLE = json.dumps({"question": "Y a-t-il un dépôt légal national en Suisse ?"}, ensure_ascii=False)


def guide_to_html(openapi: Mapping[str, Any]) -> str:
    """Return the addresses of the API, what each is for and what it takes, as one HTML page in French."""
    rows = "".join(_address(method, path, operation) for path, methods in openapi["paths"].items() for method, operation in methods.items())
    curl = f"curl -s http://127.0.0.1:7860/api/ask -H 'Content-Type: application/json' -d '{_EXAMPLE}'"
    return (
        '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>API — rag-commons</title><style>{stylesheet()}</style></head>"
        f'<body class="rc-page"><main class="rc"><h1>API</h1><p>{escape_line(openapi["info"]["description"])}</p>'
        '<p>Description complète : <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI). Outils MCP (streamable HTTP) : '
        f'<code>/mcp</code>. <a href="/">Retour à la page</a>.</p><pre tabindex="0">{escape(curl)}</pre><dl>{rows}</dl>'
        "<p>Une erreur est une ligne de JSON : ce qui était attendu, ce qui a été vu, ce qu’il faut faire.</p></main></body></html>\n"
    )


def _address(method: str, path: str, operation: Mapping[str, Any]) -> str:
    taken = ", ".join(f"<code>{escape_line(one['name'])}</code>" for one in operation.get("parameters", ()))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    taken = taken or (f"corps JSON <code>{escape_line(body.rsplit('/', 1)[-1])}</code>" if body else "")
    told = escape_line(operation.get("description", ""))
    return (
        f"<dt><strong>{escape_line(operation['summary'])}</strong> — <code>{method.upper()} {escape_line(path)}</code></dt>"
        f"<dd>{told}{f' Paramètres : {taken}.' if taken else ''}</dd>"
    )
