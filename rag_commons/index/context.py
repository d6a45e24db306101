"""What the derived indexes read of a passage, and by which analysis: an index and a question must agree on both."""

from hashlib import sha256

from rag_commons.text.analysis import analyse

_PROBE = "De l'œuvre éditée au XIXe siècle, c'est-à-dire 1 234,5 pages ; les Cantons-de-l'Est, aujourd'hui, naîtront-ils sous CC BY-SA ?"


def passage_context(title: str, section: str | None, text: str) -> str:
    """Return what the encoder reads for a passage: "title — section", a line break, the passage.

    The title of the document and the path of headings are what the passage's own words often leave out.
    """
    return f"{title} — {section}\n{text}" if section else f"{title}\n{text}"


def analysis_fingerprint() -> str:
    """Return what tells this analysis from another one: terms that were cut otherwise would not be found."""
    return sha256(" ".join(analyse(_PROBE)).encode()).hexdigest()[:12]
