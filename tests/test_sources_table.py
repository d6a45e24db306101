"""Tables: CSV, JSON and GeoJSON by a mapping of a few lines, and clear words for what is wrong with either."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources.cells import cell_text
from rag_commons.sources.table import iter_documents

MAPPING = """\
id: "puits/{no}"
title: "{nom}"
text: ["{description}", "Ce puits est {statut}."]
licence: CC-BY-4.0
holder: Commune de Fontclaire
issued: 2014
"""
QUEBEC = """\
id: "rpcq/{BIEN_ID}/SP_CL_v3"
title: "{NOM_BIEN}"
text: ["{DESCRIPTION}", "{SYNTHESE_HISTORIQUE}"]
url: "{URL_RPCQ}"
authors: Gouvernement du Québec
holder: Ministère de la Culture et des Communications du Québec
collection: repertoire-patrimoine-culturel-quebec
licence: CC-BY-4.0
language: fr
issued: 2014
rights_note: Export ouvert de 2014 ; licence à confirmer auprès du ministère.
"""


def table(folder, name, content, mapping=MAPPING):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / f"{name.partition('.')[0]}.mapping.yaml").write_text(mapping)
    return path


def read(path, **options):
    return list(iter_documents([path], **options))


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_csv_however_it_is_cut_and_written(tmp_path, mark, encoding):
    rows = [
        ["no", "nom", "description", "statut"],
        ["1", "Le Grand Puits", '"Creusé, dit-on ; en été | 1830"', "classé"],
        ["2", "Le Petit", "Comblé.", ""],
    ]
    content = "\r\n".join(mark.join(row) for row in rows)
    mapping = MAPPING + (f"encoding: {encoding}\n" if encoding == "latin-1" else "")
    one, two = read(table(tmp_path, "a.csv", content.encode(encoding), mapping))
    assert (one.id, one.provenance.title) == ("puits/1", "Le Grand Puits")
    assert one.text == "Creusé, dit-on ; en été | 1830\n\nCe puits est classé."
    assert (one.provenance.licence, one.provenance.holder, one.provenance.issued) == ("CC-BY-4.0", "Commune de Fontclaire", "2014")
    # a paragraph whose column is empty is left out
    assert two.text == "Comblé."


def test_json_with_nested_values_and_rows_where_the_mapping_says(tmp_path):
    rows = [{"fiche": {"no": 7, "nom": "Puits"}, "description": ["Sec.", "Profond."], "statut": None}, 3]
    mapping = MAPPING.replace("{no}", "{fiche.no}").replace("{nom}", "{fiche.nom}") + "records: reponse.lignes\n"
    document, refused = read(table(tmp_path, "a.json", json.dumps({"reponse": {"lignes": rows}}), mapping))
    assert (document.id, document.text) == ("puits/7", "Sec., Profond.")
    assert isinstance(refused, DocumentRefused) and refused.reason == "malformed-row"


def test_geojson_gives_the_properties_of_its_features(tmp_path):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [1, 2]},
        "properties": {"no": 1, "nom": "P", "description": "D.", "statut": ""},
    }
    (document,) = read(table(tmp_path, "a.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]})))
    assert (document.id, document.text) == ("puits/1", "D.")


def test_several_authors_a_year_and_a_licence_from_columns(tmp_path):
    mapping = 'id: "{no}"\ntitle: "{no}"\ntext: "{texte}"\nauthors: "{qui}"\nauthors_died: "{mort}"\nlicence: "{droits}"\n'
    rows = "no;texte;qui;mort;droits\n1;T;Anne Rive | Paul Orme;1870;https://creativecommons.org/publicdomain/zero/1.0/\n"
    rows += "2;T;;;Tous droits réservés\n3;T;;;\n"
    one, *refused = read(table(tmp_path, "a.csv", rows, mapping + 'delimiter: ";"\n'))
    assert (one.provenance.authors, one.provenance.authors_died, one.provenance.licence) == (("Anne Rive", "Paul Orme"), 1870, "CC0-1.0")
    assert [item.reason.partition(":")[0] for item in refused] == ["unknown-licence", "missing"]


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    path = table(tmp_path, "a.csv", "no;nom;desc;statut\n1;a;b;c\n")
    with pytest.raises(InputError, match="'description', where there are: desc, no, nom, statut"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "mapping", "message"),
    [
        ("a.csv", "no;nom;description;statut\n1;a;b;c", "id: x\n", "without title, text, licence"),
        ("a.csv", "no;nom;description;statut\n1;a;b;c", MAPPING + "titre: x\n", "titre"),
        ("a.csv", "no;nom;description;statut\n1;a;b;c", MAPPING + "encoding: klingon\n", "klingon"),
        ("a.csv", "no;nom;description;statut\n1;a;b;c", MAPPING + "delimiter: '--'\n", "--"),
        ("a.csv", "no;nom;description;statut\n1;a;b;c", "id: [", "YAML"),
        ("a.csv", "no;nom;description;statut\n1;a;b;c", MAPPING.replace("{nom}\"", "{nom}\"\nlanguage: {a: b}"), "dict"),
        ("a.csv", "é;nom\n1;a".encode("latin-1"), MAPPING, "encoding: latin-1"),
        ("a.csv", "", MAPPING, "without any"),
        ("a.csv", "no;no;nom;;\n", MAPPING, "no more than once"),
        ("a.json", "[{", MAPPING, "JSON"),
        ("a.json", "[" * 100_000, MAPPING, "JSON"),
        ("a.json", '{"a": [1], "b": [2]}', MAPPING, "records"),
        ("a.json", "3", MAPPING, "a list of rows"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_or_its_mapping_is_said_once(tmp_path, name, content, mapping, message):
    with pytest.raises(InputError) as caught:
        read(table(tmp_path, name, content, mapping))
    assert message in str(caught.value)


def test_a_missing_mapping_is_named_and_another_can_be_given(tmp_path):
    path = table(tmp_path, "a.csv", "no;nom;description;statut\n1;a;b;c\n")
    other = (tmp_path / "a.mapping.yaml").rename(tmp_path / "autre.yaml")
    with pytest.raises(InputError, match=r"a\.mapping\.yaml"):
        read(path)
    (document,) = read(path, mapping=str(other), holder="Musée du puits")
    assert document.provenance.holder == "Musée du puits"


def test_bad_rows_are_refused_one_by_one(tmp_path):
    rows = "no;nom;description;statut\n1;a;b;c\n1;a;b;c\n;a;b;c\n4;;b;c\n5;a;;\n6;a;b;c;d\n\n7;a;b;c\n"
    items = read(table(tmp_path, "a.csv", rows))
    assert [item.id if isinstance(item, Document) else item.reason for item in items] == [
        "puits/1", "duplicate-id", "missing:id", "missing:title", "empty-text", "malformed-row", "puits/7",
    ]  # fmt: skip
    assert "line 7" in str(items[5])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>Un <b>puits</b></p><p>sec&nbsp;&amp; froid</p><script>x()</script>", "Un puits\n\nsec & froid"),
        ("a < b et c > d", "a < b et c > d"),
        ("AT&T", "AT&T"),
        ("Un<br/>deux<!-- caché --> <i>trois", "Un\ndeux trois"),
        ("  a \r\n b\u2028c\0 ", "a\nb\nc"),
        (None, ""), (True, "true"), (3, "3"), (2.5, "2.5"), ({"a": 1}, ""), ([1, None, "b"], "1, b"),
    ],
)  # fmt: skip
def test_a_cell_as_text(cell, text):
    assert cell_text(cell) == text


@pytest.mark.parametrize("piece", ["<a", "<!--", "</a", "<![CDATA[", "&#", "<a b='"])
def test_markup_that_never_closes_is_read_in_one_go(piece):
    """Some parsers of HTML take minutes over such a cell."""
    assert cell_text("<b>Puits</b> " + piece * 100_000).startswith("Puits")


@settings(max_examples=50, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_cell_is_text_without_markup_or_other_line_ends(cell):
    text = cell_text(cell)
    assert text == text.strip() and not any(mark in text for mark in "\r\0\u2028\u2029\x85")


def test_the_heritage_register_of_quebec_as_published(shared_data, tmp_path):
    """Every record of the layer (its last is empty) makes the very document that the collection holds for it."""
    source = next((shared_data / "raw" / "geojson").iterdir())
    items = read(table(tmp_path, "couche.json", source.read_bytes(), QUEBEC))
    with gzip.open(shared_data / "commons" / "quebec-patrimoine.jsonl.gz", "rt", encoding="utf-8") as lines:
        known = {record["id"]: record for record in map(json.loads, lines)}
    documents = [item for item in items if isinstance(item, Document)]
    assert [item.reason for item in items if isinstance(item, DocumentRefused)] == ["empty-text"]
    assert len(documents) == 71
    for document in documents:
        record = known[document.id]
        assert document.text.split() == record["text"].split()
        for key in ("title", "url", "holder", "collection", "licence", "language", "issued", "rights_note"):
            assert getattr(document.provenance, key) == record[key]
        assert list(document.provenance.authors) == record["authors"]
