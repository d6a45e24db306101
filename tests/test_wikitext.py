"""Wikitext reads as its page does: the table of truth, laws on any input, and mwparserfromhell as the oracle for plain words."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_commons.sources.wikitext import read_wikitext

TABLE = Path(__file__).with_name("tables") / "wikitext.txt"
RESIDUE = (
    "{{",
    "}}",
    "[[",
    "]]",
    "'''",
    "()",
    "( )",
    "(;",
    "(,",
    "  ",
    "{|",
    "|}",
    "<ref",
    "</",
    "\u00a0",
    "&nbsp;",
    "__",
    "\ufdd0",
    "\ufdd1",
)
PIECES = [
    "{{",
    "}}",
    "[[",
    "]]",
    "|",
    "=",
    "\n",
    "==",
    "'''",
    "''",
    "{|",
    "|}",
    "|-",
    "!",
    "*",
    "#",
    ";",
    ":",
    "(",
    ")",
    "<ref>",
    "</ref>",
    "<br>",
]
PIECES += [
    "<!--",
    "-->",
    "<nowiki>",
    "</nowiki>",
    "<math>",
    "</math>",
    "Fichier:",
    "unité|5|m",
    "s|XIX",
    "citation|",
    "date|1|2|1990",
    "é",
    "mot ",
    " ",
]


def cases():
    for block in re.split(r"^---\n", TABLE.read_text("utf-8"), flags=re.MULTILINE):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        fields, key = {}, ""
        for line in lines:
            if found := re.match(r"(name|input|output)(?: \((\w+)\))?: (.*)", line):
                key = found[1]
                fields[key] = found[3]
                fields.setdefault("wiki", found[2] or "frwiki")
            elif key and (line.startswith("  ") or not line):
                fields[key] += "\n" + line[2:]
        yield pytest.param(fields["input"], fields["output"].rstrip("\n"), fields["wiki"], id=fields["name"])


@pytest.mark.parametrize(("source", "text", "wiki"), list(cases()))
def test_table_of_truth(source, text, wiki):
    assert read_wikitext(source, wiki, "Titre").text == text


def test_sections_start_at_their_titles():
    read = read_wikitext("Début.\n== Un {{unité|5|m}} ==\nTexte.\n=== ''Deux'' & trois===\n* a\n==Quatre<br>cinq==\nFin.")
    assert [(section.level, section.title) for section in read.sections] == [(1, "Un 5 m"), (2, "Deux & trois"), (1, "Quatre cinq")]
    assert all(read.text[section.start :].startswith(section.title + "\n") for section in read.sections)
    assert all(read.text[section.start - 2 : section.start] == "\n\n" for section in read.sections)


def test_sections_hold_where_verbatim_text_is_put_back():
    read = read_wikitext("<nowiki>== {{a}} ==</nowiki>\n== B <nowiki>[[c]]</nowiki> ==\nd")
    assert read.text == "== {{a}} ==\n\nB [[c]]\nd"
    assert read.text[read.sections[0].start :].startswith("B [[c]]") and read.sections[0].title == "B [[c]]"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_input_reads_without_error_and_with_true_offsets(source):
    read = read_wikitext(source)
    assert all(read.text[section.start :].startswith(section.title) and section.title for section in read.sections)
    assert [section.start for section in read.sections] == sorted(section.start for section in read.sections)
    assert "  " not in read.text and "\n\n\n" not in read.text and read.text == read.text.strip()
    assert not re.search("[\ufdd0-\ufdef]", read.text)


PLAIN = st.lists(
    st.sampled_from(
        [
            "Le lac ",
            " '''gelé''' ",
            " ''hier'' ",
            "[[mot]]",
            "[[page|libellé]]",
            "s ",
            "\n",
            "\n\n",
            "\n== Titre ==\n",
            "\n* point",
            " 1990",
            ", ",
            ".",
            "[https://a.example nom]",
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(PLAIN)
def test_plain_words_of_the_oracle_are_kept(source):
    oracle = pytest.importorskip("mwparserfromhell").parse("Début.\n" + source + "\nFin.").strip_code()
    assert re.findall(r"\w+", read_wikitext("Début.\n" + source + "\nFin.").text) == [
        word for word in re.findall(r"\w+", without_empty_headings(oracle, source))
    ]


def without_empty_headings(text, source):
    """The oracle keeps headings over nothing: take away those that the source leaves empty."""
    lines = [line.strip() for line in text.split("\n")]
    kept = []
    for place, line in enumerate(lines):
        following = next((other for other in lines[place + 1 :] if other), "")
        if line == "Titre" and following in ("Titre", ""):
            continue
        kept.append(line)
    return "\n".join(kept)


HOSTILE = [
    "{{",
    "{{a|",
    "[[",
    "[[a|",
    "<ref>",
    "<!--",
    "<nowiki>",
    "l'''a ",
    "''''",
    "{|\n",
    "({{x}};",
    "=a\n",
    "{{{",
    "<span ",
    "[http://a ",
    "__A",
    "{{s|",
    "<br>",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_two_megabytes_of_what_nothing_closes_end(piece):
    read_wikitext(piece * ((1 << 21) // len(piece)))


def test_deep_nesting_ends():
    read_wikitext("{{citation|" * 50_000 + "x" + "}}" * 50_000)
    read_wikitext("[[a|" * 200_000 + "]]" * 200_000)
    read_wikitext("{|\n" + "|-\n| rowspan=99 colspan=99 | a\n" * 3_000)
