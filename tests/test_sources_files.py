"""Reading files and folders: every document or its refusal, in order, and nothing outside of what was named."""

import gzip
import json
import os
import sys

import pytest

from rag_commons.documents import Document
from rag_commons.errors import InputError
from rag_commons.sources import SOURCES
from rag_commons.sources.contract import document_to_json


def line(identity, **change):
    return json.dumps({"id": identity, "title": "Essai", "text": f"Texte de {identity}.", "licence": "CC0-1.0"} | change) + "\n"


def read(source, *paths):
    return [item.id if isinstance(item, Document) else item.reason for item in SOURCES[source].iter_documents(paths)]


def refusals(source, *paths):
    return [str(item) for item in SOURCES[source].iter_documents(paths) if not isinstance(item, Document)]


# JSON Lines


def test_lines_of_files_and_folders(tmp_path):
    (tmp_path / "b.jsonl").write_text(line("b1") + "\n" + line("b2"), "utf-8")
    (tmp_path / "a" / "deep").mkdir(parents=True)
    with gzip.open(tmp_path / "a" / "deep" / "c.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\ufeff" + line("c1") + line("c2"))
    (tmp_path / "notes.txt").write_text("rien", "utf-8")
    assert read("jsonl", tmp_path) == ["b1", "b2", "c1", "c2"]
    assert read("jsonl", str(tmp_path / "a"), tmp_path / "b.jsonl", tmp_path) == ["c1", "c2", "b1", "b2"]


def test_bad_lines_are_refused_by_number_and_the_rest_is_read(tmp_path):
    path = tmp_path / "x.jsonl"
    bad = [b"{\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b"[1]\n", line("d", licence="nul ne sait").encode(), line("e", text="").encode()]
    path.write_bytes(line("a").encode() + b"".join(bad) + line("a").encode() + line("z").encode().rstrip())
    assert read("jsonl", path) == [
        "a",
        "malformed-line",
        "malformed-line",
        "malformed-line",
        "invalid:document",
        "unknown-licence:nul ne sait",
        "empty-text",
        "duplicate-id",
        "z",
    ]
    for number, message in enumerate(refusals("jsonl", path), 2):
        assert f"x.jsonl:{number}: " in message


def test_truncated_gzip_keeps_what_came_before(tmp_path):
    lines = "".join(line(f"d{n}", text=f"{os.urandom(400).hex()}") for n in range(400))
    whole = gzip.compress(lines.encode())
    (tmp_path / "x.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    got = read("jsonl", tmp_path)
    assert got[0] == "d0" and 100 < len(got) < 400 and got[-1] == "damaged-file"
    assert "a whole gzip file" in refusals("jsonl", tmp_path)[-1]
    (tmp_path / "x.jsonl.gz").write_bytes(b"pas du gzip")
    assert read("jsonl", tmp_path) == ["damaged-file"]


def test_line_without_end_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("rag_commons.sources.jsonl.LONGEST_LINE", 500)
    (tmp_path / "x.jsonl").write_text(line("a") + line("b", text="mot " * 1000) + line("c"), "utf-8")
    assert read("jsonl", tmp_path) == ["a", "malformed-line", "c"]


@pytest.mark.parametrize("source", ["jsonl", "folder"])
def test_path_that_leads_nowhere(source, tmp_path):
    with pytest.raises(InputError, match="absent"):
        SOURCES[source].iter_documents([tmp_path / "absent"])
    with pytest.raises(InputError, match="a folder that holds"):
        SOURCES[source].iter_documents([tmp_path])
    with pytest.raises(InputError):
        SOURCES[source].iter_documents([])


def test_what_is_written_can_be_read(tmp_path):
    (tmp_path / "x.jsonl").write_text(line("a", language="fr", authors=["Œ. \u2028"]), "utf-8")
    (document,) = SOURCES["jsonl"].iter_documents([tmp_path])
    (tmp_path / "x.jsonl").write_text(json.dumps(document_to_json(document), ensure_ascii=False), "utf-8")
    assert list(SOURCES["jsonl"].iter_documents([tmp_path])) == [document]


# folders

HEAD = "---\ntitle: Le moulin\nlicence: CC0-1.0\n---\n"


def test_markdown_with_front_matter(tmp_path):
    (tmp_path / "sous").mkdir()
    (tmp_path / "sous" / "moulin.md").write_text(
        "---\nid: moulin/1\ntitle: 1984\nlicence: CC-BY-SA-4.0\nlanguage: no\nauthors: [A. Roy]\nissued: 2014-05-01\nmodified: 2014\n"
        "authors_died: 1850\nrights_note: ~\npages:\n  - {start: 2, label: 4, ocr: 0.5}\n---\n# Le moulin\n\nIl tourne.\n",
        "utf-8",
    )
    (document,) = SOURCES["folder"].iter_documents([tmp_path])
    held = document.provenance
    assert document.id == "moulin/1" and document.text == "# Le moulin\n\nIl tourne.\n"
    assert (held.title, held.language, held.issued, held.modified, held.authors_died) == ("1984", "no", "2014-05-01", "2014", 1850)
    assert held.rights_note is None and document.pages[0].label == "4" and document.pages[0].ocr == 0.5


def test_defaults_sidecars_and_front_matter_win_in_that_order(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "_defaults.yaml").write_text(
        "licence: CC0-1.0\nholder: Racine\ncollection: Racine\nauthors: [Racine]\nlanguage: fr\n", "utf-8"
    )
    (tmp_path / "a" / "_defaults.yaml").write_text("holder: Dossier\ncollection: Dossier\nauthors: [Dossier]\n", "utf-8")
    (tmp_path / "a" / "conte_bleu.txt").write_text("---\r\nauthors: [Tête]\r\n---\r\nIl était une fois.\r\n", "utf-8")
    (tmp_path / "a" / "conte_bleu.txt.yaml").write_text("collection: Côté\nauthors: [Côté]\n", "utf-8")
    (document,) = SOURCES["folder"].iter_documents([tmp_path])
    held = document.provenance
    assert (held.language, held.holder, held.collection, held.authors) == ("fr", "Dossier", "Côté", ("Tête",))
    assert (document.id, held.title, document.text) == ("a/conte_bleu.txt", "conte bleu", "Il était une fois.\r\n")


def test_title_is_the_first_heading(tmp_path):
    (tmp_path / "x.markdown").write_text("Avant.\n\n## Le pont\n", "utf-8")
    (tmp_path / "x.json").write_text('{"licence": "CC0-1.0", "holder": null}', "utf-8")
    (document,) = SOURCES["folder"].iter_documents([tmp_path / "x.markdown"])
    assert (document.id, document.provenance.title) == ("x.markdown", "Le pont")


def test_missing_licence_says_how_to_give_one(tmp_path):
    (tmp_path / "x.md").write_text("# Sans droits\n", "utf-8")
    assert read("folder", tmp_path) == ["missing:licence"]
    assert "_defaults.yaml" in refusals("folder", tmp_path)[0] and "x.md" in refusals("folder", tmp_path)[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD.encode(), "empty-text"),
        (HEAD.encode() + b"caf\xe9", "malformed-file"),
        (b"---\nlicence: CC0-1.0\ntags: [a]\n---\nTexte.", "unknown-key"),
        (b"---\nlicence: CC0-1.0\ntext: autre\n---\nTexte.", "unknown-key"),
        (b"---\nlicence: [\n---\nTexte.", "malformed-front-matter"),
        (b"---\nune phrase\n---\nTexte.", "malformed-front-matter"),
        (b"---\nlicence: CC0-1.0\nauthors: &a [x]\nreferences: *a\n---\nTexte.", "malformed-front-matter"),
        (b"---\nlicence: !!python/object/apply:os.getcwd []\n---\nTexte.", "missing:licence"),
        (b"---\nlicence: " + b"[" * 60_000 + b"\n---\nTexte.", "malformed-front-matter"),
        (b"---\nlicence: CC0-1.0\nrights_note: " + b"a" * 70_000 + b"\n---\nTexte.", "malformed-front-matter"),
        (b"---\nlicence: CC0-1.0\nissued: 2014-02-30\n---\nTexte.", "invalid:issued"),
    ],
)
def test_files_that_are_refused(content, reason, tmp_path):
    (tmp_path / "x.md").write_bytes(content)
    (tmp_path / "y.md").write_text(HEAD + "Il tourne.", "utf-8")
    assert read("folder", tmp_path) == [reason, "y.md"]


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.md").write_text(HEAD + "Secret.", "utf-8")
    (tmp_path / "secret" / "_defaults.yaml").write_text("licence: CC0-1.0", "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.md").write_text("Sans droits.", "utf-8")
    (folder / "b.md").symlink_to(tmp_path / "secret" / "s.md")
    (folder / "c").symlink_to(tmp_path / "secret")
    (folder / "_defaults.yaml").symlink_to(tmp_path / "secret" / "_defaults.yaml")
    (folder / ".hidden.md").write_text(HEAD + "Caché.", "utf-8")
    assert read("folder", folder) == ["missing:licence", "outside-folder"]


def test_same_id_twice_in_a_run(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.md").write_text("---\nid: un\nlicence: CC0-1.0\n---\nTexte.", "utf-8")
    assert read("folder", tmp_path) == ["un", "duplicate-id"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom permissions stop")
def test_unreadable_file(tmp_path):
    (tmp_path / "x.jsonl").write_text(line("a"), "utf-8")
    (tmp_path / "x.jsonl").chmod(0)
    assert read("jsonl", tmp_path) == ["unreadable-file"]


def test_every_source_says_what_it_is():
    for name, source in SOURCES.items():
        assert source.name == name and source.summary_fr and "\n" not in source.summary_fr


def test_real_documents_are_all_taken(shared_data):
    path = shared_data / "commons" / "guides-etalab.jsonl.gz"
    assert all(isinstance(item, Document) for item in SOURCES["jsonl"].iter_documents([path]))
