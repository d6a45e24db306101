"""Europeana: descriptions in the language preferred, rights and both institutions, the key kept out of addresses."""

import json
import random

import pytest
from loopback import NOT_FOUND, Answer, FakeClock, serve

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources.changes import Checkpoint, Deletion, State
from rag_commons.sources.europeana import iter_changes, iter_documents
from rag_commons.sources.fetching import Fetcher

JSON = {"Content-Type": "application/json"}


def record(identity, rights="http://rightsstatements.org/vocab/NoC-NC/1.0/", **proxy):
    held = {
        "dcTitle": {"def": ["Moulin d'exemple"], "en": ["Example mill"]},
        "dcDescription": {"en": ["A mill."], "fr": ["Un moulin.", "Au bord de l'eau."]},
        "dcCreator": {"def": ["http://data.europeana.eu/agent/1", "Atelier d'exemple", "http://inconnu.exemple/2"]},
        "dctermsIssued": {"def": ["[vers]"]},
        "dcDate": {"def": ["1874-05"]},
        "dcLanguage": {"def": ["fr"]},
    }
    return {
        "about": identity,
        "proxies": [{"europeanaProxy": True, "dcTitle": {"def": ["Autre"]}}, held | proxy],
        "aggregations": [
            {
                "edmRights": {"def": [rights] if rights else []},
                "edmDataProvider": {"def": ["Musée d'exemple"]},
                "edmProvider": {"def": ["Agrégateur d'exemple"]},
                "edmIsShownAt": "https://musee.exemple.fr/1",
            }
        ],
        "europeanaAggregation": {"edmLandingPage": f"https://www.europeana.eu/item{identity}", "edmLanguage": {"def": ["fr"]}},
        "agents": [{"about": "http://data.europeana.eu/agent/1", "prefLabel": {"fr": ["Ana Exemple"]}}],
        "timestamp_update": "2025-04-03T02:01:00.000Z",
    }


class FakeEuropeana:
    def __init__(self, *records):
        self.records = {found["about"]: found for found in records}
        self.headers = dict(JSON)

    def __call__(self, request):
        if not request.path.startswith("/record/v2"):
            return NOT_FOUND
        assert "wskey" not in request.query
        if request.headers.get("x-api-key") != "clef":
            return Answer('{"success": false, "error": "Invalid API key"}', 401, JSON)
        path = request.path.removeprefix("/record/v2")
        if path == "/search.json":
            names = sorted(self.records)
            at = 0 if request.query["cursor"] == "*" else int(request.query["cursor"])
            said = {"success": True, "items": [{"id": name} for name in names[at : at + 2]]}
            return Answer(json.dumps(said | ({"nextCursor": str(at + 2)} if at + 2 < len(names) else {})), headers=JSON)
        found = self.records.get(path.removesuffix(".json"))
        return Answer(json.dumps({"success": True, "object": found}), headers=self.headers) if found else Answer("{}", 404, JSON)


def read(served, *paths, key="clef", **options):
    with serve(served) as server, Fetcher([server.base], clock=FakeClock(), tries=2) as client:
        return list(iter_documents(paths, base=server.base + "/record/v2", key=key, fetcher=client, **options))


def ids(found):
    return [item.id if isinstance(item, Document) else item.reason for item in found]


def test_a_record_comes_with_its_rights_and_its_institutions():
    (document,) = read(FakeEuropeana(record("/12/a_1")), "/12/a_1")
    held = document.provenance
    assert (document.id, document.text) == ("europeana/12/a_1", "Un moulin.\nAu bord de l'eau.")
    assert (held.title, held.authors, held.issued, held.language, held.modified) == (
        "Moulin d'exemple", ("Ana Exemple", "Atelier d'exemple"), "1874-05", "fr", "2025-04-03",
    )  # fmt: skip
    assert (held.licence, held.holder, held.url) == ("LicenseRef-RS-NoC-NC", "Musée d'exemple", "https://www.europeana.eu/item/12/a_1")
    assert [(layer.licence, layer.holder) for layer in held.layers] == [
        ("LicenseRef-RS-NoC-NC", "Musée d'exemple"), ("CC0-1.0", "Agrégateur d'exemple"),
    ]  # fmt: skip
    assert "edm:rights" in held.rights_note


def test_searches_go_on_by_their_cursor_and_addresses_are_read():
    europeana = FakeEuropeana(*[record(f"/12/a_{n}") for n in range(5)])
    assert ids(read(europeana, "search:moulin")) == [f"europeana/12/a_{n}" for n in range(5)]
    assert ids(read(europeana, "search:moulin", limit=3)) == [f"europeana/12/a_{n}" for n in range(3)]
    assert ids(read(europeana, "https://www.europeana.eu/fr/item/12/a_2", "record:/12/a_2", "/12/a_9")) == ["europeana/12/a_2", "fetch:404"]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (record("/12/a", rights="http://www.europeana.eu/rights/rr-f/"), "unknown-licence:http://www.europeana.eu/rights/rr-f/"),
        (record("/12/a", rights=None), "missing:licence"),
        (record("/12/a", dcDescription={}), "empty-text"),
        (record("/12/a", dcTitle={}), "missing:title"),
    ],
)
def test_records_that_cannot_come_in(found, reason):
    assert ids(read(FakeEuropeana(found), "/12/a")) == [reason]


def test_the_key_is_needed_and_goes_in_a_header():
    with pytest.raises(InputError, match="key"):
        read(FakeEuropeana(), "/12/a", key=None)
    assert ids(read(FakeEuropeana(), "/12/a", key="fausse")) == ["fetch:401"]
    for paths in ([], ["moulin"], ["../etc/passwd"], ["search:"]):
        with pytest.raises(InputError):
            read(FakeEuropeana(), *paths)


def test_reservations_are_honoured():
    europeana = FakeEuropeana(record("/12/a"))
    europeana.headers["tdm-reservation"] = "1"
    assert ids(read(europeana, "/12/a")) == ["opt-out:tdmrep"]


def test_an_update_reads_known_records_again():
    europeana = FakeEuropeana(record("/12/a"), record("/12/b", rights="https://exemple.fr/non"), record("/12/c"))
    known = [(f"europeana/12/{name}", read(europeana, "/12/a")[0].provenance) for name in "abz"]
    with serve(europeana) as server, Fetcher([server.base], clock=FakeClock()) as client:
        state = State("europeana", ("search:moulin",), None, (("base", server.base + "/record/v2"),))
        *changes, last = iter_changes(known, state, key="clef", fetcher=client)
    assert [change.document_id for change in changes if isinstance(change, Deletion)] == ["europeana/12/b", "europeana/12/z"]
    assert ids(change for change in changes if isinstance(change, Document)) == ["europeana/12/a", "europeana/12/c"]
    assert isinstance(last, Checkpoint)


def fuzz(rounds, seed):
    rng = random.Random(seed)
    europeana = FakeEuropeana(record("/12/a"), record("/12/b"))

    def damaged(request):
        answer = europeana(request)
        body = bytearray(answer.body.encode())
        for _ in range(rng.choice((0, 1, 1, 6))):
            at = rng.randrange(len(body))
            body[at : at + rng.choice((0, 1, 1, 9))] = rng.choice((b"\x00", b"{}", b"null", b"[", b'"', b"\xff", b"9", b"\\ud800"))
        return Answer(bytes(body), answer.status, answer.headers)

    with serve(damaged) as server:
        for _ in range(rounds):
            with Fetcher([server.base], clock=FakeClock(), tries=1) as client:
                for item in iter_documents(["search:moulin", "/12/a"], base=server.base + "/record/v2", key="clef", fetcher=client):
                    assert isinstance(item, DocumentRefused) or item.provenance.licence == "LicenseRef-RS-NoC-NC"


def test_damaged_answers_are_refusals():
    fuzz(60, 1)


@pytest.mark.slow
def test_many_damaged_answers_are_refusals():
    fuzz(1000, 2)
