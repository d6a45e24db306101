"""Exports: every format parses back, holds every reference with its licence, and no text of a corpus breaks out of its field."""

import json
import re
from dataclasses import replace

import bibtexparser
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rendering_samples import SAVED, WALLS_HIT, abstention, answer_of, hit, hostile_answer, passage, plain_answer

from rag_commons.rendering.bibliography import key
from rag_commons.rendering.bibtex import answer_to_bibtex
from rag_commons.rendering.csl import answer_to_csl
from rag_commons.rendering.exports import EXPORTS
from rag_commons.rendering.jsonld import answer_to_jsonld
from rag_commons.rendering.markdown import answer_to_markdown
from rag_commons.rendering.ris import answer_to_ris

MAKERS = [plain_answer, hostile_answer]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_every_reference_leaves_with_its_licence(export, make, language):
    answer = make(language)
    written = export.write(answer)
    for reference in answer.references:
        identifier = reference.provenance.licence
        badge = {"CC-BY-SA-4.0": "CC BY-SA 4.0", "CC-BY-4.0": "CC BY 4.0", "etalab-2.0": "Licence Ouverte 2.0"}[identifier]
        assert identifier in written or badge in written


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_an_abstention_has_an_export_without_references(export):
    assert "CC-BY-SA" not in export.write(abstention()) or export.name == "html"


def check_markdown(answer):
    tokens = MarkdownIt("commonmark", {"html": True}).parse(answer_to_markdown(answer))
    every = [child for token in tokens for child in (token, *(token.children or ()))]
    assert not {"html_block", "html_inline", "code_inline", "code_block", "fence", "image"} & {token.type for token in every}
    links = [token.attrs["href"] for token in every if token.type == "link_open"]
    assert all(link.startswith(("https://", "http://")) for link in links)
    headings = [token for token in tokens if token.type == "heading_open"]
    assert [token.tag for token in headings] == ["h1", "h2", "h2"]
    lists = [token for token in tokens if token.type == "ordered_list_open" and token.level == 0]
    assert len(lists) == 1
    return "".join(token.content for token in every if token.type == "text")


def check_csl(answer):
    items = json.loads(answer_to_csl(answer))
    assert [item["id"] for item in items] == [key(reference) for reference in answer.references]
    for item, reference in zip(items, answer.references, strict=True):
        assert item["custom"]["licence"] == reference.provenance.licence
        assert reference.provenance.licence in item["note"]
        assert item.get("URL", "https://").startswith(("http://", "https://"))
        assert set(item) <= {
            *("id", "type", "title", "author", "publisher", "container-title", "section", "page", "URL", "issued", "accessed"),
            *("language", "annote", "note", "custom"),
        }


def check_bibtex(answer):
    written = answer_to_bibtex(answer)
    assert written.isprintable() or "\n" in written
    depth = 0
    for character in written:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    library = bibtexparser.parse_string(written)
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [key(reference) for reference in answer.references]
    for entry, reference in zip(library.entries, answer.references, strict=True):
        assert entry["note"].replace(r"\_", "_").count(f"[{reference.provenance.licence}]")


def check_ris(answer):
    written = answer_to_ris(answer)
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in written.split("\r\n") if line)
    records = rispy.loads(written.replace("\r\n", "\n"))
    assert len(records) == len(answer.references)
    for record, reference in zip(records, answer.references, strict=True):
        assert any(reference.provenance.licence in note for note in record["notes"])


def check_jsonld(answer):
    graph = json.loads(answer_to_jsonld(answer))["@graph"]
    passages = {node["identifier"]: node for node in graph if "identifier" in node}
    notes = [node for node in graph if node["@type"] == "oa:Annotation"]
    assert len(notes) == sum(len(statement.citations) for statement in answer.statements)
    assert len({node["@id"] for node in graph}) == len(graph)
    for reference in answer.references:
        node = passages[reference.passage.id]
        assert (node.get("license") or node.get("usageInfo"))["identifier"] == reference.provenance.licence
        assert node["prov:wasDerivedFrom"]["@id"] == node["isPartOf"]["@id"]
    for note, citation in zip(notes, (c for s in answer.statements for c in s.citations), strict=True):
        text = next(reference.passage for reference in answer.references if reference.ref == citation.ref)
        words, position = note["oa:hasTarget"]["oa:hasSelector"]
        assert words["oa:exact"] == citation.quote
        assert words["oa:prefix"] + words["oa:exact"] + words["oa:suffix"] in text.text
        assert text.text[position["oa:start"] - text.start : position["oa:end"] - text.start] == citation.quote


CHECKS = [check_markdown, check_csl, check_bibtex, check_ris, check_jsonld]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("make", MAKERS)
def test_the_format_parses_back(check, make):
    check(make())


@pytest.mark.parametrize("check", CHECKS)
@given(
    title=st.text(max_size=60),
    words=st.text(max_size=120),
    author=st.text(max_size=30),
    identifier=st.text(min_size=1, max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_out_of_its_field(check, title, words, author, identifier):
    words += "."
    held = replace(
        WALLS_HIT.provenance,
        title=title,
        authors=(author, "Ada"),
        holder=words,
        collection=author,
        rights_note=words,
        permalink=None,
        url=title,
    )
    check(answer_of((hit(1, passage(words, identifier, 0, title), held), words), (WALLS_HIT, SAVED), question=f"Q {words}"))


def test_markdown_tells_why_an_answer_is_not_as_asked():
    answer = replace(plain_answer(), reason="Le modèle de langue n'a pas répondu (délai). La réponse est faite d'extraits.")
    assert "n'a pas répondu (délai). La réponse est faite d'extraits." in answer_to_markdown(answer)
    assert "did not reply (délai). The answer is made of extracts." in answer_to_markdown(replace(answer, language="en"))


def test_copied_markdown_keeps_the_citations_their_links_and_notices():
    text = answer_to_markdown(plain_answer())
    assert r"promenade. [\[1\]](<https://exemple.org/remparts?revision=12>)" in text
    assert "> Auteur : Ada Lenoir" in text
    assert "si vous reprenez" in text.lower()


def test_the_words_of_the_corpus_are_read_as_they_are():
    assert "*gras* _souligné_ <b> 1. [x]" in check_markdown(
        answer_of((hit(1, passage("*gras* _souligné_ <b> 1. [x]", "x"), WALLS_HIT.provenance), "*gras* _souligné_ <b> 1. [x]"))
    )
