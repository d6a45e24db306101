"""Passages are exact, apart, in order, within headings, and leave nothing out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_commons.documents import Document, Page, Section, text_sha256
from rag_commons.licences.provenance import Provenance
from rag_commons.sources.passages import split_document
from rag_commons.text.analysis import count_words

SENTENCE = "Le moulin du bourg tourne depuis deux siècles et moud. "  # 10 words


def document(text, title="Essai", sections=(), pages=(), identity="essai/1"):
    return Document(identity, text, Provenance(title, "CC0-1.0"), tuple(sections), tuple(pages))


def passages(*args, **kwargs):
    return list(split_document(document(*args, **kwargs)))


def test_short_document_is_one_passage():
    (only,) = passages("  Un seul toit.\n\nDeux phrases. ")
    assert only.text == "Un seul toit.\n\nDeux phrases."
    assert only.id == f"essai%2F1@{text_sha256('  Un seul toit.' + chr(10) * 2 + 'Deux phrases. ')[:8]}#0"
    assert (only.start, only.sha256) == (2, text_sha256(only.text))


def test_empty_text_gives_no_passage():
    assert passages(" \n ") == []


def test_long_paragraph_is_cut_at_sentences_into_even_passages():
    found = passages(SENTENCE * 47)
    assert [count_words(p.text) for p in found] == [160, 160, 150]
    assert all(p.text.endswith("moud.") for p in found)


def test_short_paragraphs_are_merged_and_kept_whole():
    paragraphs = [SENTENCE * 5] * 8
    found = passages("\n\n".join(paragraphs))
    assert all(100 <= count_words(p.text) <= 200 and count_words(p.text) % 50 == 0 for p in found)


def test_no_passage_is_left_over():
    for sentences in range(8, 120):
        words = [count_words(p.text) for p in passages(SENTENCE * sentences)]
        assert all(80 <= n <= 200 for n in words), (sentences, words)


def test_markdown_headings_are_borders_and_paths():
    text = f"# Essai\n\nAvant-propos.\n\n## Le *moulin* ##\n\nIl tourne.\n\n### Sa roue\nElle est en bois.\n\n## Le pont\n\n{SENTENCE * 10}"
    assert [(p.section, p.text[:11]) for p in passages(text)] == [
        (None, "Avant-propo"),
        ("Le *moulin", "Il tourne."),
        ("Le *moulin > Sa roue", "Elle est en"),
        ("Le pont", "Le moulin d"),
    ]


def test_hash_in_code_or_words_is_no_heading():
    text = "Voici.\n\n```sh\n# pas un titre\nls\n```\n\nLe #communs et\n#12 restent.\n~~~\n# non plus\n"
    (only,) = passages(text)
    assert only.text == text.strip()


def test_front_matter_and_directives():
    text = "---\nlayout: page\nliste:\n  - a\n---\n# Titre\n\n::: tip Info\nUn conseil.\n:::\n\n---\n\nSuite."
    (only,) = passages(text, title="Autre")
    assert only.text.startswith("::: tip") and only.text.endswith("Suite.") and only.section == "Titre"


@pytest.mark.parametrize("text", ["---\n\nUn rideau. Il se lève.", "---\nActe premier\n---\nIl parle.", "---\n" * 200, "---\n-a: b\n" * 60])
def test_a_rule_at_the_head_is_not_front_matter(text):
    (only,) = passages(text)
    assert only.text == text.strip()


def test_given_sections_win_over_marks():
    text = "Préface.\nCHAPITRE\nPREMIER\n# Il marche.\nSECOND\nIl dort."
    sections = [Section(9, 1, "Chapitre premier"), Section(text.index("SECOND"), 1, "Autre titre"), Section(len(text), 2, "Vide")]
    found = passages(text, sections=sections)
    assert [(p.section, p.text) for p in found] == [
        (None, "Préface."),
        ("Chapitre premier", "# Il marche."),
        ("Autre titre", "SECOND\nIl dort."),
    ]


def test_section_whose_text_begins_with_its_title_keeps_its_words():
    (only,) = passages("Tourisme est un mot.", sections=[Section(0, 1, "Tourisme")])
    assert only.text == "Tourisme est un mot."


def test_headings_alone_are_still_a_passage():
    (only,) = passages("# Le moulin\n\n## La roue\n")
    assert only.text == "# Le moulin\n\n## La roue"


def test_page_is_the_one_where_the_passage_starts():
    text = SENTENCE * 40
    pages = [Page(200, "12"), Page(1200, "13", 0.9)]
    labels = [p.page.label if p.page else None for p in passages(text, pages=pages)]
    assert labels[0] is None and labels[1] == "12" and labels[-1] == "13"


def test_overlong_sentence_is_cut_between_clauses():
    clause = "le vent du nord se lève et la mer se retire ; "  # 11 words
    found = passages(clause * 60)
    assert all(80 <= count_words(p.text) <= 200 for p in found)
    assert all(p.text.endswith(";") for p in found)


def test_text_without_spaces_is_cut_too():
    found = passages("漢字" * 20_000 + "!" * 20_000)
    assert "".join(p.text for p in found) == "漢字" * 20_000 + "!" * 20_000
    assert max(len(p.text) for p in found) <= 8_000


MARKDOWN = st.lists(
    st.sampled_from(
        [
            "# Titre\n",
            "## Sous-titre\n",
            "\n",
            "\n\n",
            SENTENCE,
            SENTENCE * 7,
            SENTENCE * 30,
            "mot " * 90,
            "mot, " * 300,
            "« Oui ! » ",
            "```\n",
            "---\n",
        ]
    ),
    max_size=20,
).map("".join)


@given(st.one_of(st.text(max_size=400), MARKDOWN), st.data())
def test_passages_are_exact_apart_and_leave_nothing_out(text, data):
    starts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=3)))
    sections = [Section(start, 1 + n % 2, f"Partie {n}") for n, start in enumerate(starts)]
    done = 0
    left_out = []
    for number, passage in enumerate(passages(text, sections=sections)):
        assert text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        assert passage.number == number
        assert passage.start >= done
        assert count_words(passage.text) <= 200
        assert not any(passage.start < start < passage.end for start in starts)
        left_out.append(text[done : passage.start])
        done = passage.end
    left_out.append(text[done:])
    for line in re.split("\n", "".join(left_out)):
        assert not line.strip() or (not sections and line.lstrip().startswith("#"))
