"""The Attribution API of Wikimedia (beta): what the wiki itself says a page must be credited with.

It answers for Wikipedia's articles and for media; elsewhere, or when it fails, the record goes without: nothing depends on it.
"""

from dataclasses import dataclass
from urllib.parse import quote

from rag_commons.sources.fetching import Fetcher, FetchFailed
from rag_commons.sources.loose_json import part, read_object, text

_PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Signals:
    """The essential signals of a page: its licence, the language it is written in, whom to credit beside the history."""

    licence: str | None = None
    language: str | None = None
    credit: str | None = None


class AttributionApi:
    """The signals of a wiki's pages; after three failures in a row it is not asked any more."""

    def __init__(self, fetcher: Fetcher, api: str) -> None:
        self._fetcher = fetcher
        self._base = f"{api.removesuffix('api.php')}rest.php/attribution/v0-beta/pages/"
        self._failures = 0

    def signals(self, title: str) -> Signals:
        """Return the signals of a page, empty where there are none."""
        if self._failures >= _PATIENCE:
            return Signals()
        try:
            said = self._fetcher.read(f"{self._base}{quote(title.replace(' ', '_'), safe='')}/signals", None, read_object, tries=1)
        except FetchFailed:
            self._failures += 1
            return Signals()
        self._failures = 0
        essential = part(said, "essential")
        licence, wiki = part(essential, "license"), part(essential, "source_wiki")
        return Signals(text(licence, "url") or text(licence, "title"), text(wiki, "page_language"), text(essential, "credit"))
