"""HTML, EPUB and PDF files of a folder: their text without what surrounds it, and the licence that their publisher states."""

import json
import zipfile

import pytest
from written_formats import METADATA, package, write_epub, write_pdf

from rag_commons.documents import Document
from rag_commons.sources import SOURCES, archive
from rag_commons.sources.passages import split_document

HEAD = '<meta charset="utf-8"><link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/">'
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#">'
    "<dc:title><rdf:Alt><rdf:li>La corde</rdf:li></rdf:Alt></dc:title>"
    "<dc:creator><rdf:Seq><rdf:li>Aline Roy</rdf:li><rdf:li>Jean Petit</rdf:li></rdf:Seq></dc:creator>"
    "<dc:publisher><rdf:Bag><rdf:li>Archives du Puits</rdf:li></rdf:Bag></dc:publisher>"
    '<cc:license rdf:resource="http://creativecommons.org/publicdomain/zero/1.0/"/>{more}</rdf:Description></rdf:RDF></x:xmpmeta>'
)


def read(folder, **options):
    return list(SOURCES["folder"].iter_documents([folder], **options))


def reasons(folder, **options):
    return [item.id if isinstance(item, Document) else item.reason for item in read(folder, **options)]


def page(folder, head=HEAD, body="<p>Le puits est profond.</p>", name="puits.html", opening="<html lang='fr'>"):
    (folder / name).write_text(f"<!doctype html>{opening}<head>{head}</head><body>{body}</body></html>", "utf-8")


# HTML


def test_page_without_what_surrounds_it(tmp_path):
    page(
        tmp_path,
        HEAD + "<title>Le puits</title><meta name='author' content='Aline Roy'><meta property='og:site_name' content='Le Village'>"
        "<meta name='dcterms.issued' content='1912-03-04T10:00'><link rel='canonical' href='https://village.example/puits'>",
        "<header><a href='/'>Accueil</a></header><nav>Menu</nav><main><h1>Le puits</h1><p>Il est&nbsp;profond,<br>et froid.</p>"
        "<script>alert('x')</script><h2>La corde</h2><ul><li>longue</li><li>usée</li></ul><p hidden>caché</p>"
        "<table><tr><th>Seau</th><td>3 L</td></tr></table></main><footer>Tous droits réservés</footer>",
    )
    (document,) = read(tmp_path)
    assert document.text == "Le puits\n\nIl est profond,\net froid.\n\nLa corde\n\nlongue\nusée\n\nSeau ; 3 L"
    assert [(item.level, item.title) for item in document.sections] == [(1, "Le puits"), (2, "La corde")]
    assert all(document.text[item.start :].startswith(item.title) for item in document.sections)
    held = document.provenance
    assert (held.title, held.authors, held.holder, held.language) == ("Le puits", ("Aline Roy",), "Le Village", "fr")
    assert (held.licence, held.issued, held.url) == ("CC-BY-SA-4.0", "1912-03-04", "https://village.example/puits")
    assert [passage.section for passage in split_document(document)] == [None, "La corde"]


def test_head_of_an_article_is_text_and_notes_are_not(tmp_path):
    body = "<div>Menu</div><article><header><h1>Puits</h1></header><p>Profond<a role='doc-noteref'>1</a>.</p></article>suite"
    page(tmp_path, body=body)
    assert read(tmp_path)[0].text == "Puits\n\nProfond."


@pytest.mark.parametrize(
    ("head", "licence"),
    [
        ('<meta name="dcterms.license" content="CC0-1.0">', "CC0-1.0"),
        ('<meta name="DC.rights" content="https://creativecommons.org/licenses/by/3.0/">', "CC-BY-3.0"),
        ('<script type="application/ld+json">{"@type":"Article","license":"https://spdx.org/licenses/CC-BY-4.0"}</script>', "CC-BY-4.0"),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"ImageObject","license":"CC0-1.0"},'
            '{"@type":["WebPage"],"license":{"@id":"http://creativecommons.org/licenses/by-nc/4.0/"}}]}</script>',
            "CC-BY-NC-4.0",
        ),
        ('<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"><meta name="dc.rights" content="© A. Roy">', "CC-BY-4.0"),
        ('<script type="application/ld+json">{"@type":</script>' + HEAD, "CC-BY-SA-4.0"),
    ],
)
def test_licence_of_a_page_is_what_its_head_states(head, licence, tmp_path):
    page(tmp_path, head)
    assert read(tmp_path)[0].provenance.licence == licence


@pytest.mark.parametrize(
    ("head", "body", "reason"),
    [
        ("", "<p>Texte <a rel='license' href='https://creativecommons.org/publicdomain/zero/1.0/'>CC0</a></p>", "missing:licence"),
        ('<meta name="dc.rights" content="© A. Roy">', "<p>Texte</p>", "unknown-licence:© A. Roy"),
        (HEAD + '<meta name="dcterms.license" content="CC0-1.0">', "<p>Texte</p>", "conflicting-licences"),
        (HEAD + '<meta name="tdm-reservation" content="1">', "<p>Texte</p>", "opt-out:tdmrep"),
        (HEAD, "<nav>Menu</nav><script>x</script>", "empty-text"),
        (HEAD, "", "empty-text"),
    ],
)
def test_pages_that_are_refused(head, body, reason, tmp_path):
    page(tmp_path, head, body)
    assert reasons(tmp_path) == [reason]


def test_a_person_comes_before_the_page(tmp_path):
    page(tmp_path, '<meta name="dc.rights" content="© A. Roy">')
    (tmp_path / "puits.html.yaml").write_text("licence: CC-BY-4.0\nholder: Musée\n", "utf-8")
    (document,) = read(tmp_path)
    assert (document.provenance.licence, document.provenance.holder) == ("CC-BY-4.0", "Musée")
    assert read(tmp_path, licence="CC0-1.0", language="oc")[0].provenance.licence == "CC0-1.0"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>Été</p>".encode("cp1252"), "Été"),
        ("<p>Été</p>".encode(), "Été"),
        ("<meta charset=iso-8859-15><p>Œuf à 3 €</p>".encode("iso-8859-15"), "Œuf à 3 €"),
        ("<p>Été</p>".encode("utf-16"), "Été"),
        (b"<meta charset=utf-8><p>\xe9t\xe9</p>", None),
        (b"<meta charset=nul-ne-sait><p>x</p>", None),
    ],
)
def test_charsets(data, text, tmp_path):
    (tmp_path / "x.html").write_bytes(data)
    (item,) = read(tmp_path, licence="CC0-1.0")
    assert item.text == text if text else item.reason == "malformed-file"


# EPUB


def test_book_in_reading_order_with_its_metadata(tmp_path):
    write_epub(tmp_path / "livre.epub")
    (document,) = read(tmp_path)
    held = document.provenance
    assert document.text == "Premier seau\n\nLe puits est profond et froid.\n\nSecond seau\n\nOn y descend\nun seau & une corde."
    assert [item.title for item in document.sections] == ["Premier seau", "Second seau"]
    assert [(item.label, document.text[item.start :][:5]) for item in document.pages] == [("2", "froid")]
    assert (held.title, held.authors, held.language) == ("Le puits du village", ("Aline Roy", "Jean Petit"), "fr-CA")
    assert (held.licence, held.issued, held.holder) == ("CC-BY-4.0", "1912-03", "Éditions du Puits")


def test_book_that_states_no_licence(tmp_path):
    write_epub(tmp_path / "livre.epub", package("<dc:title>X</dc:title>"))
    (refused,) = read(tmp_path)
    assert refused.reason == "missing:licence" and "livre.epub.yaml" in str(refused)
    assert read(tmp_path, licence="CC0-1.0")[0].provenance.title == "X"


OUT = '<item id="hors" href="../../../etc/passwd" media-type="application/xhtml+xml"/>'
ENCRYPTED = (
    '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:CipherData><enc:CipherReference URI="OEBPS/{}"/>'
    "</enc:CipherData></enc:EncryptedData></encryption>"
)
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><package><metadata>&b;</metadata></package>'


@pytest.mark.parametrize(
    ("opf", "parts", "reason"),
    [
        (package(more=OUT), {}, "livre.epub"),
        (None, {"META-INF/encryption.xml": ENCRYPTED.format("police.otf")}, "livre.epub"),
        (None, {"META-INF/encryption.xml": ENCRYPTED.format("ch/deux.xhtml")}, "encrypted-file"),
        (package(METADATA + '<meta property="tdm:reservation">1</meta>'), {}, "opt-out:tdmrep"),
        (package(METADATA + '<link rel="cc:license" href="https://creativecommons.org/licenses/by-nd/4.0/"/>'), {}, "livre.epub"),
        (BOMB, {}, "unsafe-xml"),
        ("<package", {}, "malformed-xml"),
        (None, {"META-INF/container.xml": "<container/>"}, "missing-part"),
        (None, {"OEBPS/ch/un .xhtml": "", "OEBPS/ch/deux.xhtml": ""}, "malformed-file"),
    ],
)
def test_books_broken_protected_or_hostile(opf, parts, reason, tmp_path):
    write_epub(tmp_path / "livre.epub", opf, **parts)
    assert reasons(tmp_path) == [reason]
    assert "root:" not in getattr(read(tmp_path)[0], "text", "")


def test_zip_bomb_and_what_is_no_zip(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_FILE", 1 << 20)
    write_epub(tmp_path / "a.epub", **{"OEBPS/ch/un .xhtml": b"<html>" + b" " * (3 << 20)})
    (tmp_path / "b.epub").write_bytes(b"PK\x03\x04 rien")
    with zipfile.ZipFile(tmp_path / "c.epub", "w"):
        pass
    assert reasons(tmp_path) == ["too-large", "damaged-file", "missing-part"]


# PDF

LINES = [
    "Le puits du village est le plus pro-",
    "fond de toute la vallée, et nul ne sait",
    "qui l'a creusé.",
    "On y descend un seau chaque matin, puis",
]


def test_pdf_page_by_page(tmp_path):
    pages = [LINES, ["on le remonte avec une corde usée (très).", "Fin."]]
    write_pdf(tmp_path / "puits.pdf", pages, {"/Title": "Puits", "/Author": "Moi"}, XMP.format(more=""), "fr-FR")
    (document,) = read(tmp_path)
    held = document.provenance
    assert document.text.startswith(
        "Le puits du village est le plus profond de toute la vallée, et nul ne sait qui l'a creusé.\nOn y descend"
    )
    assert "puis on le remonte" in document.text
    assert [(item.label, document.text[item.start :][:5]) for item in document.pages] == [("i", "Le pu"), ("1", "on le")]
    assert (held.title, held.authors, held.holder) == ("La corde", ("Aline Roy", "Jean Petit"), "Archives du Puits")
    assert (held.licence, held.language) == ("CC0-1.0", "fr-FR")


def test_pdf_info_where_there_is_no_xmp(tmp_path):
    write_pdf(tmp_path / "puits.pdf", [LINES], {"/Title": "Puits", "/Author": "Moi", "/Copyright": "Tous droits réservés"})
    assert reasons(tmp_path) == ["unknown-licence:Tous droits réservés"]
    (document,) = read(tmp_path, licence="CC-BY-4.0")
    assert (document.provenance.title, document.provenance.authors) == ("Puits", ("Moi",))


def test_pdfs_that_are_refused(tmp_path, caplog):
    write_pdf(tmp_path / "a.pdf", [LINES], password="secret")
    write_pdf(tmp_path / "b.pdf", [[]], xmp=XMP.format(more=""))
    write_pdf(
        tmp_path / "c.pdf", [LINES], xmp=XMP.format(more='<tdm:reservation xmlns:tdm="http://www.w3.org/ns/tdmrep#">1</tdm:reservation>')
    )
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7 rien")
    (tmp_path / "e.pdf").write_bytes(write_pdf(tmp_path / "b2", [LINES]).read_bytes()[:300])
    assert reasons(tmp_path, licence="CC0-1.0") == ["encrypted-file", "empty-text", "opt-out:tdmrep", "damaged-file", "damaged-file"]
    assert not [record for record in caplog.records if record.name.startswith("pypdf")]


def test_refusals_are_one_line_and_say_what_to_do(tmp_path):
    (tmp_path / "x.pdf").write_bytes(b"")
    page(tmp_path, "")
    for refused in read(tmp_path):
        assert len(str(refused).splitlines()) == 1 and "to do:" in str(refused)
        json.dumps(str(refused))
