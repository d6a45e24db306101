"""A writer killed at any moment leaves the last good index readable, and the next writer goes on from there."""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from index_corpus import HashingEncoder, document

from rag_commons.index.build import ingest
from rag_commons.index.checking import check
from rag_commons.index.opened import Index

ENCODER = HashingEncoder()
SCRIPT = Path(__file__).with_name("index_corpus.py")
OLD, ALL = 30, 100


def start(*arguments):
    """Start a writer in a process of its own, and wait until it is about to write."""
    code = f"import sys; sys.path[:] = {sys.path!r}; import runpy; sys.argv = {[str(SCRIPT), *map(str, arguments)]!r}; "
    writer = subprocess.Popen(
        [sys.executable, "-c", code + f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"], stdout=subprocess.PIPE
    )
    assert writer.stdout.readline() == b"started\n"
    return writer


def kill(writer, delay):
    """Kill a writer after a while, unless it has ended; say whether it had."""
    try:
        writer.wait(delay)
    except subprocess.TimeoutExpired:
        writer.kill()
    writer.stdout.close()
    return writer.wait() == 0


def committed(directory):
    """How many documents another process would find in the store."""
    try:
        with closing(sqlite3.connect(f"{(directory / 'store.sqlite').as_uri()}?mode=ro", uri=True)) as store:
            return store.execute("SELECT count(*) FROM documents").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def texts(index):
    return {identity: index.document(identity).text for identity in index.document_ids()}


def expected(word, last=ALL):
    return {document(number).id: document(number, word).text for number in range(last)}


def duration(directory):
    """How long the writer takes when nobody kills it."""
    writer = start("ingest", directory, 0, ALL, "essai")
    begun = time.monotonic()
    assert kill(writer, 60)
    return time.monotonic() - begun


def campaign(tmp_path, kills, seed):
    chance = random.Random(seed)
    longest = duration(tmp_path / "mesure")
    directory = tmp_path / "index"
    ingest(directory, [document(number, "mot0") for number in range(OLD)], ENCODER)
    state, ended = expected("mot0", OLD), 0
    for number in range(1, kills + 1):
        word = f"mot{number}"
        reader = Index.open(directory)
        done = kill(start("ingest", directory, 0, ALL, word), chance.uniform(0, longest))
        # a kill between the manifest and the end of the process leaves the new generation
        found = texts(Index.open(directory))
        assert found == (expected(word) if done else state) or found == expected(word), f"kill {number}"
        assert check(directory) == [], f"kill {number}"
        assert texts(reader) == found
        state, ended = found, ended + done
    report = ingest(directory, [document(number, "fin") for number in range(ALL)], ENCODER)
    fresh = ingest(tmp_path / "neuf", [document(number, "fin") for number in range(ALL)], ENCODER)
    assert report.build == fresh.build and check(directory) == []
    assert [len(list((directory / kind).iterdir())) for kind in ("dense", "lexical")] == [1, 1] and not list(directory.glob("*.tmp"))
    assert ended < kills


def test_five_kills(tmp_path):
    campaign(tmp_path, 5, seed=7)


@pytest.mark.slow
def test_fifty_kills(tmp_path):
    campaign(tmp_path, 50, seed=8)


def test_what_was_committed_before_a_kill_is_not_done_again(tmp_path):
    directory = tmp_path / "index"
    writer = start("ingest", directory, 0, ALL, "mot", "hold")
    while not committed(directory):
        assert writer.poll() is None, "the writer ended before it could be killed"
        time.sleep(0.02)
    kill(writer, 0)
    report = ingest(directory, [document(number, "mot") for number in range(ALL)], ENCODER)
    assert report.resumed > 0 and report.resumed + report.added == ALL and report.unchanged == report.replaced == 0
    assert texts(Index.open(directory)) == expected("mot") and check(directory) == []


def test_a_removal_that_is_killed_removes_all_or_nothing(tmp_path):
    chance = random.Random(9)
    directory = tmp_path / "index"
    for _ in range(2):
        ingest(directory, [document(number) for number in range(ALL)], ENCODER)
        kill(start("remove", directory, "notices"), chance.uniform(0, 0.3))
        index = Index.open(directory)
        assert index.manifest.documents in (ALL, ALL // 2) and check(directory) == []
        assert len(index.lexical_search("marches", ALL * 3)) == index.manifest.passages


def test_ctrl_c_keeps_the_old_index_and_the_next_run_resumes(tmp_path):
    directory = tmp_path / "index"
    ingest(directory, [document(number, "ancien") for number in range(OLD)], ENCODER)

    def interrupted(progress):
        if progress.stage == "index":
            raise KeyboardInterrupt

    documents = [document(number, "nouveau") for number in range(OLD + 10)]
    with pytest.raises(KeyboardInterrupt):
        ingest(directory, documents, ENCODER, interrupted)
    assert texts(Index.open(directory)) == expected("ancien", OLD) and check(directory) == []
    report = ingest(directory, documents, ENCODER)
    assert (report.resumed, report.added, report.replaced) == (OLD + 10, 0, 0)
    assert texts(Index.open(directory)) == expected("nouveau", OLD + 10) and check(directory) == []
