"""Uses: which documents, institutions and licences answered, one JSON line an answer, for those who must show what the commons are worth.

The one surprise is what is missing: no question, no word of an answer, no address, no hour. A day is all that is kept of when.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from rag_commons.answers import Answer, Mode
from rag_commons.errors import InputError


@dataclass(frozen=True, slots=True)
class DocumentUse:
    """A document in an answer, and how many statements cite it."""

    document_id: str
    licence: str
    holder: str | None
    collection: str | None
    language: str | None
    statements: int


@dataclass(frozen=True, slots=True)
class Use:
    """What one answer took from the commons; no document where it abstained."""

    day: str
    index: str
    build: str
    mode: Mode
    abstained: bool
    documents: tuple[DocumentUse, ...]


class UseLog:
    """A file that uses are added to. Every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        """Open the file for adding; InputError when it cannot be."""
        self._path = path
        self._lock = Lock()
        try:
            with path.open("a", encoding="utf-8"):
                pass
        except OSError as error:
            raise InputError("a file that uses can be added to", f"{path}: {error.strerror}", "give another path") from error

    def add(self, answer: Answer) -> None:
        """Add the line of an answer."""
        line = json.dumps(asdict(use_of(answer)), ensure_ascii=False) + "\n"
        with self._lock, self._path.open("a", encoding="utf-8") as lines:
            lines.write(line)


def use_of(answer: Answer) -> Use:
    """Return what an answer took from the commons."""
    held = {reference.ref: reference for reference in answer.references}
    counts: Counter[str] = Counter()
    for statement in answer.statements:
        counts.update({held[citation.ref].passage.document_id for citation in statement.citations})
    provenances = {reference.passage.document_id: reference.provenance for reference in answer.references}
    documents = tuple(
        DocumentUse(identity, one.licence, one.holder, one.collection, one.language, counts[identity])
        for identity, one in provenances.items()
    )
    return Use(answer.created[:10], answer.index_name, answer.index_build, answer.mode, answer.abstained, documents)


def iter_uses(path: Path) -> Iterator[Use]:
    """Yield the uses of a file, in order; InputError at a line that is none."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _use(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("a readable file of uses", f"{path}: {error}", "check the path") from error


def _use(line: str, where: str) -> Use:
    try:
        row = json.loads(line)
        documents = tuple(DocumentUse(**document) for document in row.pop("documents"))
        return Use(documents=documents, **row)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError("one use a line", f"{where}: {line.strip()[:60]!r}", "mend or delete that line") from error
