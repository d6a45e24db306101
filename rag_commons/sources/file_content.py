"""What a file of a folder holds: its text with the places in it, and what its publisher wrote in its metadata.

The one surprise: only metadata states rights. What a page says of them in its text is text, and so is a licence in a footer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from rag_commons.documents import Page, Section
from rag_commons.errors import DocumentRefused, UnknownLicence
from rag_commons.licences.resolve import resolve_licence

_DATE = re.compile(r"\s*(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])")
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class FileContent:
    """Text, sections, pages, and `fields`: keys of contract 1 as the file's own metadata gives them."""

    text: str
    fields: dict[str, object] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...] = ()


def stated_licence(licences: Iterable[str], rights: Iterable[str] = ()) -> str | None:
    """Return the one licence that metadata states, None where it states none.

    `licences` come from fields made for a licence, `rights` from fields of prose, which count only where the others are empty, and
    whole. What the table does not hold comes back as it was seen, to be refused by name; raises DocumentRefused where two differ.
    """
    for stated in (_lines(licences), _lines(rights)):
        found: dict[str, str] = {}
        for words in stated:
            try:
                found.setdefault(resolve_licence(words).id, words)
            except UnknownLicence:
                continue
        if len(found) > 1:
            seen = ", ".join(found.values())[:200]
            todo = "state the one that holds, in a sidecar or on the command line"
            raise DocumentRefused("conflicting-licences", "metadata that states one licence", seen, todo)
        if stated:
            return next(iter(found.values()), stated[0])
    return None


def day_of(value: str | None) -> str | None:
    """Return the date at the head of a value, YYYY[-MM[-DD]], None where there is none of the calendar."""
    said = _DATE.match(value or "")
    if not said:
        return None
    try:
        date(int(said[1]), int(said[2] or 1), int(said[3] or 1))
    except ValueError:
        return None
    return "-".join(filter(None, said.groups()))


def names_of(values: Iterable[str]) -> list[str]:
    """Return names, each once and on one line, blank ones left out."""
    return list(dict.fromkeys(name[:_LONGEST_NAME] for name in _lines(values)))


def _lines(values: Iterable[str]) -> list[str]:
    return [line for value in values if (line := " ".join(value.split()))]
