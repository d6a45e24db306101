"""The services of Gallica: SRU search, notices, IIIF manifests, ALTO page by page, plain text of a document.

Documented paces: five requests a minute for the plain text of documents; elsewhere one a second, since none is given. The one surprise:
Gallica's ALTO says that it is ISO-8859-1 and is often UTF-8.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from rag_commons.errors import DocumentRefused
from rag_commons.sources.fetching import Fetched, Fetcher, FetchFailed
from rag_commons.sources.loose_json import part, parts, read_object, text, texts
from rag_commons.sources.xml import Element, every, first, parse_xml, plain

GALLICA = "https://gallica.bnf.fr"
PLAIN_TEXT_INTERVAL = 12.0
_PER_PAGE = 50
_MOST_VIEWS = 5_000
_ARK = re.compile(r"ark:/([0-9]{5})/([0-9a-z]{4,30})(?![0-9a-z])")
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the IIIF manifest of a document says: the label of each of its views, in order, its licence, whom to credit."""

    labels: tuple[str, ...]
    licence: str | None = None
    attribution: str | None = None


class Gallica:
    """The services at a base address."""

    def __init__(self, fetcher: Fetcher, base: str = GALLICA) -> None:
        self._fetcher = fetcher
        self.base = base.rstrip("/")

    def search(self, query: str) -> Iterator[tuple[str, Element]]:
        """Yield (ark, record) for each document that a CQL query finds; raises FetchFailed."""
        start, total = 1, 1
        while start <= total:
            asked = {"version": "1.2", "operation": "searchRetrieve", "query": query, "startRecord": str(start)}
            root = self._xml("/SRU", {**asked, "maximumRecords": str(_PER_PAGE), "collapsing": "false"})
            problem = first(root, ".//diagnostic")
            if problem is not None:
                raise FetchFailed("sru-diagnostic", "the records of a CQL query", plain(problem)[:160], "correct the query")
            found = plain(first(root, ".//numberOfRecords"))
            total = int(found) if found.isascii() and found.isdigit() and len(found) < 12 else 0
            records = every(root, ".//record")
            if not records:
                return
            for record in records:
                ark = next(filter(None, (find_ark(plain(item)) for item in every(record, ".//identifier"))), None)
                if ark:
                    yield ark, record
            start += len(records)

    def notice(self, ark: str) -> Element:
        """Return the notice of a document; raises FetchFailed."""
        return self._xml("/services/OAIRecord", {"ark": ark})

    def manifest(self, ark: str) -> Manifest:
        """Return the manifest of a document (IIIF Presentation 2 or 3); raises FetchFailed."""
        said = self._fetcher.read(f"{self.base}/iiif/{ark}/manifest.json", None, read_object)
        canvases = parts((parts(said, "sequences") or [{}])[0], "canvases") or parts(said, "items")
        labels = tuple((_label(canvas) or str(view))[:40] for view, canvas in enumerate(canvases[:_MOST_VIEWS], 1))
        if not labels:
            raise FetchFailed("iiif-manifest", "the views of a document", f"none in the manifest of {ark}", "leave it out")
        return Manifest(labels, next(iter(texts(said, "license") + texts(said, "rights")), None), text(said, "attribution"))

    def pagination(self, ark: str) -> Manifest:
        """Return the labels of a document's views by the Pagination service, for documents without a manifest; raises FetchFailed."""
        root = self._xml("/services/Pagination", {"ark": ark.rpartition("/")[2]})
        numbers = [plain(first(page, "numero")) for page in every(root, ".//page")]
        count = plain(first(root, ".//nbVueImages"))
        views = min(int(count), _MOST_VIEWS) if count.isascii() and count.isdigit() and len(count) < 9 else len(numbers)
        if not views:
            raise FetchFailed("pagination", "the number of views", f"none for {ark}", "leave it out")
        return Manifest(tuple((numbers[view] if view < len(numbers) else "")[:40] or str(view + 1) for view in range(views)))

    def alto(self, ark: str, view: int) -> Element | None:
        """Return the ALTO of a view, None where it has none; raises FetchFailed for a failure that tells nothing of the view."""
        try:
            asked = {"O": ark.rpartition("/")[2], "E": "ALTO", "Deb": str(view)}
            root = self._fetcher.read(f"{self.base}/RequestDigitalElement", asked, _read_alto, tries=3)
        except FetchFailed as error:
            # a view without a text layer answers with an error of the server
            if error.reason in ("404", "500", "malformed"):
                return None
            raise
        return root if str(root.tag).rpartition("}")[2] == "alto" else None

    def plain_text(self, ark: str) -> tuple[str, Fetched]:
        """Return the plain text of a document, without its pages, and the answer; raises FetchFailed."""
        fetched = self._fetcher.get(f"{self.base}/{ark}.texteBrut", interval=PLAIN_TEXT_INTERVAL)
        if "texteBrut" not in fetched.url:
            raise FetchFailed("captcha", f"the text of {ark}", "a page that asks for a person", "read its pages instead (--set text=alto)")
        return _html_text(fetched.body), fetched

    def opt_out(self, ark: str, fetched: Fetched | None = None) -> DocumentRefused | None:
        """Return the refusal of a document that Gallica closes to programs."""
        return self._fetcher.opt_out(f"{self.base}/{ark}", fetched)

    def _xml(self, path: str, params: dict[str, str]) -> Element:
        return self._fetcher.read(f"{self.base}{path}", params, _read_xml)


def find_ark(value: str) -> str | None:
    """Return the ark of a document that a text or an address holds, without what qualifies it (`/f12.image`)."""
    found = _ARK.search(value)
    return f"ark:/{found[1]}/{found[2]}" if found else None


def honest(data: bytes) -> bytes:
    """Return XML whose declaration tells its encoding: what reads as UTF-8 is UTF-8."""
    declared = _DECLARED.match(data)
    if declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"utf-16"):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    return data[: declared.start(1)] + b"UTF-8" + data[declared.end(1) :]


def _read_xml(fetched: Fetched) -> Element:
    try:
        return parse_xml(honest(fetched.body), fetched.url[:200])
    except DocumentRefused as refusal:
        raise FetchFailed("malformed", refusal.expected, refusal.seen, "run it again later", passing=True) from None


def _read_alto(fetched: Fetched) -> Element:
    # a page for people in the place of a view is a check that we are one: the text is not absent, it is refused to us
    if "html" in fetched.headers.get("content-type", "").lower() or fetched.body[:200].lstrip().lower().startswith(
        (b"<!doctype html", b"<html")
    ):
        raise FetchFailed("captcha", "a view in ALTO", f"a page of HTML at {fetched.url[:160]}", "wait some hours, and run it again")
    return _read_xml(fetched)


def _label(canvas: dict[str, object]) -> str | None:
    if isinstance(canvas.get("label"), dict):
        values = next((texts(part(canvas, "label"), key) for key in part(canvas, "label")), [])
        return values[0].strip() if values else None
    label = text(canvas, "label")
    return label.strip() if label else None


def _html_text(body: bytes) -> str:
    """Return the text of a page of HTML, a line for each block; its own menus are before the first rule where there is one."""
    try:
        root = etree.fromstring(body, etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return ""
    if root is None:
        return ""
    lines = (plain(item) for item in root.iter("p", "h1", "h2", "h3", "li", "pre") if not any(True for _ in item.iter("script", "style")))
    return "\n".join(line for line in lines if line)
