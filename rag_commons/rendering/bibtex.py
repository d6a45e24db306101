"""References as BibTeX, in UTF-8.

The one surprise: BibTeX counts braces even after a backslash, so that a brace of a text is written by its TeX name.
"""

from collections.abc import Iterator

from rag_commons.answers import Answer, Reference
from rag_commons.licences.lines import one_line
from rag_commons.rendering.bibliography import address, date_parts, key, people, quoted, rights_line

_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "$&#_%"},
        # a quotation mark would end a field in the old syntax, an at sign begins an entry for some readers
        '"': "''",
        "@": "{@}",
    }
)


def answer_to_bibtex(answer: Answer) -> str:
    """Return every reference of an answer as a `@misc` entry, its rights under `note`."""
    return "\n".join(_entry(answer, reference) for reference in answer.references)


def _entry(answer: Answer, reference: Reference) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(answer, reference) if value)
    return f"@misc{{{key(reference)},\n{fields}}}\n"


def _fields(answer: Answer, reference: Reference) -> Iterator[tuple[str, str]]:
    held, passage = reference.provenance, reference.passage
    yield "title", f"{{{_tex(held.title)}}}"
    # braces around each name: no reader may cut it into first and last
    yield "author", " and ".join(f"{{{_tex(author)}}}" for author in people(answer, reference))
    yield "publisher", _tex(held.holder or "")
    yield "series", _tex(held.collection or "")
    yield "chapter", _tex(passage.section or "")
    yield "pages", _tex(passage.page.label if passage.page else "")
    parts = date_parts(held.modified or held.issued)
    yield "year", str(parts[0]) if parts else ""
    yield "month", str(parts[1]) if len(parts) > 1 else ""
    yield "url", _url(address(reference) or "")
    yield "urldate", held.retrieved or ""
    yield "langid", _tex(held.language or "")
    yield "abstract", _tex(quoted(answer, reference))
    yield "note", _tex(rights_line(answer, reference))


def _tex(text: str) -> str:
    return one_line(text).translate(_TEX)


def _url(url: str) -> str:
    """Return an address as it stands but for what would end the field, percent-encoded."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace('"', "%22")
