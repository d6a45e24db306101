"""Damaged HTML, EPUB and PDF files: documents under a licence of the table or counted refusals, never anything else."""

import random

import pytest
from test_sources_folder_formats import HEAD, LINES, XMP
from written_formats import CONTAINER, ONE, TWO, package, write_epub, write_pdf

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources import SOURCES
from rag_commons.sources.contract import check_document
from rag_commons.sources.passages import split_document

PAGE = (
    f"<!doctype html><html lang='fr'><head>{HEAD}<title>Le puits</title><meta name='dc.date' content='1912-01-01'>"
    '<script type="application/ld+json">{"@graph":[{"@type":"Article","author":{"name":"A"},"license":"CC-BY-SA-4.0"}]}</script></head>'
    "<body><main><h1>Le puits</h1><p>Il est <b>profond</b>,<br>froid.</p><table><tr><td>1</td><td>2</td></tr></table></main></body></html>"
)
HOSTILE = (
    *("<", ">", "&", "&#0;", "&#xD800;", "&nul;", "\0", "\ufffe", "\u2028", "<html>", "</body>", "<main>", "<h1>", "<p>" * 400, "[" * 9000),
    *(
        '{"@graph":',
        "<!DOCTYPE a [<!ENTITY x 'y'>]>",
        "<?xml version='1.0' encoding='utf-7'?>",
        "charset=utf-16",
        "endobj",
        "stream",
        "/Kids",
    ),
    *("<<", ">>", "R", "0 0 R", "-1", "9" * 30, "../../", "%2e%2e/", "/Length 99999999", "/Filter /LZWDecode", "é"),
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(held) + 1)
        end = min(len(held), at + chance.choice((1, 1, 2, 8, 60, 400)))
        kind = chance.randrange(5)
        if kind == 0:
            held[at:at] = chance.choice(HOSTILE).encode()
        elif kind == 1:
            del held[at:end]
        elif kind == 2:
            held[at:at] = held[at:end] * chance.choice((1, 1, 30))
        elif kind == 3:
            held[at:end] = chance.randbytes(end - at)
        else:
            held[at:end] = bytes(reversed(held[at:end]))
    return bytes(held)


def html_case(folder, chance):
    (folder / "a.html").write_bytes(damaged(PAGE.encode(), chance))


def epub_case(folder, chance):
    parts = {"META-INF/container.xml": CONTAINER, "OEBPS/livre.opf": package(), "OEBPS/ch/un .xhtml": ONE, "OEBPS/ch/deux.xhtml": TWO}
    name = chance.choice(list(parts))
    path = write_epub(folder / "a.epub", **{name: damaged(parts[name].encode(), chance)})
    if chance.random() < 0.3:
        path.write_bytes(damaged(path.read_bytes(), chance))


def pdf_case(folder, chance):
    path = write_pdf(folder / "a.pdf", [LINES, LINES[:2]], {"/Title": "Puits", "/License": "CC0-1.0"}, XMP.format(more=""), "fr")
    path.write_bytes(damaged(path.read_bytes(), chance))


CASES = {"html": html_case, "epub": epub_case, "pdf": pdf_case}


def judge(name, folder, seeds):
    for seed in seeds:
        CASES[name](folder, random.Random(f"{name} {seed}"))
        for item in SOURCES["folder"].iter_documents([folder]):
            if isinstance(item, Document):
                check_document(item)
                assert all(item.text[passage.start : passage.end] == passage.text for passage in split_document(item))
                assert all(item.text[section.start :].split()[:1] == section.title.split()[:1] for section in item.sections)
            else:
                assert isinstance(item, DocumentRefused) and item.reason and len(str(item).splitlines()) == 1


@pytest.mark.parametrize("name", CASES)
def test_sixty_damaged_files(name, tmp_path):
    judge(name, tmp_path, range(60))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_thousand_damaged_files(name, tmp_path):
    judge(name, tmp_path, range(60, 1060))
