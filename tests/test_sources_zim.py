"""ZIM files: articles under the licence that the archive states, redirects and pictures passed over, damage told."""

import random
import sys

import pytest
from written_formats import write_zim

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources import SOURCES
from rag_commons.sources.contract import check_document

WIKI = {
    "Title": "Wikipédia du puits",
    "Language": "fra",
    "Creator": "Contributeurs de Wikipédia",
    "Publisher": "Kiwix",
    "License": "CC BY-SA 4.0",
    "Source": "fr.wikipedia.org",
    "Date": "2026-03-01",
    "Name": "wikipedia_fr_puits",
}
PUITS = (
    "<!doctype html><html><head><title>Puits</title></head><body class='mw-body'><h1 class='firstHeading'>Puits</h1>"
    "<div class='mw-parser-output'><div class='hatnote'>Pour la ville, voir ailleurs.</div><p>Un <b>puits</b> est un trou"
    "<sup class='reference'>[1]</sup> profond.</p><h2>Histoire</h2><p>On en creusait déjà.</p></div>"
    "<div style='clear:both'>Cet article est issu de "
    "<a class='external text' href='https://fr.wikipedia.org/wiki/Puits?oldid=1234'>Wikipédia</a>. Sous une licence.</div></body></html>"
)
PLAIN = "<html lang='oc'><body><nav>Menú</nav><h1>Lo potz</h1><p>Es prigond.</p></body></html>"


@pytest.fixture(autouse=True)
def _libzim():
    pytest.importorskip("libzim", reason="libzim absent: pip install 'rag-commons[zim]'")


@pytest.fixture
def wiki(tmp_path):
    pages = [("Puits", "Puits", PUITS, "text/html"), ("s.css", "", "a{}", "text/css"), ("Vide", "Vide", "<p></p>", "text/html")]
    pages.append(("Ancien", "Ancien", "<html><head><meta http-equiv='refresh' content='0;url=Puits'></head></html>", "text/html"))
    return write_zim(tmp_path / "puits_2026-03.zim", pages, WIKI, [("Trou", "Trou", "Puits")])


def read(path, **options):
    return list(SOURCES["zim"].iter_documents([path], **options))


def test_pages_of_a_wiki(wiki):
    items = read(wiki)
    assert [item.id if isinstance(item, Document) else item.reason for item in items] == [
        "redirect",
        "wikipedia_fr_puits/Puits",
        "empty-text",
    ]
    document = items[1]
    held = document.provenance
    assert document.text == "Un puits est un trou profond.\n\nHistoire\nOn en creusait déjà."
    assert [item.title for item in document.sections] == ["Histoire"]
    assert (held.title, held.language, held.licence) == ("Puits", "fr", "CC-BY-SA-4.0")
    assert (held.authors, held.holder, held.collection) == (("Contributeurs de Wikipédia",), "Kiwix", "Wikipédia du puits")
    assert held.url == "https://fr.wikipedia.org/wiki/Puits" and held.permalink == "https://fr.wikipedia.org/wiki/Puits?oldid=1234"
    assert held.retrieved == "2026-03-01"


def test_pages_of_another_site(tmp_path):
    metadata = WIKI | {"Language": "fra,oci", "Source": "https://potz.example/", "License": "https://creativecommons.org/licenses/by/4.0/"}
    path = write_zim(tmp_path / "a.zim", [("a/b.html", "Lo potz", PLAIN, "text/html;charset=utf-8")], metadata)
    (document,) = read(path)
    held = document.provenance
    assert document.text == "Lo potz\n\nEs prigond."
    assert (held.url, held.permalink, held.language, held.licence) == ("https://potz.example/", None, "oc", "CC-BY-4.0")


def test_revision_on_another_host_is_not_a_permalink(tmp_path):
    page = PUITS.replace("fr.wikipedia.org/wiki/Puits?", "ailleurs.example/wiki/Puits?")
    path = write_zim(tmp_path / "a.zim", [("Puits", "Puits", page, "text/html")], WIKI)
    assert read(path)[0].provenance.permalink is None and "issu de" not in read(path)[0].text


@pytest.mark.parametrize(
    ("licence", "option", "got"),
    [
        (None, None, "missing:licence"),
        (None, "CC0-1.0", "CC0-1.0"),
        ("CC-BY-4.0", "CC0-1.0", "CC-BY-4.0"),
        ("Fair use", "CC0-1.0", "unknown-licence:Fair use"),
        ("CC-BY", None, "unknown-licence:CC-BY"),
    ],
)
def test_licence_is_that_of_the_archive(licence, option, got, tmp_path):
    metadata = {key: value for key, value in WIKI.items() if key != "License"} | ({"License": licence} if licence else {})
    path = write_zim(tmp_path / "a.zim", [("Puits", "Puits", PUITS, "text/html")], metadata)
    (item,) = read(path, licence=option)
    assert got == (item.provenance.licence if isinstance(item, Document) else item.reason)


def test_limit_and_options(tmp_path):
    pages = [(f"p{n}", f"Page {n}", PLAIN, "text/html") for n in range(9)]
    path = write_zim(tmp_path / "a.zim", pages, WIKI)
    assert len(read(path, limit="3")) == 3
    held = read(path, holder="Musée", collection="Puits", language="br")[0].provenance
    assert (held.holder, held.collection, held.language) == ("Musée", "Puits", "br")


def test_what_is_no_zim(tmp_path):
    (tmp_path / "a.zim").write_bytes(b"ZIM\x04 rien")
    assert [item.reason for item in read(tmp_path / "a.zim")] == ["damaged-file"]


def test_absent_library_says_how_to_install_it(wiki, monkeypatch):
    monkeypatch.setitem(sys.modules, "libzim.reader", None)
    with pytest.raises(InputError, match=r'GPL-3.*pip install "rag-commons\[zim\]"'):
        read(wiki)


def damaged(data: bytes, chance: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(held))
        kind = chance.randrange(4)
        if kind == 0:
            held[at] = chance.randrange(256)
        elif kind == 1:
            held[at : at + 8] = chance.choice((b"\0" * 8, b"\xff" * 8, b"\xfd7zXZ\0\0\0", chance.randbytes(8)))
        elif kind == 2 and chance.random() < 0.2:
            del held[at:]
            held = held or bytearray(b"Z")
        else:
            # the header and the directory are small, and where the offsets are
            held[chance.randrange(min(len(held), 400))] = chance.randrange(256)
    return bytes(held)


def judge(path, seeds) -> None:
    whole = path.read_bytes()
    for seed in seeds:
        path.with_name("damaged.zim").write_bytes(damaged(whole, random.Random(seed)))
        for item in read(path.with_name("damaged.zim")):
            if isinstance(item, Document):
                check_document(item)
            else:
                assert isinstance(item, DocumentRefused) and len(str(item).splitlines()) == 1


def test_sixty_damaged_files(wiki):
    judge(wiki, range(60))


@pytest.mark.slow
def test_a_thousand_damaged_files(wiki):
    judge(wiki, range(60, 1060))
