"""People of a wiki: many hands, named together, and the page that lists them.

The one surprise: the address of a history is derived from a page's own address on a Wikimedia wiki when the record lacks it.
"""

from urllib.parse import urlsplit

from rag_commons.licences.lines import one_address
from rag_commons.licences.provenance import Provenance
from rag_commons.licences.wording import Lang, say

_PROJECTS = {
    "wikipedia.org": ("Wikipédia", "Wikipedia"),
    "wikisource.org": ("Wikisource", "Wikisource"),
    "wiktionary.org": ("Wiktionnaire", "Wiktionary"),
    "wikibooks.org": ("Wikilivres", "Wikibooks"),
    "wikiversity.org": ("Wikiversité", "Wikiversity"),
    "wikivoyage.org": ("Wikivoyage", "Wikivoyage"),
    "wikinews.org": ("Wikinews", "Wikinews"),
    "wikiquote.org": ("Wikiquote", "Wikiquote"),
    "wikidata.org": ("Wikidata", "Wikidata"),
}


def contributors(provenance: Provenance, lang: Lang) -> str:
    """Return « contributeurs et contributrices de Wikipédia », or nothing for a text that is on no wiki that we know."""
    for address in (provenance.history_url, provenance.url, provenance.permalink):
        project = _project(address or "")
        if project:
            return say("contributors", lang, project=project[lang == "en"])
    return ""


def history_address(provenance: Provenance) -> str:
    """Return the address of a page's history, or nothing."""
    if provenance.history_url and one_address(provenance.history_url):
        return one_address(provenance.history_url)
    page = one_address(provenance.url or "").partition("#")[0]
    if _project(page) and urlsplit(page).path.startswith("/wiki/") and not urlsplit(page).query:
        return f"{page}?action=history"
    return ""


def _project(address: str) -> tuple[str, str] | None:
    try:
        host = (urlsplit(one_address(address)).hostname or "").lower()
    except ValueError:
        return None
    return next((names for domain, names in _PROJECTS.items() if host == domain or host.endswith("." + domain)), None)
