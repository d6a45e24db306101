"""A MediaWiki of our own: the part of its API that we use, with continuation, size limits and its way of saying errors."""

import json
from dataclasses import dataclass, field

from loopback import NOT_FOUND, Answer, Request


@dataclass
class WikiPage:
    """A page at its last revision."""

    id: int
    title: str
    text: str = ""
    revision: int = 1
    stamp: str = "2024-05-01T10:00:00Z"
    ns: int = 0
    categories: tuple[str, ...] = ()
    redirect: str | None = None
    props: dict[str, str] = field(default_factory=dict)
    hidden: bool = False
    model: str = "wikitext"
    html: str = ""
    templates: tuple[str, ...] = ()
    touched: str = "2020-01-01T00:00:00Z"


def error(code: str, **more: object) -> Answer:
    """Return an error as MediaWiki says it: with status 200."""
    return Answer(json.dumps({"error": {"code": code, "info": f"about {code}", **more}}), headers={"Content-Type": "application/json"})


class FakeWiki:
    """Answers api.php and the Attribution API; lists come two at a time, contents one page at a time."""

    def __init__(
        self, *pages: WikiPage, licence: str = "https://creativecommons.org/licenses/by-sa/4.0/deed.fr", server: str = "//fr.wikipedia.org"
    ) -> None:
        self.pages = {page.id: page for page in pages}
        self.licence, self.server = licence, server
        self.signals: dict[str, object] = {}
        self.robots = ""
        self.entities: dict[str, object] = {}
        self.books: dict[str, list[str]] = {}

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        if request.path == "/robots.txt":
            return Answer(self.robots) if self.robots else NOT_FOUND
        if "/rest.php/attribution/" in request.path:
            title = request.path.split("/pages/")[1].removesuffix("/signals").replace("_", " ")
            return self._json(self.signals[title]) if title in self.signals else NOT_FOUND
        if request.path != "/w/api.php":
            return NOT_FOUND
        assert request.query["format"] == "json" and request.query["formatversion"] == "2" and request.query["maxlag"] == "5"
        if request.query["action"] == "wbgetentities":
            return self._json({"entities": {request.query["ids"]: self.entities.get(request.query["ids"], {"missing": ""})}})
        if request.query["action"] == "parse":
            return self._parse(request.query)
        if request.query.get("meta") == "siteinfo":
            general = {"sitename": "Wiki d'essai", "server": self.server, "script": "/w/index.php", "lang": "fr", "wikiid": "frwiki"}
            return self._json({"batchcomplete": True, "query": {"general": general, "rightsinfo": {"url": self.licence, "text": "?"}}})
        if "list" in request.query:
            return self._list(request.query)
        return self._props(request.query)

    def _json(self, value: object) -> Answer:
        return Answer(json.dumps(value), headers={"Content-Type": "application/json; charset=utf-8"})

    def _list(self, query: dict[str, str]) -> Answer:
        name = query["list"]
        if name == "proofreadpagesinindex":
            listed = [{"pageoffset": at, "title": title} for at, title in enumerate(self.books.get(query["prppiititle"], []))]
            return self._json({"batchcomplete": True, "query": {name: listed}})
        if name == "categorymembers":
            sought = query["cmtitle"].partition(":")[2]
            found = [page for page in self.pages.values() if sought in page.categories]
        else:
            found = [page for page in self.pages.values() if query["srsearch"] in page.text and page.ns == 0]
        at = int(query.get("at", 0))
        said: dict[str, object] = {
            "query": {name: [{"pageid": page.id, "ns": page.ns, "title": page.title} for page in found[at : at + 2]]}
        }
        said |= {"continue": {"at": at + 2, "continue": "-||"}} if at + 2 < len(found) else {"batchcomplete": True}
        return self._json(said)

    def _find(self, query: dict[str, str]) -> list[WikiPage | str]:
        if "pageids" in query:
            found: list[WikiPage | str] = [self.pages.get(int(key)) or key for key in query["pageids"].split("|")]
        else:
            by_title = {page.title: page for page in self.pages.values()}
            found = [by_title.get(title) or title for title in query["titles"].split("|")]
        if query.get("redirects"):
            by_title = {page.title: page for page in self.pages.values()}
            found = [by_title[page.redirect] if isinstance(page, WikiPage) and page.redirect else page for page in found]
        return list(dict.fromkeys((page if isinstance(page, str) else page.id) for page in found)) and [
            page for at, page in enumerate(found) if page not in found[:at]
        ]

    def _props(self, query: dict[str, str]) -> Answer:
        found, props = self._find(query), query["prop"].split("|")
        at = int(query.get("rvcontinue", 0))
        pages: list[dict[str, object]] = []
        for number, page in enumerate(found):
            if isinstance(page, str):
                pages.append({"pageid": int(page), "missing": True} if "pageids" in query else {"ns": 0, "title": page, "missing": True})
                continue
            said: dict[str, object] = {"pageid": page.id, "ns": page.ns, "title": page.title}
            if "info" in props:
                said |= {
                    "lastrevid": page.revision,
                    "pagelanguage": "fr",
                    "canonicalurl": f"https://fr.wikipedia.org/wiki/{page.title.replace(' ', '_')}",
                }
                said |= {"touched": page.touched} | ({"redirect": True} if page.redirect else {})
            if "pageprops" in props and page.props:
                said["pageprops"] = page.props
            if "categories" in props:
                said["categories"] = [{"ns": 14, "title": f"Catégorie:{name}"} for name in page.categories]
            if "revisions" in props and (number == at or "content" not in query["rvprop"]):
                slot = {"contentmodel": page.model} | ({"texthidden": True} if page.hidden else {"content": page.text})
                said["revisions"] = [{"revid": page.revision, "parentid": 0, "timestamp": page.stamp, "slots": {"main": slot}}]
            pages.append(said)
        more = "revisions" in props and "content" in query["rvprop"] and at + 1 < len(found)
        end: dict[str, object] = (
            {"continue": {"rvcontinue": str(at + 1), "continue": "||info|pageprops"}} if more else {"batchcomplete": True}
        )
        return self._json({"query": {"pages": pages}} | end)

    def _parse(self, query: dict[str, str]) -> Answer:
        page = next((page for page in self.pages.values() if page.title == query["page"]), None)
        if page is None:
            return error("missingtitle")
        templates = [{"ns": 104, "title": title, "exists": True} for title in page.templates]
        return self._json(
            {"parse": {"title": page.title, "pageid": page.id, "revid": page.revision, "text": page.html, "templates": templates}}
        )
