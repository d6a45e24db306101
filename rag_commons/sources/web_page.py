"""A web page or a chapter of an EPUB → its text: what stands around it (menus, banners, forms, scripts, footers) goes.

`main` is read where there is one, else the only `article`, else the body. Marks of notes and the notes themselves are left out,
page breaks become pages. Pages of a wiki have a reader of their own, `wiki_html`.
"""

import re

from lxml import etree

from rag_commons.errors import DocumentRefused
from rag_commons.sources.flow import Flow
from rag_commons.sources.xml import Element, local_name

_DROPPED = frozenset(
    "head script style noscript template nav aside form button input select textarea iframe object embed applet svg canvas audio video "
    "map dialog menu datalist progress rp rt".split()
)
_DROPPED_ROLES = frozenset("navigation banner contentinfo search complementary doc-noteref doc-footnote doc-endnotes doc-toc".split())
_DROPPED_TYPES = frozenset("noteref footnote footnotes endnote endnotes rearnote rearnotes toc landmarks page-list".split())
# a head or foot inside one of these belongs to the text, elsewhere to the site
_HOLDERS = ("article", "main", "section", "blockquote")
_WIDE = frozenset("p blockquote pre table ul ol dl section article figure hr header footer".split())
_NARROW = frozenset("div li dt dd tr address details summary caption figcaption center main body fieldset legend".split())
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"

_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_.-]{2,40})",
    re.IGNORECASE,
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode_html(data: bytes, where: str) -> str:
    """Return HTML as text: by its mark, its declared charset, else UTF-8, else what browsers take (windows-1252)."""
    declared = _CHARSET.search(data[:4096])
    named = (declared[1] or declared[2]).decode() if declared else None
    said = next((name for mark, name in _MARKS if data.startswith(mark)), named)
    for name in (said,) if said else ("utf-8", "cp1252"):
        try:
            return data.decode("utf-8" if name.lower() in ("utf-16", "utf-16le", "utf-16be") and name == named else name)
        except (UnicodeError, LookupError):
            continue
    seen = f"{where}: not in {said or 'UTF-8 or windows-1252'}"
    raise DocumentRefused("malformed-file", "HTML in the charset that it declares", seen, "convert the file to UTF-8")


def parse_html(html: str) -> Element | None:
    """Return the root of a page, its own mistakes forgiven; None for what is no page at all."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, remove_comments=True)
    try:
        return etree.fromstring(html.encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def write_page(root: Element, flow: Flow) -> None:
    """Write the text of a page into a flow, its headings as sections."""
    body = _body(root)
    walk = etree.iterwalk(body, events=("start", "end"))
    dropped: Element | None = None
    for event, element in walk:
        if event == "start":
            if element is not body and _stands_for_itself(element, flow):
                dropped = element
                walk.skip_subtree()
            else:
                _start(element, flow)
                flow.write(element.text or "")
            continue
        if element is dropped:
            dropped = None
        else:
            _end(element, flow)
        # what follows the body is not of it
        if element is not body:
            flow.write(element.tail or "")


def _stands_for_itself(element: Element, flow: Flow) -> bool:
    """Whether nothing below an element is read: it is dropped, breaks the page, or is a formula that says itself in words."""
    label, formula = _page_label(element), element.get("alttext") if local_name(element) == "math" else None
    if label:
        flow.begin_page(label)
    elif formula:
        flow.write(f" {formula} ")
    return bool(label or formula) or _is_dropped(element)


def _body(root: Element) -> Element:
    mains = [item for item in root.iter() if local_name(item) == "main" or item.get("role") == "main"]
    articles = [item for item in root.iter() if local_name(item) == "article"]
    bodies = [item for item in root.iter() if local_name(item) == "body"]
    found = mains[:1] or (articles if len(articles) == 1 else bodies[:1]) or [root]
    return found[0]


def _start(element: Element, flow: Flow) -> None:
    tag = local_name(element)
    if tag in _HEADINGS:
        flow.end_block(wide=True)
        flow.begin_heading(_HEADINGS[tag])
    elif tag in _WIDE or tag in _NARROW:
        flow.end_block(wide=tag in _WIDE)
    elif tag == "br":
        flow.end_block()
    elif tag in ("td", "th") and element.getprevious() is not None:
        flow.write(" ; ")


def _end(element: Element, flow: Flow) -> None:
    tag = local_name(element)
    if tag in _HEADINGS:
        flow.end_heading()
        flow.end_block(wide=True)
    elif tag in _WIDE or tag in _NARROW:
        flow.end_block(wide=tag in _WIDE)


def _page_label(element: Element) -> str | None:
    """Return the label of a page break, None for any other element."""
    if "pagebreak" not in (element.get(_EPUB_TYPE) or element.get("epub:type") or "") and element.get("role") != "doc-pagebreak":
        return None
    said = element.get("title") or element.get("aria-label") or element.text or (element.get("id") or "")
    return " ".join(said.split())[:40] or None


def _is_dropped(element: Element) -> bool:
    tag = local_name(element)
    if tag in _DROPPED:
        return True
    if tag in ("header", "footer") and not any(local_name(above) in _HOLDERS for above in element.iterancestors()):
        return True
    types = (element.get(_EPUB_TYPE) or element.get("epub:type") or "").split()
    if element.get("role") in _DROPPED_ROLES or not _DROPPED_TYPES.isdisjoint(types):
        return True
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return hidden or "display:none" in (element.get("style") or "").replace(" ", "").lower()
