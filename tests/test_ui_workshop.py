"""What an administrator may do, and reports of wrong attribution: nothing outside the named folders, one work at a time, bounds kept."""

import json
import os
import shutil
import time

import pytest
from page_server import shared_index

from rag_commons.answering.reports import Report, ReportLog, iter_reports
from rag_commons.errors import InputError, UsageError
from rag_commons.index.opened import Index
from rag_commons.ui.workshop import Workshop

SHEET = "---\ntitle: Une fiche\nlicence: CC0-1.0\ncollection: Fiches d'essai\n---\nLe moulin de la dune fut bâti en 1789 par un meunier.\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return shutil.copytree(shared_index(), tmp_path_factory.mktemp("admin") / "index")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "entrants"
    (folder / "fiches").mkdir(parents=True)
    (folder / "fiches" / "moulin.md").write_text(SHEET, "utf-8")
    (folder / "fiches" / "sans-licence.md").write_text("Un texte dont on ne sait rien.\n", "utf-8")
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "secret.md").write_text(SHEET.replace("moulin", "secret"), "utf-8")
    os.symlink(secret, folder / "lien")
    os.symlink(secret / "secret.md", folder / "fiches" / "lien.md")
    return folder


def ended(workshop):
    for _ in range(600):
        if workshop.work.stage != "working":
            return workshop.work
        time.sleep(0.05)
    raise AssertionError("the work goes on")


def test_a_folder_comes_in_with_its_refusals_by_reason_and_leaves(index, folder):
    workshop = Workshop(index, folder)
    before = documents_of(index)
    workshop.bring_in("folder", "fiches")
    work = ended(workshop)
    assert (work.stage, work.report.added) == ("done", 1)
    assert dict(work.report.refusals) == {"missing:licence": 1, "outside-folder": 1}
    workshop.take_out("collection", "Fiches d'essai")
    assert ended(workshop).report.documents == 1
    workshop.take_out("document", "rien de tel")
    assert ended(workshop).report.unknown == ("rien de tel",)
    assert documents_of(index) == before


def documents_of(index):
    return Index.open(index).manifest.documents


@pytest.mark.parametrize(
    "name",
    ["..", "../secret", "../secret/secret.md", "lien", "lien/secret.md", "/etc/passwd", "fiches/../../secret", "a\0b", "x" * 5_000, "rien"],
)
def test_nothing_outside_the_named_folder_is_read(index, folder, name):
    workshop = Workshop(index, folder)
    assert "lien" not in workshop.names() and "fiches" in workshop.names()
    with pytest.raises(InputError):
        workshop.bring_in("folder", name)
    assert workshop.work.stage == "idle"


@pytest.mark.parametrize("source", ["wikipedia", "oai-pmh", "gallica", "europeana", "parquet", "os", ""])
def test_no_source_that_fetches_may_be_run(index, folder, source):
    with pytest.raises(UsageError):
        Workshop(index, folder).bring_in(source, "fiches")


def test_a_work_that_is_stopped_leaves_the_index_as_it_was_and_resumes(index, folder):
    lines = [
        {"id": f"arret/{number}", "title": f"Fiche {number}", "licence": "CC0-1.0", "text": f"La borne {number}. " * 90}
        for number in range(4_000)
    ]
    (folder / "bornes.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    workshop, before = Workshop(index, folder), documents_of(index)
    workshop.bring_in("jsonl", "bornes.jsonl")
    with pytest.raises(UsageError):
        workshop.take_out("holder", "rag-commons")
    workshop.stop()
    assert ended(workshop).stage == "stopped"
    assert documents_of(index) == before


def test_the_index_is_not_changed_without_a_password(index, folder):
    from rag_commons.server.launch import serve

    with pytest.raises(UsageError, match="password"):
        serve(index, admin_folder=folder)


def test_reports_are_kept_in_order_and_bounded(tmp_path):
    now = [0.0]
    log = ReportLog(tmp_path, lambda: now[0])
    assert log.add("a@00000000#0", "people", "  Ce n'est pas elle\nqui l'a écrit. ", "b1")
    report = next(iter_reports(log.path))
    assert report == Report(report.day, "b1", "a@00000000#0", "people", "Ce n'est pas elle\nqui l'a écrit.")
    assert log.add("b", "other", "x" * 100_000, "b1")
    assert len(list(iter_reports(log.path))[1].note) == 1_000
    kept = [log.add("c", "title", "", "b1") for _ in range(80)]
    assert kept.count(True) == 58 and not kept[-1]
    now[0] = 3_601
    assert log.add("d", "licence", "", "b1")
    with pytest.raises(InputError):
        log.add("e", "nothing of ours", "", "b1")
    with pytest.raises(InputError):
        ReportLog(tmp_path / "nowhere")
    log.path.write_text("[]", "utf-8")
    with pytest.raises(InputError, match=r"reports\.jsonl:1"):
        list(iter_reports(log.path))
