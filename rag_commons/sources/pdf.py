"""PDF files, through pypdf: text page by page, words cut at line ends joined, the publisher's metadata (XMP, else document info).

The one surprise: a PDF holds lines, not paragraphs. One ends at a blank line, at a full stop on a short line, or where the line is
far shorter than the others. A PDF of images holds no text, and is refused as empty.
"""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rag_commons.errors import DocumentRefused
from rag_commons.sources.fetching.opt_outs import opt_out
from rag_commons.sources.file_content import FileContent, day_of, names_of, stated_licence
from rag_commons.sources.flow import Flow
from rag_commons.sources.hyphenation import lazy_spellings
from rag_commons.sources.languages import language_tag
from rag_commons.sources.xml import Element, every, parse_xml, plain

if TYPE_CHECKING:
    from pypdf import PdfReader

LARGEST = 512 << 20
# seconds that the pages of one file may take, and the most text that they may hold
DEADLINE = 300.0
MOST_TEXT = 64 << 20
_LARGEST_METADATA = 1 << 20
_SENTENCE_END = re.compile(r"[.!?…:»”\"]\s*\Z")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def read_pdf(path: Path) -> FileContent:
    """Return the text, page by page, and metadata of a PDF; raises DocumentRefused for one that is broken, protected or opted out."""
    if path.stat().st_size > LARGEST:
        raise DocumentRefused("too-large", f"a PDF of at most {LARGEST >> 20} MiB", path.name, "cut it into parts")
    with _damage_refused(path.name):
        from pypdf import PdfReader

        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentRefused("encrypted-file", "a PDF that opens without a password", path.name, "save it without protection")
        fields = _fields(reader, path.name)
        pages = list(_pages(reader, path.name))
        labels = reader.page_labels
    flow = Flow(lazy_spellings(lambda: pages))
    for number, page in enumerate(pages):
        flow.begin_page(labels[number][:40] if number < len(labels) and labels[number] else str(number + 1), runs_on=number > 0)
        _write_lines(page.split("\n"), flow)
    return FileContent(flow.finish(), fields, (), tuple(flow.pages))


@contextmanager
def _damage_refused(where: str) -> Iterator[None]:
    """Turn whatever reading a damaged file meets into its refusal, and keep the parser's warnings to itself."""
    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    except (DocumentRefused, OSError):
        raise
    # a damaged object is met as any error of the language: wrong types, missing keys, endless references
    except Exception as error:
        seen = f"{where}: {type(error).__name__} {' '.join(str(error).split())[:120]}"
        raise DocumentRefused("damaged-file", "a PDF that can be read", seen, "fetch the file again, or save it anew") from None
    finally:
        log.setLevel(level)


def _pages(reader: "PdfReader", where: str) -> Iterator[str]:
    started, length = time.monotonic(), 0
    for page in reader.pages:
        # halves of a character, which nothing can write, come of fonts with wrong tables
        text = page.extract_text().encode("utf-8", "replace").decode().replace("\0", "")
        length += len(text)
        if length > MOST_TEXT or time.monotonic() - started > DEADLINE:
            raise DocumentRefused("too-large", "a PDF read in a few minutes", where, "cut it into parts")
        yield text


def _write_lines(lines: list[str], flow: Flow) -> None:
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    full = lengths[-max(1, len(lengths) // 4)] if lengths else 0
    for line in lines:
        length = len(line.strip())
        if not length:
            flow.end_block()
            continue
        flow.write(line)
        short = length < 0.85 * full
        if length < 0.5 * full or (short and _SENTENCE_END.search(line)):
            flow.end_block()
        else:
            flow.end_line()


def _fields(reader: "PdfReader", where: str) -> dict[str, object]:
    info = {str(key).lstrip("/"): str(value) for key, value in (reader.metadata or {}).items()}
    xmp = _xmp(reader, where)
    if "1" in _values(xmp, "reservation"):
        raise opt_out("tdmrep", where, "its publisher says tdm:reservation: 1")
    licences = [*_values(xmp, "license"), *_values(xmp, "WebStatement"), *(info[key] for key in ("License", "Licence") if key in info)]
    rights = [*_values(xmp, "rights"), *_values(xmp, "UsageTerms"), *(info[key] for key in ("Rights", "Copyright") if key in info)]
    catalog = reader.trailer["/Root"]
    languages = [*_values(xmp, "language"), str(catalog.get("/Lang", "")) if hasattr(catalog, "get") else ""]
    fields: dict[str, object] = {
        "title": next(iter(names_of([*_values(xmp, "title"), info.get("Title", "")])), None),
        "authors": names_of(_values(xmp, "creator") or [info.get("Author", "")]),
        "holder": next(iter(names_of(_values(xmp, "publisher"))), None),
        "language": next(filter(None, map(language_tag, languages)), None),
        "licence": stated_licence(licences, rights),
        "issued": next(filter(None, map(day_of, _values(xmp, "date"))), None),
    }
    return {key: _whole(value) for key, value in fields.items() if value}


def _xmp(reader: "PdfReader", where: str) -> Element | None:
    """Return the XMP packet of a file, None where there is none or it is not XML."""
    held = reader.root_object.get("/Metadata")
    stream = held.get_object() if held is not None else None
    if stream is None or not hasattr(stream, "get_data"):
        return None
    data: bytes = stream.get_data()
    try:
        return parse_xml(data, where) if len(data) <= _LARGEST_METADATA else None
    except DocumentRefused:
        return None


def _values(xmp: Element | None, name: str) -> list[str]:
    """Return the values of a property, whether it holds a text, a list of texts, or an address (as an attribute)."""
    found: list[str] = []
    for item in every(xmp, f".//{name}"):
        listed = [plain(one) for one in item.iter(f"{_RDF}li")]
        found += listed or [item.get(f"{_RDF}resource") or plain(item)]
    for item in every(xmp, ".//Description"):
        found += [str(value) for key, value in item.attrib.items() if str(key).rpartition("}")[2] == name]
    return found


def _whole(value: object) -> object:
    """Return a value with halves of characters replaced."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value.encode("utf-8", "replace").decode().replace("\0", "") if isinstance(value, str) else value
