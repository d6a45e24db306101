"""Contract 1: what a JSON document must hold, why it is refused, and that writing is the inverse of reading."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.documents import Document, Page, Section
from rag_commons.errors import DocumentRefused, UnknownLicence
from rag_commons.licences.provenance import Label, Layer, Provenance
from rag_commons.sources.contract import KEYS, canonical_language, check_document, document_from_json, document_to_json

LEAST = {"id": "essai/1", "title": "Essai", "text": "Un moulin.", "licence": "CC0-1.0"}


def test_least_document():
    assert document_from_json(LEAST) == Document("essai/1", "Un moulin.", Provenance("Essai", "CC0-1.0"))


def test_every_key_is_read():
    whole = LEAST | {
        "language": "fr-ca",
        "authors": ["A. Roy", "B. Roy"],
        "authors_died": 1850,
        "holder": "Musée",
        "collection": "Fonds",
        "url": "https://exemple.org/é",
        "permalink": "https://exemple.org/1",
        "history_url": "https://exemple.org/h",
        "licence": "CC-BY-4.0",
        "issued": "1850",
        "modified": "2014-05",
        "retrieved": "2024-02-29",
        "rights_note": "À confirmer.",
        "layers": [{"role": "work", "licence": "CC-PDM-1.0", "authors": ["A. Roy"], "holder": None, "url": None}],
        "sections": [{"start": 0, "level": 1, "title": "Un"}, {"start": 0, "level": 2, "title": "Deux"}],
        "pages": [{"start": 3, "label": "12", "ocr": 0.93, "url": "https://exemple.org/12"}],
        "labels": [{"uri": "https://exemple.org/tk", "community": "Nation", "text": "Attribution"}],
        "references": ["Un livre"],
    }
    assert set(whole) == set(KEYS)
    document = document_from_json(whole)
    assert document.provenance.language == "fr-CA"
    assert document.sections[1] == Section(0, 2, "Deux")
    assert document.pages == (Page(3, "12", 0.93, "https://exemple.org/12"),)
    assert document.provenance.layers == (Layer("work", "CC-PDM-1.0", ("A. Roy",)),)
    assert document.provenance.labels == (Label("https://exemple.org/tk", "Nation", "Attribution"),)
    assert document_to_json(document) == whole | {"language": "fr-CA"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "missing:id"),
        ({"id": " "}, "missing:id"),
        ({"id": "a\nb"}, "invalid:id"),
        ({"id": 7}, "invalid:id"),
        ({"title": ""}, "missing:title"),
        ({"text": None}, "missing:text"),
        ({"text": " \n"}, "empty-text"),
        ({"text": "a\0b"}, "invalid:text"),
        ({"text": "a\ud800b"}, "invalid:text"),
        ({"text": ["a"]}, "invalid:text"),
        ({"licence": None}, "missing:licence"),
        ({"licence": "etalab-2.0", "holder": "Mairie"}, "missing:modified"),
        ({"license": "CC0-1.0"}, "unknown-key"),
        ({"layers": [{"role": "work", "licence": "CC0-1.0", "year": 1}]}, "unknown-key"),
        ({"language": "français"}, "invalid:language"),
        ({"language": "fr_FR"}, "invalid:language"),
        ({"authors": "A. Roy"}, "invalid:authors"),
        ({"authors": [""]}, "invalid:authors"),
        ({"authors_died": True}, "invalid:authors_died"),
        ({"authors_died": "1850"}, "invalid:authors_died"),
        ({"url": "javascript:alert(1)"}, "invalid:url"),
        ({"permalink": "https://a b"}, "invalid:permalink"),
        ({"issued": "14 juillet"}, "invalid:issued"),
        ({"issued": "1850-13"}, "invalid:issued"),
        ({"modified": "2023-02-29"}, "invalid:modified"),
        ({"retrieved": "2024-1-1"}, "invalid:retrieved"),
        ({"retrieved": 2024}, "invalid:retrieved"),
        ({"layers": [{"role": "owner", "licence": "CC0-1.0"}]}, "invalid:layers"),
        ({"layers": {}}, "invalid:layers"),
        ({"layers": [3]}, "invalid:layers[0]"),
        ({"sections": [{"start": 11, "level": 1, "title": "Loin"}]}, "invalid:sections"),
        ({"sections": [{"start": -1, "level": 1, "title": "Avant"}]}, "invalid:sections"),
        ({"sections": [{"start": 0, "level": 0, "title": "Zéro"}]}, "invalid:sections"),
        ({"sections": [{"start": 0.5, "level": 1, "title": "Demi"}]}, "invalid:sections.start"),
        ({"pages": [{"start": 5, "label": "2"}, {"start": 1, "label": "1"}]}, "invalid:pages"),
        ({"pages": [{"start": 0, "label": "1", "ocr": 93}]}, "invalid:pages"),
        ({"pages": [{"start": 0, "label": "1", "ocr": float("nan")}]}, "invalid:pages"),
        ({"labels": [{"uri": "https://exemple.org/tk", "community": "Nation"}]}, "missing:text"),
    ],
)
def test_reasons(change, reason):
    with pytest.raises(DocumentRefused) as refused:
        document_from_json(LEAST | change)
    assert refused.value.reason == reason
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("obj", [None, [], "texte", 3])
def test_what_is_no_object(obj):
    with pytest.raises(DocumentRefused, match="a JSON object"):
        document_from_json(obj)


def test_unknown_key_is_named():
    with pytest.raises(DocumentRefused, match="'auteur'"):
        document_from_json(LEAST | {"auteur": "A. Roy"})


@pytest.mark.parametrize("change", [{"licence": "tous droits"}, {"layers": [{"role": "work", "licence": "tous droits"}]}])
def test_unknown_licence(change):
    with pytest.raises(UnknownLicence):
        document_from_json(LEAST | change)


def test_choice_of_licence_is_noted_once():
    document = document_from_json(LEAST | {"licence": "GFDL-1.3-or-later OR CC-BY-SA-4.0", "rights_note": "À confirmer."})
    assert document.provenance.licence == "CC-BY-SA-4.0"
    assert document.provenance.rights_note.startswith("À confirmer. ")
    assert document_from_json(document_to_json(document)) == document


def test_document_made_by_a_source_is_checked_too():
    with pytest.raises(UnknownLicence):
        check_document(Document("a", "Un.", Provenance("A", "unheard-of")))
    with pytest.raises(DocumentRefused, match="title"):
        check_document(Document("a", "Un.", Provenance("", "CC0-1.0")))


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("FR", "fr"),
        ("oc-latn-es", "oc-Latn-ES"),
        ("fr-x-QC", "fr-x-qc"),
        ("zh-min-nan", "zh-min-nan"),
        ("be-tarask", "be-tarask"),
        (None, None),
    ],
)
def test_language_in_its_usual_case(tag, usual):
    assert canonical_language(tag) == usual
    assert document_from_json(LEAST | {"language": tag}).provenance.language == usual


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12).filter(str.strip)
MAYBE = st.none() | WORDS
ADDRESS = st.none() | st.just("https://exemple.org/é?a=1")


@st.composite
def documents(draw):
    text = draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40).filter(str.strip))
    starts = st.lists(st.integers(0, len(text)), max_size=3).map(sorted)
    layers = st.builds(
        Layer, st.sampled_from(["work", "digitisation"]), st.just("CC0-1.0"), st.lists(WORDS, max_size=2).map(tuple), MAYBE, ADDRESS
    )
    provenance = Provenance(
        title=draw(WORDS),
        licence=draw(st.sampled_from(["CC0-1.0", "CC-BY-4.0", "CC-PDM-1.0"])),
        language=draw(st.sampled_from([None, "fr", "oc", "fr-CA"])),
        authors=("A. Roy", *draw(st.lists(WORDS, max_size=2))),
        authors_died=draw(st.none() | st.integers(-800, 2020)),
        holder=draw(MAYBE),
        collection=draw(MAYBE),
        url="https://exemple.org",
        permalink=draw(ADDRESS),
        issued=draw(st.sampled_from([None, "1850", "1850-12", "2024-02-29"])),
        rights_note=draw(MAYBE),
        layers=tuple(draw(st.lists(layers, max_size=2))),
        labels=tuple(draw(st.lists(st.builds(Label, st.just("https://exemple.org/tk"), WORDS, WORDS), max_size=2))),
        references=tuple(draw(st.lists(WORDS, max_size=2))),
    )
    sections = tuple(Section(start, draw(st.integers(1, 6)), draw(WORDS)) for start in draw(starts))
    pages = tuple(Page(start, draw(WORDS), draw(st.none() | st.floats(0, 1)), draw(ADDRESS)) for start in draw(starts))
    return Document(draw(WORDS), text, provenance, sections, pages)


@given(documents())
def test_writing_then_reading_is_the_identity(document):
    assert document_from_json(json.loads(json.dumps(document_to_json(document)))) == document


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_json_is_read_or_refused(change):
    try:
        document_from_json(LEAST | change)
    except DocumentRefused as refused:
        assert refused.reason
