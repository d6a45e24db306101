"""ALTO: words joined over lines and pages at exact offsets, reading order, page numbers, confidence, and no licence of its own."""

import re
import shutil
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused
from rag_commons.sources.alto import iter_documents
from rag_commons.sources.alto_page import AltoBlock, AltoLine, AltoPage, read_pages
from rag_commons.sources.alto_volume import Leaf, bind
from rag_commons.sources.hyphenation import cut_at
from rag_commons.sources.passages import split_document
from rag_commons.sources.xml import parse_xml

FIXTURES = Path(__file__).parent / "fixtures" / "alto"


@pytest.fixture
def volume() -> Document:
    (document,) = iter_documents([FIXTURES])
    assert isinstance(document, Document)
    return document


def test_a_volume_is_read_as_its_printer_meant_it(volume):
    assert volume.text == (
        "Le village creusait un puits.\n"
        "Peut-être pleuvrait-il aux moissons ; on l'eſpéroit au ﬁn fond\n"
        "Fin\n"
        "CHAPITRE SECOND\n"
        "L'âne buvoit\n"
        "ſous la lune pâle.\n"
        "* en marge"
    )


def test_a_page_starts_exactly_inside_the_word_that_its_break_cuts(volume):
    starts = [(page.label, volume.text[page.start :][:9]) for page in volume.pages]
    assert starts == [("3", "Le villag"), ("4", "sons ; on"), ("6", "CHAPITRE ")]


def test_confidence_is_the_mean_of_the_words_and_addresses_lead_to_the_page(volume):
    # the margin's words count as words of the page; without any, the accuracy of the page stands in
    assert volume.pages[0].ocr == pytest.approx((0.2 + 0.2 + 0.9 + 0.8 + 0.6 + 0.6 + 1 + 1) / 8, abs=1e-4)
    assert volume.pages[2].ocr is None
    assert volume.pages[0].url == "https://gallica.bnf.fr/ark:/12148/bpt6k0000001z/f7.item"
    assert volume.provenance.url == "https://gallica.bnf.fr/ark:/12148/bpt6k0000001z"


def test_what_a_sidecar_states_is_the_provenance(volume):
    held = volume.provenance
    assert (volume.id, held.title, held.licence, held.holder) == (
        "fontclaire/bpt6k0000001z",
        "Le Puits",
        "CC-BY-4.0",
        "Bibliothèque de Fontclaire",
    )
    assert held.language == "fr"


def test_headings_become_sections_but_returning_ones_do_not(volume):
    assert [(section.title, volume.text[section.start :][:8]) for section in volume.sections] == [("CHAPITRE SECOND", "CHAPITRE")]
    heading = '<TextLine TAGREFS="h"><String CONTENT="GILLES."/></TextLine><TextLine><String CONTENT="Bonjour."/></TextLine>'
    block = f"<Layout><Page><TextBlock>{heading * 3}</TextBlock></Page></Layout>"
    assert _bound(f'<alto><Tags><OtherTag ID="h" LABEL="HeadingLine"/></Tags>{block}</alto>').sections == ()


def test_without_a_licence_a_volume_is_refused_with_the_way_to_give_one(tmp_path):
    shutil.copy(FIXTURES / "bpt6k0000001z_f7.xml", tmp_path)
    (refused,) = iter_documents([tmp_path])
    assert isinstance(refused, DocumentRefused)
    assert refused.reason == "missing:licence"
    assert "_defaults.yaml" in str(refused) and "--set licence=" in str(refused)
    (document,) = iter_documents([tmp_path], licence="CC0-1.0", title="Le Puits")
    assert isinstance(document, Document)
    assert document.provenance.licence == "CC0-1.0"


def test_a_page_that_cannot_be_read_is_refused_and_the_volume_goes_on(tmp_path):
    for path in FIXTURES.iterdir():
        shutil.copy(path, tmp_path)
    cut = tmp_path / "bpt6k0000001z_f8.xml"
    cut.write_bytes(cut.read_bytes()[:400])
    refused, document = iter_documents([tmp_path])
    assert isinstance(refused, DocumentRefused) and refused.reason == "malformed-xml"
    assert isinstance(document, Document) and [page.label for page in document.pages] == ["3", "6"]
    # nothing is joined over the hole
    assert "mois-\n" in document.text


@pytest.mark.parametrize(
    ("names", "volumes"),
    [
        (["tome-0001.xml", "tome-0002.xml"], {"tome": ["1", "2"]}),
        (["0001.xml", "0010.xml"], {"le-folio": ["1", "10"]}),
        (["lettre_A_p1.xml", "lettre_B_p1.xml"], {"lettre_A": ["1"], "lettre_B": ["1"]}),
        (["charte.xml"], {"charte": ["1"]}),
    ],
)
def test_pages_are_grouped_by_folder_and_name(tmp_path, names, volumes):
    folder = tmp_path / "le-folio"
    folder.mkdir()
    for name in names:
        (folder / name).write_text("<alto><Layout><Page><TextLine><String CONTENT='Un mot'/></TextLine></Page></Layout></alto>")
    read = {item.id.split("/")[1]: [page.label for page in item.pages] for item in iter_documents([folder], licence="CC0-1.0")}
    assert read == volumes


def test_a_tei_file_of_the_same_name_describes_the_volume(tmp_path):
    shutil.copy(FIXTURES / "bpt6k0000001z_f7.xml", tmp_path)
    header = (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Le Puits</title><author>Anne Rive (1801-1870)'
        '</author></titleStmt><publicationStmt><availability><licence target="https://creativecommons.org/licenses/by/4.0/"/>'
        "</availability></publicationStmt></fileDesc></teiHeader></TEI>"
    )
    (tmp_path / "bpt6k0000001z.xml").write_text(header)
    # the licence in it is that of the TEI file
    (refused,) = iter_documents([tmp_path])
    assert isinstance(refused, DocumentRefused) and refused.reason == "missing:licence"
    (document,) = iter_documents([tmp_path], licence="CC0-1.0")
    assert isinstance(document, Document)
    assert (document.provenance.title, document.provenance.authors_died) == ("Le Puits", 1870)
    assert [(layer.role, layer.licence) for layer in document.provenance.layers] == [("work", "CC-PDM-1.0")]


@pytest.mark.parametrize(
    ("tail", "head", "others", "cut"),
    [
        ("mer¬", "veilles", "", "word"),
        ("mer-", "veilles", "", "word"),
        ("mer⸗", "veilles", "", "word"),
        ("mer\u00ad", "veilles", "", "word"),
        ("Saint-", "Malo", "", "none"),
        ("HOM¬", "MES", "", "word"),
        ("1914-", "1918", "", "none"),
        ("fut vu -", "mais", "", "none"),
        ("dit-", "elle en riant", "", "compound"),
        ("c'est-à-", "dire", "", "compound"),
        ("avant-", "coureur", "un avant-coureur", "compound"),
        ("mal-", "gré", "malgré", "word"),
        ("vil-", "le", "la ville", "word"),
        ("est-", "ce", "", "compound"),
        ("", "mot", "", "none"),
        ("mot-", "", "", "none"),
    ],
)
def test_a_mark_at_the_end_of_a_line(tail, head, others, cut):
    assert cut_at(tail, head, lambda: set(others.split())) == cut


@pytest.mark.parametrize("version", ["ns-v2#", "ns-v3#", "ns-v4#", None])
def test_every_version_reads_alike_and_words_without_sp_are_apart(version):
    space = f' xmlns="http://www.loc.gov/standards/alto/{version}"' if version else ""
    page = '<Page PC="0.75"><PrintSpace><TextBlock ID="a"><TextLine><String CONTENT="Un"/><String CONTENT="mot"/></TextLine></TextBlock>'
    assert _bound(f"<alto{space}><Layout>{page}</PrintSpace></Page></Layout></alto>").text == "Un mot"
    (read,) = read_pages(parse_xml(f"<alto{space}><Layout>{page}</PrintSpace></Page></Layout></alto>".encode(), "x"), "x")
    assert read.ocr == 0.75


def test_blocks_that_name_the_next_one_are_read_in_that_order():
    blocks = "".join(
        f'<TextBlock ID="{own}" IDNEXT="{after}"><TextLine><String CONTENT="{own}"/></TextLine></TextBlock>'
        for own, after in (("c", ""), ("a", "b"), ("b", "c"), ("loop", "loop"))
    )
    assert _bound(f"<alto><Layout><Page>{blocks}</Page></Layout></alto>").text == "a\nb\nc\nloop"


def test_a_word_cut_at_the_end_of_a_column_is_joined_where_the_file_says_so():
    columns = (
        '<TextBlock ID="a"><TextLine><String CONTENT="la mois" SUBS_TYPE="HypPart1" SUBS_CONTENT="moisson"/><HYP/></TextLine></TextBlock>'
        '<TextBlock ID="b"><TextLine><String CONTENT="son" SUBS_TYPE="HypPart2" SUBS_CONTENT="moisson"/></TextLine></TextBlock>'
    )
    bound = _bound(f"<alto><Layout><Page>{columns}</Page></Layout></alto>")
    assert bound.text == "la moisson"
    assert bound.blocks == {(0, "a"): 0, (0, "b"): 7}
    wrong = columns.replace('"moisson"', '"orgueil"')
    assert _bound(f"<alto><Layout><Page>{wrong}</Page></Layout></alto>").text == "la mois-\nson"


@pytest.mark.parametrize(("folder", "licence", "volumes", "pages"), [
    ("testaments-poilus", "CC-BY-4.0", 122, 150),
    ("gallicorpora-18e", "CC0-1.0", 7, 91),
])  # fmt: skip
def test_every_real_page(shared_data, folder, licence, volumes, pages):
    """The 248 files: 241 pages, and 7 TEI files that describe the volumes of Gallica."""
    items = list(iter_documents([shared_data / "raw" / "alto" / folder], licence=licence))
    assert all(isinstance(item, Document) and item.provenance.licence == licence for item in items)
    assert (len(items), sum(len(item.pages) for item in items)) == (volumes, pages)
    for item in items:
        starts = [page.start for page in item.pages]
        assert starts == sorted(starts)
        assert all(item.text[section.start :].split()[:1] == section.title.split()[:1] for section in item.sections)
        assert all(item.text[p.start : p.end] == p.text for p in split_document(item))
        # a mark of division is left only at the end of a block or page, or where no word goes on after it
        assert not re.search(r"\w[¬⸗] +[a-zà-ÿſ]", item.text)
        assert not re.search(r"[\t\r]|  |\n\n|^\s|\s\Z", item.text)
    # every letter of every line is there, but for what the printer put around: read again by another parser
    written = Counter(letter for item in items for letter in item.text if letter.isalnum())
    assert written == Counter(letter for text in _lines_of(shared_data / "raw" / "alto" / folder) for letter in text if letter.isalnum())
    assert written["ſ"] > (1000 if folder == "gallicorpora-18e" else -1)


def _lines_of(folder):
    for path in folder.iterdir():
        root = ElementTree.parse(path).getroot()
        labels = {tag.get("ID"): tag.get("LABEL") for tag in root.iterfind("{*}Tags/{*}OtherTag")}
        for block in root.iterfind("{*}Layout//{*}TextBlock"):
            lines = [text for text in (string.get("CONTENT").strip() for string in block.iterfind(".//{*}String")) if text]
            around = labels.get(block.get("TAGREFS")) in ("NumberingZone", "RunningTitleZone", "QuireMarksZone", "StampZone")
            if not (around and len(lines) == 1 and len(lines[0]) <= 60):
                yield from lines


WORDS = st.text("aAéſ¬-⸗ '.", max_size=8)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.lists(st.lists(st.tuples(WORDS, st.booleans()), max_size=4), max_size=3)), max_size=4))
def test_whatever_the_lines_offsets_hold_and_no_letter_is_lost(pages):
    leaves = []
    for follows, blocks in pages:
        lines = [[AltoLine(" ".join(text.split()), heading=heading) for text, heading in block if text.split()] for block in blocks]
        held = [AltoBlock(str(number), tuple(block)) for number, block in enumerate(lines) if block]
        leaves.append(Leaf(AltoPage(None, None, None, tuple(held)), "p", follows=follows))
    bound = bind(leaves)
    lines = [line.text for leaf in leaves for block in leaf.page.blocks for line in block.lines]
    kept = "aAéſ'."
    assert [letter for letter in bound.text if letter in kept] == [letter for line in lines for letter in line if letter in kept]
    assert bound.text == bound.text.strip() and "  " not in bound.text and len(bound.pages) == len(leaves)
    assert [page.start for page in bound.pages] == sorted(page.start for page in bound.pages)
    for number, leaf in enumerate(leaves):
        for block in leaf.page.blocks:
            start = bound.blocks[number, block.id]
            assert bound.text[start:].startswith(block.lines[0].text[:-1])
        if leaf.page.blocks:
            assert bound.pages[number].start == bound.blocks[number, leaf.page.blocks[0].id]
    for section in bound.sections:
        assert " ".join(bound.text[section.start :].split()).startswith(section.title)


def _bound(xml: str):
    return bind([Leaf(page, str(number)) for number, page in enumerate(read_pages(parse_xml(xml.encode(), "x"), "x"), 1)])
