"""Wikis of Wikimedia by their database name: `frwiki`, `ocwiktionary`, `frwikisource`, `commonswiki`.

The one surprise: the name of a database is not always that of a language (`alswiki` is in Alemannic, `gsw`; `simplewiki` in English).
"""

import re
from dataclasses import dataclass

from rag_commons.errors import InputError

# project of the name → domain, its name in French
_PROJECTS = {
    "wiki": ("wikipedia.org", "Wikipédia"),
    "wiktionary": ("wiktionary.org", "Wiktionnaire"),
    "wikisource": ("wikisource.org", "Wikisource"),
    "wikibooks": ("wikibooks.org", "Wikilivres"),
    "wikiquote": ("wikiquote.org", "Wikiquote"),
    "wikiversity": ("wikiversity.org", "Wikiversité"),
    "wikivoyage": ("wikivoyage.org", "Wikivoyage"),
    "wikinews": ("wikinews.org", "Wikinews"),
}
_SINGLE = {
    "commonswiki": ("commons.wikimedia.org", "Wikimedia Commons"),
    "incubatorwiki": ("incubator.wikimedia.org", "Wikimedia Incubator"),
    "mediawikiwiki": ("www.mediawiki.org", "MediaWiki"),
    "metawiki": ("meta.wikimedia.org", "Méta-Wiki"),
    "sourceswiki": ("wikisource.org", "Wikisource multilingue"),
    "specieswiki": ("species.wikimedia.org", "Wikispecies"),
    "wikidatawiki": ("www.wikidata.org", "Wikidata"),
}
_DOMAINS = (*(domain for domain, _ in _PROJECTS.values()), "wikimedia.org", "wikidata.org", "mediawiki.org")
# hosts keep the code of their beginnings; the tag is that of BCP 47
_HOSTS = {"be-x-old": "be-tarask"}
_TAGS = {
    "als": "gsw", "bat-smg": "sgs", "be-x-old": "be-tarask", "eml": "egl", "fiu-vro": "vro", "map-bms": "jv", "no": "nb", "nrm": "nrf",
    "roa-rup": "rup", "roa-tara": "nap", "simple": "en", "zh-classical": "lzh", "zh-min-nan": "nan", "zh-yue": "yue",
}  # fmt: skip
_LANGUAGES = {
    "als": "alémanique", "br": "breton", "ca": "catalan", "co": "corse", "de": "allemand", "en": "anglais", "es": "espagnol",
    "eu": "basque",
    "ff": "peul", "fr": "français", "frp": "francoprovençal", "gcr": "guyanais", "ht": "créole haïtien", "it": "italien",
    "lb": "luxembourgeois", "ln": "lingala", "mg": "malgache", "nl": "néerlandais", "nrm": "normand", "oc": "occitan", "pcd": "picard",
    "pt": "portugais", "rn": "kirundi", "rw": "kinyarwanda", "sg": "sango", "ty": "tahitien", "vec": "vénitien", "wa": "wallon",
    "wo": "wolof",
}  # fmt: skip
_NAME = re.compile(
    r"([a-z]{2,3}|simple|[a-z]{2,4}_[a-z]{1,9}(?:_[a-z]{3})?)(wiki|wiktionary|wikisource|wikibooks|wikiquote|wikiversity|wikivoyage|wikinews)\Z"
)


@dataclass(frozen=True, slots=True)
class Wiki:
    """A wiki: its database name, its host, the name of its project in French, its language (BCP 47; None where it has many)."""

    id: str
    host: str
    project: str
    language: str | None = None
    spoken: str | None = None

    @property
    def name(self) -> str:
        """The name that a French reader knows it by: « Wikipédia en français »."""
        return f"{self.project} en {self.spoken}" if self.spoken else self.project

    @property
    def collection(self) -> str:
        """The name of its collection: `wikipedia-fr`, `wikisource-oc`, `wikidata`."""
        if self.id in _SINGLE:
            return self.id.removesuffix("wiki")
        project = self.host.split(".")[-2]
        return f"{project}-{self.id[: -len('wiki' if project == 'wikipedia' else project)].replace('_', '-')}"


def find_wiki(name: str) -> Wiki:
    """Return the wiki of a database name; raises InputError."""
    name = name.strip().lower()
    if name in _SINGLE:
        return Wiki(name, *_SINGLE[name])
    found = _NAME.match(name)
    if not found:
        raise InputError("the database name of a wiki of Wikimedia (frwiki, brwiki, frwikisource)", repr(name[:80]), "correct it")
    code, (domain, project) = found[1].replace("_", "-"), _PROJECTS[found[2]]
    spoken = _LANGUAGES.get(code, f"[{_TAGS.get(code, code)}]")
    return Wiki(name, f"{_HOSTS.get(code, code)}.{domain}", project, _TAGS.get(code, code), spoken)


def find_wikisource(name: str) -> Wiki:
    """Return the Wikisource of a database name; raises InputError for another wiki, and says which Wikisource is its neighbour."""
    found = find_wiki(name)
    if found.project not in ("Wikisource", "Wikisource multilingue"):
        near = f"{found.id.removesuffix('wiki')}wikisource" if found.project == "Wikipédia" else "frwikisource"
        raise InputError("the database name of a Wikisource", f"{name!r}, which is {found.project}", f"write --wiki {near}")
    return found


def is_wikimedia(host: str) -> bool:
    """Tell whether a host is of Wikimedia, whose licences go by the date of a revision."""
    host = host.lower()
    return any(host == domain or host.endswith("." + domain) for domain in _DOMAINS)
