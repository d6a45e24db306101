"""What a person reads of a source says all its options, and its example is a command that is understood."""

import shlex

import pytest

from rag_commons.cli import build_parser, main
from rag_commons.cli.options import settings_of
from rag_commons.cli.source_help import source_help
from rag_commons.sources import SOURCES
from rag_commons.sources.guide import COMMON, GUIDES, option_fr


def test_every_source_has_a_guide_and_no_guide_is_of_nothing():
    assert set(GUIDES) == set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_every_option_is_told_and_every_telling_is_of_an_option(name):
    options = SOURCES[name].options()
    for option in options:
        assert option_fr(name, option)
    assert set(GUIDES[name].options) <= set(options)


def test_no_common_telling_is_left_without_use():
    assert {option for name in SOURCES for option in SOURCES[name].options()} >= set(COMMON)


@pytest.mark.parametrize("name", SOURCES)
def test_the_example_is_understood(name):
    arguments = build_parser().parse_args(["ingest", *shlex.split(GUIDES[name].example)])
    assert arguments.source == name
    assert arguments.paths
    assert set(settings_of(arguments)) <= set(SOURCES[name].options())


@pytest.mark.parametrize("name", SOURCES)
def test_the_help_of_a_source_says_its_options_in_plain_words(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "90")
    with pytest.raises(SystemExit) as left:
        main(["ingest", name, "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert told == source_help(name)
    assert all(f"  {option} " in told for option in SOURCES[name].options())
    assert f"rag-commons ingest {name} " in told
    assert "contrat" not in told.lower()
    assert all(len(line) <= 90 for line in told.splitlines() if not line.startswith("  rag-commons"))
    assert main(["sources", name]) == 0
    assert capsys.readouterr().out == told


def test_help_without_a_source_is_that_of_the_command(capsys):
    with pytest.raises(SystemExit):
        main(["ingest", "--help"])
    assert "--dry-run" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["tei", "x", "--set", "foo=1"], "rag-commons ingest tei --help"),
        (["wikipedia-dump", ".", "--set", "namespace=zero"], "--set namespace="),
        (["wikipedia-dump", ".", "--set", "since=2024-13-01"], "--set since="),
        (["wikimedia-enterprise", ".", "--set", "since=hier"], "--set since="),
        (["wikimedia-enterprise", ".", "--set", "namespace=x"], "--set namespace="),
    ],
)
def test_a_wrong_option_is_one_line_that_says_what_to_do(arguments, wrong, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xml").write_text("<mediawiki></mediawiki>")
    (tmp_path / "a.json").write_text("{}")
    assert main(["ingest", *arguments, "--dry-run"]) == 2
    said = capsys.readouterr().err
    assert wrong in said
    assert said.count("\n") == 1


def test_a_wiki_that_is_no_wikisource_is_told_its_neighbour(capsys):
    assert main(["ingest", "wikisource", "title:X", "--wiki", "brwiki", "--dry-run"]) == 1
    assert capsys.readouterr().err.endswith("to do: write --wiki brwikisource\n")
