"""The formats in which an answer leaves the page, each with its file ending and media type."""

from collections.abc import Callable
from dataclasses import dataclass

from rag_commons.answers import Answer
from rag_commons.rendering.bibtex import answer_to_bibtex
from rag_commons.rendering.csl import answer_to_csl
from rag_commons.rendering.jsonld import answer_to_jsonld
from rag_commons.rendering.markdown import answer_to_markdown
from rag_commons.rendering.ris import answer_to_ris
from rag_commons.rendering.standalone import answer_to_page


@dataclass(frozen=True, slots=True)
class Export:
    """One format: its short name, what people call it, its file ending, its media type and what writes it."""

    name: str
    label: str
    extension: str
    media_type: str
    write: Callable[[Answer], str]


EXPORTS = (
    Export("markdown", "Markdown", "md", "text/markdown;charset=utf-8", answer_to_markdown),
    Export("html", "HTML", "html", "text/html;charset=utf-8", answer_to_page),
    Export("csl", "CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", answer_to_csl),
    Export("bibtex", "BibTeX", "bib", "application/x-bibtex;charset=utf-8", answer_to_bibtex),
    Export("ris", "RIS", "ris", "application/x-research-info-systems;charset=utf-8", answer_to_ris),
    Export("jsonld", "JSON-LD", "jsonld", "application/ld+json", answer_to_jsonld),
)
