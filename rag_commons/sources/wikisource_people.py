"""When the authors of a work died: from the categories of their page on Wikisource, then from Wikidata (P570)."""

import re

from rag_commons.sources.fetching import FetchFailed
from rag_commons.sources.loose_json import part, parts, text
from rag_commons.sources.mediawiki import MediaWiki

# « Décès en 1842 », « Morts en 1842 », « 1842 deaths »
_DEATH = re.compile(
    r"(?:d[ée]c[èe]s|morts?|décédée?s?|deaths?) (?:en|in)(?: [^\W\d_]{3,12})? ([0-9]{4})\Z|([0-9]{4}) deaths\Z", re.IGNORECASE
)
_YEAR = re.compile(r"\+([0-9]{4})-")


class Deaths:
    """Years of death by author page, each looked up once."""

    def __init__(self, wiki: MediaWiki, wikidata: MediaWiki | None) -> None:
        self._wiki, self._wikidata = wiki, wikidata
        self._found: dict[str, int | None] = {}

    def year(self, author_page: str) -> int | None:
        """Return the year of death of the author who has a page, None where nothing says it."""
        if author_page not in self._found:
            try:
                self._found[author_page] = self._look_up(author_page)
            except FetchFailed:
                self._found[author_page] = None
        return self._found[author_page]

    def _look_up(self, author_page: str) -> int | None:
        item: str | None = None
        for page in self._wiki.pages({"titles": author_page}, prop="categories|pageprops", cllimit="500", ppprop="wikibase_item"):
            for category in parts(page, "categories"):
                found = _DEATH.search(text(category, "title") or "")
                if found:
                    return int(found[1] or found[2])
            item = text(part(page, "pageprops"), "wikibase_item")
        return self._from_wikidata(item) if item and self._wikidata and re.fullmatch(r"Q[0-9]{1,12}", item) else None

    def _from_wikidata(self, item: str) -> int | None:
        assert self._wikidata is not None
        claims = part(self._wikidata.entity(item), "claims")
        # one date, or none: where statements disagree nothing is known
        years = {
            found[1]
            for claim in parts(claims, "P570")
            if (found := _YEAR.match(text(part(claim, "mainsnak", "datavalue", "value"), "time") or ""))
        }
        return int(years.pop()) if len(years) == 1 else None
