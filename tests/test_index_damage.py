"""A damaged, half-written or foreign index is refused with one clear line; `check` reads every byte."""

import json
import shutil
import sqlite3

import pytest
from index_corpus import HashingEncoder, document

from rag_commons.errors import CommonsError, EncoderUnusable, IndexUnusable
from rag_commons.index.build import ingest
from rag_commons.index.checking import check
from rag_commons.index.layout import Layout, writer_lock
from rag_commons.index.opened import Index
from rag_commons.index.removal import rebuild, remove

ENCODER = HashingEncoder()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    directory = tmp_path_factory.mktemp("entier") / "index"
    ingest(directory, [document(number) for number in range(130)], ENCODER)
    return directory


@pytest.fixture
def directory(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "index")


def files(directory):
    """The files that hold something, as the manifest and the seal know them."""
    unheld = ("writer.lock", "-shm", "-wal", ".lock")
    return sorted(path for path in directory.rglob("*") if path.is_file() and not path.name.endswith(unheld))


def answer(directory):
    """Use the index as a person would: open, search both ways, read every passage that is found."""
    index = Index.open(directory)
    keys = [key for key, _ in index.dense_search(ENCODER.encode_query("phare"), 1000)]
    keys += [key for key, _ in index.lexical_search("marches cours pavées", 1000)]
    return [index.passage(key) for key in keys]


def is_one_line(error):
    return "\n" not in str(error) and "expected" in str(error) and "to do: " in str(error)


def test_a_whole_index_has_no_problem(directory):
    assert check(directory) == [] and len(answer(directory)) == 518


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.97])
def test_a_file_cut_short_is_refused_at_opening(whole, tmp_path, keep):
    for number, path in enumerate(files(whole)):
        directory = shutil.copytree(whole, tmp_path / str(number))
        target = directory / path.relative_to(whole)
        target.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
        with pytest.raises(IndexUnusable) as refused:
            Index.open(directory)
        assert is_one_line(refused.value), refused.value
        assert check(directory) != []


def test_a_lost_file_is_refused_at_opening(whole, tmp_path):
    for number, path in enumerate(path for path in files(whole) if path.name != "store.seal"):
        directory = shutil.copytree(whole, tmp_path / str(number))
        (directory / path.relative_to(whole)).unlink()
        with pytest.raises(IndexUnusable) as refused:
            answer(directory)
        assert is_one_line(refused.value)


@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.999])
def test_a_flipped_byte_is_refused_or_harmless_and_check_always_sees_it(whole, tmp_path, place):
    expected = answer(whole)
    for number, path in enumerate(files(whole)):
        directory = shutil.copytree(whole, tmp_path / str(number))
        target = directory / path.relative_to(whole)
        data = bytearray(target.read_bytes())
        data[int((len(data) - 1) * place)] ^= 0x55
        target.write_bytes(data)
        assert check(directory) != [], target.name
        try:
            found = answer(directory)
        except CommonsError as error:
            assert is_one_line(error)
        else:
            # a vector or a count may be a little off; a passage is never wrong
            assert set(found) - {None} <= set(expected), target.name


def test_a_passage_that_was_tampered_with_is_never_shown(directory):
    (directory / "store.seal").unlink()
    with sqlite3.connect(directory / "store.sqlite") as connection:
        connection.execute("UPDATE passages SET start = start + 1 WHERE key = 5")
    connection.close()
    with pytest.raises(IndexUnusable, match="sha256"):
        Index.open(directory).passage(5)
    assert any("passages" in problem for problem in check(directory))


@pytest.mark.parametrize("column", ["licence", "holder", "allows"])
def test_check_sees_a_filter_that_is_not_its_record(directory, column):
    (directory / "store.seal").unlink()
    with sqlite3.connect(directory / "store.sqlite") as connection:
        connection.execute(f"UPDATE documents SET {column} = (SELECT {column} FROM documents WHERE key = 2) + 1 WHERE key = 2")
    connection.close()
    assert any("essai/1" in problem for problem in check(directory))


@pytest.mark.parametrize(
    ("content", "seen"),
    [(b"", "damaged"), (b"{}", "None"), (b"[]", "damaged"), (b'{"format": "other", "version": 9}', "other"), (b"\xff\xfe", "damaged")],
)
def test_a_foreign_manifest_is_refused(directory, content, seen):
    (directory / "manifest.json").write_bytes(content)
    with pytest.raises(IndexUnusable, match=seen):
        Index.open(directory)


def test_a_manifest_with_one_changed_figure_is_refused(directory):
    path = directory / "manifest.json"
    body = json.loads(path.read_bytes())
    body["total"]["documents"] += 1
    path.write_text(json.dumps(body))
    with pytest.raises(IndexUnusable, match="checksum"):
        Index.open(directory)


def test_the_store_of_another_index_is_refused(directory, tmp_path):
    ingest(tmp_path / "autre", [document(number) for number in range(130)], ENCODER)
    for name in ("store.sqlite", "store.seal"):
        shutil.copy(tmp_path / "autre" / name, directory / name)
    with pytest.raises(IndexUnusable, match="another index"):
        Index.open(directory)
    with pytest.raises(IndexUnusable, match="another index"):
        ingest(directory, [document(1)], ENCODER)


def test_no_index_names_what_makes_one(tmp_path):
    for directory in (tmp_path / "absent", tmp_path):
        for work in (Index.open, check, rebuild):
            with pytest.raises(IndexUnusable, match=r"make demo.*rag-commons ingest"):
                work(directory)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("à garder")
    with pytest.raises(IndexUnusable, match=r"notes\.txt"):
        ingest(tmp_path, [document(1)], ENCODER)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_path_that_cannot_be_a_folder_is_refused(tmp_path):
    (tmp_path / "fichier").write_text("x")
    with pytest.raises(IndexUnusable, match="fichier"):
        ingest(tmp_path / "fichier", [document(1)], ENCODER)
    with pytest.raises(IndexUnusable):
        Index.open(tmp_path / "fichier")


def test_one_writer_at_a_time(directory):
    with writer_lock(Layout(directory)):
        for work in (
            lambda: ingest(directory, [document(1)], ENCODER),
            lambda: remove(directory, ["essai/1"]),
            lambda: rebuild(directory, ENCODER),
        ):
            with pytest.raises(IndexUnusable, match="locked by process"):
                work()
        assert len(answer(directory)) == 518


@pytest.mark.parametrize("name", ["dense", "lexical"])
def test_rebuild_repairs_the_derived_indexes(directory, name):
    expected = answer(directory)
    for path in (directory / name).rglob("*"):
        if path.is_file():
            path.write_bytes(b"?" * 100)
    with pytest.raises(IndexUnusable, match="index rebuild"):
        Index.open(directory)
    rebuild(directory, ENCODER)
    assert check(directory) == [] and set(answer(directory)) == set(expected)


@pytest.mark.parametrize("name", ["dense", "lexical"])
def test_growing_a_damaged_index_heals_it(directory, name):
    """A new checksum must never be put on old damage."""
    path = max((path for path in (directory / name).rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    data = bytearray(path.read_bytes())
    data[-len(data) // 3] ^= 0xFF
    path.write_bytes(data)
    assert check(directory) != []
    if name == "dense":
        with pytest.raises(IndexUnusable, match="rebuild"):
            remove(directory, ["essai/1"])
    ingest(directory, [document(400)], ENCODER)
    assert check(directory) == []


def test_another_encoder_may_take_over_an_index(directory):
    class Other(HashingEncoder):
        checksum, dimension, static = "1" * 64, 24, False

    before = answer(directory)
    for encoder in (Other(), ENCODER):
        with pytest.raises(EncoderUnusable, match="index rebuild"):
            ingest(directory, [document(400)], encoder)
        assert rebuild(directory, encoder).encoder.dimension == encoder.dimension
        assert check(directory) == []
        index = Index.open(directory)
        found = index.dense_search(encoder.encode_query(index.passage(1)[0].text), 500)
        assert found[0][1] > 0.9 > found[-1][1] and len(found) == index.manifest.passages
    assert answer(directory) == before


def test_an_index_on_a_read_only_medium_can_be_read(whole, tmp_path, monkeypatch):
    directory = shutil.copytree(whole, tmp_path / "index")
    for beside in directory.glob("store.sqlite-*"):
        beside.unlink()
    monkeypatch.setattr("rag_commons.index.schema.os.access", lambda path, mode: False)
    assert len(answer(directory)) == 518 and not list(directory.glob("store.sqlite-*"))
