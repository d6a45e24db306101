"""METS: pages in physical order, metadata, sections where they point, and nothing read outside its folder."""

import shutil
from pathlib import Path

import pytest

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources.mets import iter_documents

FIXTURES = Path(__file__).parent / "fixtures" / "mets"


@pytest.fixture
def pack(tmp_path) -> Path:
    shutil.copytree(FIXTURES, tmp_path / "gazette-12")
    return tmp_path / "gazette-12"


def test_a_volume_is_read_in_physical_order_with_its_labels(pack):
    (document,) = iter_documents([pack])
    assert isinstance(document, Document)
    assert document.text == "Prix : un sou\nLe puits est à sec depuis la Saint-Jean."
    assert [(page.label, document.text[page.start :][:4], page.ocr) for page in document.pages] == [
        ("45", "Prix", 0.5),
        ("46", "la S", None),
    ]


def test_logical_divisions_are_sections_where_they_point_to_a_page_or_block(pack):
    (document,) = iter_documents([pack])
    assert isinstance(document, Document)
    assert [(part.level, part.title, document.text[part.start :][:8]) for part in document.sections] == [
        (1, "Le puits", "Le puits"),
        (2, "Suite", "la Saint"),
    ]


def test_the_metadata_is_that_of_the_whole_and_not_of_an_article(pack):
    (document,) = iter_documents([pack])
    assert isinstance(document, Document)
    held = document.provenance
    assert document.id == "gazette-12/gazette-12"
    assert held.title == "La Gazette du puits : journal du soir, n° 12"
    assert (held.authors, held.authors_died) == (("Rive, Anne",), 1870)
    assert (held.licence, held.holder, held.issued) == ("CC-PDM-1.0", "Bibliothèque de Fontclaire", "1850-08-02")
    assert (held.language, held.url) == ("fr", "https://example.org/gazette/12")


def test_dublin_core_is_read_too(pack):
    mets = pack / "mets.xml"
    text = mets.read_text()
    start, end = text.index("<mets:dmdSec"), text.rindex("</mets:dmdSec>")
    record = (
        '<mets:dmdSec ID="DMD1"><mets:mdWrap MDTYPE="DC"><mets:xmlData xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Le Seau</dc:title>"
        "<dc:creator>Zoé Lin</dc:creator><dc:date>vers 1861</dc:date><dc:language>français</dc:language>"
        "<dc:publisher>Fontclaire</dc:publisher>"
        "<dc:rights>http://creativecommons.org/licenses/by-sa/4.0/</dc:rights><dc:identifier>https://example.org/seau</dc:identifier>"
        "</mets:xmlData></mets:mdWrap>"
    )
    mets.write_text(text[:start] + record + text[end:])
    (document,) = iter_documents([pack])
    assert isinstance(document, Document)
    held = document.provenance
    assert (held.title, held.authors, held.issued, held.language) == ("Le Seau", ("Zoé Lin",), "1861", "fr")
    assert held.licence == "CC-BY-SA-4.0"


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("../secret.xml", "outside-folder"),
        ("file:///../secret.xml", "outside-folder"),
        ("alto/%2e%2e/%2e%2e/secret.xml", "outside-folder"),
        ("..\\secret.xml", "outside-folder"),
        ("https://example.org/alto.xml", "outside-folder"),
        ("http://[", "outside-folder"),
        ("lien.xml", "outside-folder"),
        ("a" * 5000, "outside-folder"),
        ("/etc/hostname", "missing:page"),
        ("alto/absent.xml", "missing:page"),
        ("mets.xml", "not-alto"),
    ],
)
def test_only_local_pages_are_read_and_one_that_is_not_is_refused_alone(pack, href, reason):
    secret = pack.parent / "secret.xml"
    shutil.copy(pack / "alto" / "00001.xml", secret)
    (pack / "lien.xml").symlink_to(secret)
    mets = pack / "mets.xml"
    mets.write_text(mets.read_text().replace("alto/00001.xml", href))
    items = list(iter_documents([mets]))
    assert [item.reason for item in items if isinstance(item, DocumentRefused)] == [reason]
    (document,) = (item for item in items if isinstance(item, Document))
    assert document.text == "la Saint-Jean."


def test_rights_that_are_missing_or_unknown_are_refused_unless_a_person_gives_them(pack):
    mets = pack / "mets.xml"
    text = mets.read_text()
    cut = text[: text.index("<mods:accessCondition")] + text[text.index("</mods:accessCondition>") + 23 :]
    for changed, reason in (
        (cut, "missing:licence"),
        (text.replace("publicdomain/mark/1.0/", "x").replace("Domaine public", "Tous droits"), "unknown"),
    ):
        mets.write_text(changed)
        (refused,) = iter_documents([mets])
        assert isinstance(refused, DocumentRefused) and refused.reason.startswith(reason)
        (document,) = iter_documents([mets], licence="CC0-1.0")
        assert isinstance(document, Document)


def test_other_xml_is_refused_but_for_the_pages(pack):
    (pack / "autre.xml").write_text("<html/>")
    document, refused = iter_documents([pack])
    assert isinstance(document, Document)
    assert isinstance(refused, DocumentRefused) and refused.reason == "not-mets"
