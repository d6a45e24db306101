"""Files in real formats, written for tests: EPUB, PDF, ZIM, Parquet."""

import zipfile
from pathlib import Path

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/livre.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
METADATA = (
    "<dc:title>Le puits du village</dc:title><dc:creator>Aline Roy</dc:creator><dc:creator>Jean Petit</dc:creator>"
    "<dc:language>fr-CA</dc:language><dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>"
    "<dc:date>1912-03</dc:date><dc:publisher>Éditions du Puits</dc:publisher><dc:identifier>urn:uuid:1</dc:identifier>"
)
ONE = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body><h1>Premier seau</h1><p>Le puits&nbsp;est profond'
    '<a epub:type="noteref" href="#n">1</a> et<span epub:type="pagebreak" id="p2" title="2"/> froid.</p>'
    '<aside epub:type="footnote" id="n">Une note.</aside></body></html>'
)
TWO = '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Second seau</h1><p>On y descend<br>un seau &amp; une corde.</body></html>'


def package(metadata: str = METADATA, more: str = "") -> str:
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="b" href="ch/deux.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="a" href="ch/un%20.xhtml" media-type="application/xhtml+xml"/>'
        f'<item id="img" href="i.png" media-type="image/png"/>{more}</manifest><spine><itemref idref="nav"/><itemref idref="a"/>'
        '<itemref idref="b"/><itemref idref="hors"/></spine></package>'
    )


def write_epub(path: Path, opf: str | None = None, **parts: str | bytes) -> Path:
    held: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/livre.opf": opf or package(),
        "OEBPS/nav.xhtml": "<html><body><p>Table des matières</p></body></html>",
        "OEBPS/ch/un .xhtml": ONE,
        "OEBPS/ch/deux.xhtml": TWO,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (held | parts).items():
            archive.writestr(name, data)
    return path


def write_pdf(path: Path, pages, info=None, xmp: str | None = None, language: str | None = None, password: str | None = None) -> Path:
    """Write a PDF whose pages are lists of lines; labels are i, ii, then 1."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        content = StreamObject()
        shown = []
        for line in lines:
            said = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            shown.append(b"(" + said + b") Tj T*")
        content.set_data(b"BT /F1 12 Tf 14 TL 50 750 Td\n" + b"\n".join(shown) + b"\nET")
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    writer.set_page_label(0, 0, "/r")
    if len(pages) > 1:
        writer.set_page_label(1, len(pages) - 1, "/D", start=1)
    if info:
        writer.add_metadata(info)
    if language:
        writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    if xmp:
        stream = StreamObject()
        stream.set_data(xmp.encode())
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(path)
    return path


def write_zim(path: Path, pages, metadata, redirections=()) -> Path:
    """Write a ZIM file: `pages` are (path, title, content, mimetype)."""
    from libzim.writer import Creator, Hint, Item, StringProvider

    class Written(Item):
        def __init__(self, where, title, content, mimetype):
            super().__init__()
            self.where, self.title, self.content, self.mimetype = where, title, content, mimetype

        def get_path(self):
            return self.where

        def get_title(self):
            return self.title

        def get_mimetype(self):
            return self.mimetype

        def get_contentprovider(self):
            return StringProvider(self.content)

        def get_hints(self):
            return {Hint.FRONT_ARTICLE: True}

    with Creator(path).config_verbose(False).config_indexing(False, "fra") as creator:
        for page in pages:
            creator.add_item(Written(*page))
        for where, title, target in redirections:
            creator.add_redirection(where, title, target, {Hint.FRONT_ARTICLE: True})
        for name, value in metadata.items():
            creator.add_metadata(name, value)
    return path


def write_parquet(path: Path, rows, group: int = 1000) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=group)
    return path
