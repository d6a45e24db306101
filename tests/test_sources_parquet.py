"""Parquet data sets: Wikipedia and Common Corpus, each row under its licence, from files, folders and the hub."""

import json
import random
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from written_formats import write_parquet

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources import SOURCES
from rag_commons.sources.contract import check_document

pytest.importorskip("pyarrow", reason="pyarrow absent: pip install 'rag-commons[parquet]'")


def article(number=7, **change):
    title = change.get("title", "Puits artésien")
    row = {"id": str(number), "url": "https://fr.wikipedia.org/wiki/Puits", "title": title, "text": "Un puits.\n\nHistoire\n\nCreusé."}
    return row | change


def text(identifier="ark:/1/2", **change):
    row = {
        "identifier": identifier,
        "collection": "Puits-PD",
        "open_type": "Open Culture",
        "license": "CC-BY-4.0",
        "date": 1912.0,
        "title": "Le puits",
        "creator": "Aline Roy",
        "language": "French",
        "language_type": "Written",
        "word_count": 3,
        "token_count": 5,
        "text": "Le puits est profond.",
    }
    return row | change


def read(*paths, **options):
    return list(SOURCES["parquet"].iter_documents(paths, **options))


def shown(items):
    return [item.id if isinstance(item, Document) else item.reason for item in items]


def test_articles_of_wikipedia(tmp_path):
    write_parquet(tmp_path / "20231101.fr" / "train-00000.parquet", [article(), article(8, url="https://be-tarask.wikipedia.org/wiki/X")])
    first, second = read(tmp_path)
    held = first.provenance
    assert (first.id, held.licence, held.retrieved, held.language) == ("frwiki/7", "CC-BY-SA-4.0", "2023-11-01", "fr")
    assert held.url == "https://fr.wikipedia.org/wiki/Puits_art%C3%A9sien" and held.history_url and held.permalink is None
    assert (held.collection, held.holder) == ("wikipedia-fr", "Wikipédia en français")
    assert second.id == "be_taraskwiki/8"


def test_licence_follows_the_day_of_the_dump(tmp_path):
    write_parquet(tmp_path / "20220301.fr" / "a.parquet", [article()])
    write_parquet(tmp_path / "b.parquet", [article(9)])
    assert [item.provenance.licence for item in read(tmp_path / "20220301.fr")] == ["CC-BY-SA-3.0"]
    assert shown(read(tmp_path / "b.parquet")) == ["missing:modified"]
    assert [item.provenance.licence for item in read(tmp_path / "b.parquet", dump="20231101")] == ["CC-BY-SA-4.0"]
    with pytest.raises(InputError, match="YYYYMMDD"):
        read(tmp_path, dump="hier")


def test_rows_that_are_refused(tmp_path):
    rows = [
        article(url="https://fr.wikisource.org/wiki/Puits"),
        article(url="pas une adresse"),
        article(id="x"),
        article(text=""),
        article(text=None),
        article(5),
    ]
    write_parquet(tmp_path / "20231101.fr" / "a.parquet", rows)
    assert shown(read(tmp_path)) == ["unknown-wiki", "unknown-wiki", "malformed-row", "empty-text", "missing:text", "frwiki/5"]


def test_rows_of_common_corpus(tmp_path):
    write_parquet(
        tmp_path / "cc.parquet", [text(), text("https://puits.example/1", title=None, creator=None, date=None, language="Corsican")]
    )
    first, second = read(tmp_path)
    held = first.provenance
    assert (first.id, held.title, held.authors, held.issued) == ("Puits-PD/ark:/1/2", "Le puits", ("Aline Roy",), "1912")
    assert (held.language, held.licence, held.collection, held.url) == ("fr", "CC-BY-4.0", "Puits-PD", None)
    assert (second.provenance.title, second.provenance.url) == ("https://puits.example/1", "https://puits.example/1")
    assert second.provenance.language == "co"


def test_statements_that_name_no_licence_are_refused_until_someone_says_how_to_read_them(tmp_path):
    write_parquet(tmp_path / "cc.parquet", [text(license="Public Domain"), text("b", license="CC-By"), text("c", license=None)])
    assert shown(read(tmp_path)) == ["unknown-licence:Public Domain", "unknown-licence:CC-By", "missing:licence"]
    items = read(tmp_path, licences="public domain=CC-PDM-1.0; CC-BY=CC-BY-4.0")
    assert [getattr(item, "reason", None) or item.provenance.licence for item in items] == ["CC-PDM-1.0", "CC-BY-4.0", "missing:licence"]
    assert "« Public Domain », lu comme CC-PDM-1.0" in items[0].provenance.rights_note
    for wrong in ("Public Domain", "=CC0-1.0", "a=nul ne sait"):
        with pytest.raises(InputError, match="licences="):
            read(tmp_path, licences=wrong)


def test_other_columns_and_damage(tmp_path):
    write_parquet(tmp_path / "a.parquet", [{"texte": "x"}])
    (tmp_path / "b.parquet").write_bytes(b"PAR1 rien PAR1")
    (tmp_path / "c.parquet").write_bytes(b"")
    assert shown(read(tmp_path)) == ["unknown-columns", "damaged-file", "damaged-file"]


def test_limit_reads_no_further(tmp_path):
    write_parquet(tmp_path / "20231101.fr" / "a.parquet", [article(n) for n in range(1000)], group=50)
    assert len(read(tmp_path, limit=3)) == 3 and len(read(tmp_path)) == 1000


def test_absent_library_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r'pip install "rag-commons\[parquet\]"'):
        read(tmp_path)


# the hub

COMMIT = "c" * 40


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A server that speaks the hub's protocol: the data set, its tree, its files."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    # the page's tests, in the same process, keep the hub away from everything
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    files = {}
    for number in range(2):
        name = f"20231101.br/train-{number}.parquet"
        files[name] = write_parquet(tmp_path / "hub" / name, [article(number, url="https://br.wikipedia.org/wiki/Puñs")]).read_bytes()
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            path = unquote(self.path.partition("?")[0])
            asked.append((self.command, path))
            base = f"/datasets/o/wikipedia/resolve/{COMMIT}/"
            if path in ("/api/datasets/o/wikipedia", "/api/datasets/o/wikipedia/revision/main"):
                self.answer(json.dumps({"id": "o/wikipedia", "sha": COMMIT, "siblings": [], "tags": []}).encode())
            elif path.startswith(f"/api/datasets/o/wikipedia/tree/{COMMIT}"):
                tree = [{"type": "file", "path": name, "size": len(data), "oid": "0" * 40} for name, data in files.items()]
                self.answer(json.dumps([*tree, {"type": "file", "path": "README.md", "size": 1, "oid": "1" * 40}]).encode())
            elif path.startswith(base) and path.removeprefix(base) in files:
                self.answer(files[path.removeprefix(base)])
            else:
                self.answer(b'{"error": "nothing here"}', 404)

        def answer(self, body, status=200):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{abs(hash(body)):x}"')
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_files_of_the_hub_are_fetched_once(hub):
    endpoint, asked = hub
    assert shown(read("hub:o/wikipedia/20231101.br", endpoint=endpoint)) == ["brwiki/0", "brwiki/1"]
    fetched = [path for command, path in asked if command == "GET" and "/resolve/" in path]
    assert len(fetched) == 2
    (document,) = read("hub:o/wikipedia@main/20231101.br/train-1.parquet", endpoint=endpoint)
    assert document.provenance.licence == "CC-BY-SA-4.0" and document.provenance.language == "br"
    assert len([path for command, path in asked if command == "GET" and "/resolve/" in path]) == 2


def test_limit_fetches_only_the_first_file(hub):
    endpoint, asked = hub
    assert len(read("hub:o/wikipedia", endpoint=endpoint, limit=1)) == 1
    assert len([path for command, path in asked if command == "GET" and "/resolve/" in path]) == 1


@pytest.mark.parametrize("address", ["hub:", "hub:seul", "hub:o/absent", "hub:o/wikipedia@absent", "hub:o/wikipedia//x"])
def test_addresses_that_lead_nowhere(address, hub):
    with pytest.raises(InputError):
        read(address, endpoint=hub[0])


def test_hub_that_cannot_be_reached():
    with pytest.raises(InputError, match="network"):
        read("hub:o/wikipedia", endpoint="http://127.0.0.1:9")


# damage


def judge(folder, seeds):
    (folder / "20231101.fr").mkdir(parents=True)
    rows = {"w": [article(n) for n in range(20)], "c": [text(str(n)) for n in range(20)]}
    whole = {name: write_parquet(folder / f"{name}.parquet", held, group=7).read_bytes() for name, held in rows.items()}
    path = folder / "20231101.fr" / "damaged.parquet"
    for seed in seeds:
        chance = random.Random(seed)
        held = bytearray(whole[chance.choice("wc")])
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(held))
            held[at : at + chance.choice((1, 1, 1, 4, 40))] = chance.choice((b"\0", b"\xff", b"\x7f" * 4, chance.randbytes(3), b""))
        path.write_bytes(bytes(held))
        for item in read(path):
            if isinstance(item, Document):
                check_document(item)
            else:
                assert isinstance(item, DocumentRefused) and len(str(item).splitlines()) == 1


def test_sixty_damaged_files(tmp_path):
    judge(tmp_path, range(60))


@pytest.mark.slow
def test_a_thousand_damaged_files(tmp_path):
    judge(tmp_path, range(60, 1060))
