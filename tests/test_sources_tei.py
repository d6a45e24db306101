"""TEI: what the header states of people and rights, and a text without notes, apparatus or printer's marks."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.licences.notices import notice
from rag_commons.sources.passages import split_document
from rag_commons.sources.tei import iter_documents
from rag_commons.sources.tei_header import header_fields
from rag_commons.sources.tei_source import person
from rag_commons.sources.tei_text import read_text
from rag_commons.sources.xml import parse_xml

FIXTURES = Path(__file__).parent / "fixtures" / "tei"
PUITS = """Première partie
L'eau

I

Le village creusait un puits. On disoit qu'il fesoit nuit, sombre et profonde; Monsieur Orme souriait pourtant […].

La margelle

Chanson

L'onde au seau,
Le seau à l'onde.

un seau
une corde

Seaux 3"""


@pytest.fixture
def puits() -> Document:
    (document,) = iter_documents([FIXTURES / "puits.xml"])
    assert isinstance(document, Document)
    return document


def test_the_text_is_what_a_reader_of_the_edition_reads(puits):
    assert puits.text == PUITS


def test_divisions_are_sections_and_page_breaks_are_exact(puits):
    assert [(section.level, section.title) for section in puits.sections] == [(1, "Première partie L'eau"), (2, "I")]
    assert [(page.label, puits.text[page.start :][:5], page.url) for page in puits.pages] == [
        ("1", "Premi", "https://example.org/f1.jpg"),
        ("2", "fonde", None),
        ("3", "l'ond", None),
    ]


def test_the_header_gives_people_dates_and_the_rights_of_each_layer(puits):
    held = puits.provenance
    assert held.title == "Le Puits de Fontclaire : Conte du pays"
    assert (held.authors, held.authors_died) == (("Rive, Anne de", "Paul Orme"), 1870)
    assert (held.holder, held.licence, held.language) == ("Atelier de Fontclaire", "CC-BY-4.0", "fr")
    assert (held.issued, held.modified, held.url) == ("1842", "2020-01-05", "https://doi.org/10.9999/fontclaire.1")
    work, edition = held.layers
    assert (work.role, work.licence, work.url) == ("work", "CC-PDM-1.0", "https://example.org/puits-1842")
    assert (edition.role, edition.authors) == ("edition", ("Zoé Lin", "Ali Sol"))
    assert "Zoé Lin" in notice(held)


def test_a_play_keeps_speakers_and_verse_apart_and_directions_in_parentheses():
    (document,) = iter_documents([FIXTURES / "seau.xml"])
    assert isinstance(document, Document)
    assert document.text == "ACTE I\n\n(Une place.)\n\nGILLES.\nLe seau fuit ! (Il le lève.) Vois !\n\nZOÉ,\n(riant)\nBouche-le."
    assert document.provenance.licence == "CC-BY-NC-SA-4.0"
    # published in 1975 by someone whose death isn't told: never said to be free
    assert not any(layer.licence == "CC-PDM-1.0" for layer in document.provenance.layers)
    assert "statut inconnu" in (document.provenance.rights_note or "")


def test_front_matter_comes_in_when_asked():
    (document,) = iter_documents([FIXTURES / "puits.xml"], front="yes")
    assert isinstance(document, Document)
    assert document.text.startswith("Préface\n\nLisez ceci.\n\nPremière partie")


@pytest.mark.parametrize(
    ("author", "name", "died"),
    [
        ("Balzac, Honoré de (1799-1850)", "Balzac, Honoré de", 1850),
        ("Inconnue (XXXX-XXXX)", "Inconnue", None),
        ("Vivante, Eve (1950-)", "Vivante, Eve", None),
        ("Tard, Jean (1821-1880?)", "Tard, Jean", None),
        ("Futur, Jean (1990-9999)", "Futur, Jean", None),
        ("<persName type='pen'>Molière</persName><persName>Jean-Baptiste Poquelin</persName>", "Molière", None),
        ("<name>Anne <date>1900</date> Rive</name>", "Anne Rive", None),
    ],
)
def test_a_name_and_its_years(author, name, died):
    read = person(parse_xml(f"<author>{author}</author>".encode(), "x"))
    assert (read.name, read.died) == (name, died)


@pytest.mark.parametrize(
    ("availability", "licence"),
    [
        ('<licence target="https://creativecommons.org/publicdomain/zero/1.0/"/>', "CC0-1.0"),
        ("<licence>CC BY-SA 4.0</licence>", "CC-BY-SA-4.0"),
        ("<p>Voir https://creativecommons.org/licenses/by-nd/4.0/.</p>", "CC-BY-ND-4.0"),
        ('<licence target="https://creativecommons.org/licenses/by/4.0/"/><licence>CC-BY-NC-SA-4.0</licence>', "CC-BY-NC-SA-4.0"),
        ('<licence target="https://example.org/maison"/>', DocumentRefused),
        ("", DocumentRefused),
    ],
)
def test_the_licence_is_the_narrowest_that_the_publisher_states(tmp_path, availability, licence):
    (tmp_path / "a.xml").write_text(
        "<TEI><teiHeader><fileDesc><titleStmt><title>A</title></titleStmt><publicationStmt><publisher>P</publisher>"
        f"<idno>https://example.org/a</idno><availability>{availability}</availability></publicationStmt></fileDesc></teiHeader>"
        "<text><body><p>Texte sous CC0-1.0.</p></body></text></TEI>"
    )
    (item,) = iter_documents([tmp_path])
    assert isinstance(item, DocumentRefused) if licence is DocumentRefused else item.provenance.licence == licence
    (given,) = iter_documents([tmp_path], licence="CC-BY-4.0")
    assert isinstance(given, Document) and given.provenance.licence == "CC-BY-4.0"


def test_each_text_of_a_corpus_is_a_document_under_the_header_of_the_corpus(tmp_path):
    text = "<teiHeader><fileDesc><titleStmt><title>{0}</title></titleStmt></fileDesc></teiHeader><text><body><p>{0}.</p></body></text>"
    (tmp_path / "corpus.xml").write_text(
        "<teiCorpus><teiHeader><fileDesc><publicationStmt><availability><licence>CC0-1.0</licence></availability></publicationStmt>"
        f"</fileDesc></teiHeader><TEI>{text.format('Un')}</TEI><TEI>{text.format('Deux')}</TEI></teiCorpus>"
    )
    read = list(iter_documents([tmp_path], collection="c"))
    assert [(item.id, item.provenance.title, item.text, item.provenance.licence) for item in read] == [
        ("c/corpus-1", "Un", "Un.", "CC0-1.0"),
        ("c/corpus-2", "Deux", "Deux.", "CC0-1.0"),
    ]


def test_a_file_of_another_kind_or_with_entities_is_refused(tmp_path):
    (tmp_path / "a.xml").write_text("<html/>")
    (tmp_path / "b.xml").write_text('<!DOCTYPE TEI [<!ENTITY x SYSTEM "file:///etc/hostname">]><TEI>&x;</TEI>')
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    (tmp_path / "c.xml").write_text(f'<!DOCTYPE TEI [<!ENTITY e0 "ha">{bomb}]><TEI a="&e11;">&e11;</TEI>')
    (tmp_path / "d.xml").write_text('<!DOCTYPE TEI SYSTEM "http://example.org/tei.dtd"><TEI/>')
    reasons = [item.reason for item in iter_documents([tmp_path])]
    assert reasons[:2] == ["not-tei", "unsafe-xml"]
    assert reasons[2] in ("malformed-xml", "unsafe-xml")
    assert reasons[3:] == ["missing:licence"]


def test_pages_of_a_layout_go_on_from_one_to_the_next():
    body = '<pb facs="#f1"/><ab>Le vil<lb/>lage creu¬</ab><pb facs="#f2"/><fw>2</fw><ab>soit un puits</ab><pb facs="#f4"/><ab>la nuit</ab>'
    flow = read_text(parse_xml(f"<TEI><text><body>{body}</body></text></TEI>".encode(), "x"))
    assert flow.text == "Le vil lage creusoit un puits\n\nla nuit"
    assert [(page.label, page.start) for page in flow.pages] == [("f1", 0), ("f2", 16), ("f4", 31)]


@pytest.mark.parametrize(
    ("folder", "licence", "count", "sections"), [("eltec-fra", "CC-BY-4.0", 9, 268), ("fredracor-nc", "CC-BY-NC-SA-4.0", 2, 71)]
)
def test_every_real_text(shared_data, folder, licence, count, sections):
    """Every letter of the bodies is there, in order, but for notes and the one call to a note: read again by another parser."""
    items = list(iter_documents([shared_data / "raw" / "tei" / folder]))
    assert all(isinstance(item, Document) and item.provenance.licence == licence for item in items)
    assert (len(items), sum(len(item.sections) for item in items)) == (count, sections)
    for item, path in zip(items, sorted((shared_data / "raw" / "tei" / folder).iterdir()), strict=True):
        assert _letters(item.text) == _letters("".join(_without_notes(ElementTree.parse(path).find(".//{*}text/{*}body"))))
        assert item.provenance.layers[0].role == "work" and item.provenance.layers[0].licence == "CC-PDM-1.0"
        assert all(item.text[section.start :].split()[:1] == section.title.split()[:1] for section in item.sections)
    assert all(items[0].text[p.start : p.end] == p.text for p in split_document(items[0]))


def _without_notes(element):
    yield element.text or ""
    for item in element:
        yield from () if item.tag.endswith(("}note", "}ref")) else _without_notes(item)
        yield item.tail or ""


def _letters(text):
    return "".join(filter(str.isalnum, text))


def test_the_header_of_a_digitised_print_leads_to_its_ark(shared_data):
    path = shared_data / "raw" / "alto" / "gallicorpora-18e" / "bpt6k822192.xml"
    fields = header_fields(parse_xml(path.read_bytes(), "x"))
    (work, _) = fields["layers"]
    assert (fields["issued"], work["holder"]) == ("1741", "Bibliothèque nationale de France")
    assert work["url"] == "https://gallica.bnf.fr/ark:/12148/bpt6k822192"
