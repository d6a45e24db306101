"""OAI-PMH: records by sets and dates, tokens that expire, deletions, and rights as each record states them."""

import random
from xml.sax.saxutils import escape

import pytest
from loopback import NOT_FOUND, Answer, FakeClock, serve

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.sources.changes import Checkpoint, Deletion, State
from rag_commons.sources.dublin_core import read_dublin_core, rights_of
from rag_commons.sources.fetching import Fetcher
from rag_commons.sources.oai_pmh import iter_changes, iter_documents
from rag_commons.sources.xml import parse_xml

BY = "https://creativecommons.org/licenses/by/4.0/"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-20T08:00:00Z</responseDate>'
DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def entry(number, *, rights=(BY,), day="2024-03-01", deleted=False, spec="livres", **fields):
    held = {
        "title": [f"Notice {number}"],
        "creator": ["Exemple, Ana (1812-1880). Auteur du texte"],
        "description": [f"Description de la notice {number}."],
        "identifier": [f"cote {number}", f"https://depot.exemple.fr/notices/{number}"],
        "date": ["1874"],
        "language": ["fre"],
    }
    return {"id": f"oai:exemple.fr:{number}", "day": day, "deleted": deleted, "set": spec, "dc": held | fields | {"rights": list(rights)}}


class Repository:
    """A repository of our own: two records a page; `expires` tells after how many tokens one is refused."""

    def __init__(self, *entries, deletions="persistent", expires=()):
        self.entries, self.deletions, self.expires = list(entries), deletions, list(expires)
        self.tokens = 0
        self.headers = {"Content-Type": "text/xml"}
        self.robots = None

    def __call__(self, request):
        if request.path == "/robots.txt":
            return Answer(self.robots) if self.robots else NOT_FOUND
        if request.path != "/oai":
            return NOT_FOUND
        assert request.query["verb"] != "ListRecords" or ("resumptionToken" in request.query) != ("metadataPrefix" in request.query)
        return Answer(HEAD + self._said(request.query) + "</OAI-PMH>", headers=self.headers)

    def _said(self, query):
        if query["verb"] == "Identify":
            return f"<Identify><repositoryName>Dépôt d'exemple</repositoryName><deletedRecord>{self.deletions}</deletedRecord></Identify>"
        if query.get("metadataPrefix", "oai_dc") != "oai_dc":
            return '<error code="cannotDisseminateFormat">no</error>'
        token = query.get("resumptionToken")
        if token:
            self.tokens += 1
            if self.tokens in self.expires:
                return '<error code="badResumptionToken">expired</error>'
            at, since, spec = token.split("|")
        else:
            at, since, spec = "0", query.get("from", ""), query.get("set", "")
        found = [e for e in self.entries if e["day"] >= since and (not spec or e["set"] == spec)]
        if not found:
            return '<error code="noRecordsMatch">nothing</error>'
        start = int(at)
        shown = "".join(self._record(e, query["verb"]) for e in found[start : start + 2])
        more = f"{start + 2}|{since}|{spec}" if start + 2 < len(found) else ""
        return f'<{query["verb"]}>{shown}<resumptionToken completeListSize="{len(found)}">{more}</resumptionToken></{query["verb"]}>'

    def _record(self, e, verb):
        status = ' status="deleted"' if e["deleted"] else ""
        header = f"<header{status}><identifier>{e['id']}</identifier><datestamp>{e['day']}T00:00:00Z</datestamp></header>"
        if verb == "ListIdentifiers":
            return header
        dc = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, values in e["dc"].items() for value in values)
        metadata = "" if e["deleted"] else f"<metadata><oai_dc:dc {DC}>{dc}</oai_dc:dc></metadata>"
        return f"<record>{header}{metadata}</record>"


def read(repository, queue=(), tries=2, **options):
    with serve(repository) as server, Fetcher([server.base], clock=FakeClock(), tries=tries) as client:
        server.queue = list(queue)
        return list(iter_documents([server.base + "/oai"], fetcher=client, **options))


def ids(found):
    return [item.id.rpartition(":")[2] if isinstance(item, Document) else item.reason for item in found]


def test_a_record_comes_with_its_people_its_holder_and_its_licence():
    (document,) = read(Repository(entry(1)))
    held = document.provenance
    assert (document.id, document.text) == ("oai:exemple.fr:1", "Description de la notice 1.")
    assert (held.title, held.authors, held.authors_died, held.holder) == ("Notice 1", ("Exemple, Ana",), 1880, "Dépôt d'exemple")
    assert (held.licence, held.url, held.issued, held.modified, held.language) == (
        "CC-BY-4.0", "https://depot.exemple.fr/notices/1", "1874", "2024-03-01", "fr",
    )  # fmt: skip


def test_lists_go_on_by_their_tokens_and_start_again_when_one_expires():
    entries = [entry(n) for n in range(1, 10)]
    assert ids(read(Repository(*entries))) == [str(n) for n in range(1, 10)]
    assert ids(read(Repository(*entries, expires=(2, 5)))) == [str(n) for n in range(1, 10)]
    assert ids(read(Repository(*entries), limit="3")) == ["1", "2", "3"]


def test_a_token_that_always_expires_ends_in_a_refusal():
    found = ids(read(Repository(*[entry(n) for n in range(1, 10)], expires=range(1, 99))))
    assert found == ["1", "2", "incomplete:oai-badResumptionToken"]


def test_a_list_that_breaks_off_says_so_and_keeps_what_came():
    repository = Repository(*[entry(n) for n in range(1, 6)])
    answers = [repository(type("R", (), {"path": "/oai", "query": {"verb": "Identify"}})())]
    answers.append(repository(type("R", (), {"path": "/oai", "query": {"verb": "ListRecords", "metadataPrefix": "oai_dc"}})()))
    found = read(repository, queue=[*answers, Answer("", 500), Answer("moitié", cut=50)])
    assert ids(found) == ["1", "2", "incomplete:truncated"] and "2024-03-01" in found[-1].todo


def test_sets_and_days_are_asked_for():
    repository = Repository(entry(1), entry(2, spec="cartes"), entry(3, day="2025-01-01"))
    assert ids(read(repository, sets="cartes")) == ["2"]
    assert ids(read(repository, sets="cartes, livres")) == ["2", "1", "3"]
    assert ids(read(repository, since="2024-12-31")) == ["3"]
    assert read(repository, since="2026-01-01") == []
    with pytest.raises(InputError):
        read(repository, since="hier")
    assert ids(read(repository, prefix="marc")) == ["incomplete:oai-cannotDisseminateFormat"]


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        ([BY], "CC-BY-4.0"),
        (["info:eu-repo/semantics/openAccess", "http://rightsstatements.org/vocab/NoC-NC/1.0/"], "LicenseRef-RS-NoC-NC"),
        (["Droits réservés", BY], "CC-BY-4.0"),
        (["Licence Ouverte 2.0"], "etalab-2.0"),
        (["domaine public"], "unknown-licence:domaine public"),
        (["© Bibliothèque d'exemple", "autre"], "unknown-licence:© Bibliothèque d'exemple"),
        (["info:eu-repo/semantics/openAccess"], "missing:licence"),
        ([], "missing:licence"),
    ],
)
def test_rights_are_mapped_or_refused_with_what_was_seen(rights, expected):
    (item,) = read(Repository(entry(1, rights=rights)))
    assert (item.provenance.licence if isinstance(item, Document) else item.reason) == expected
    if rights[:1] == ["Droits réservés"]:
        assert "Droits réservés" in item.provenance.rights_note


def test_a_licence_of_the_user_is_for_records_that_state_none():
    found = read(Repository(entry(1, rights=[]), entry(2, rights=["Tous droits réservés"])), licence="CC0-1.0")
    assert [item.provenance.licence if isinstance(item, Document) else item.reason for item in found] == [
        "CC0-1.0", "unknown-licence:Tous droits réservés",
    ]  # fmt: skip


def test_records_without_text_or_title_and_deleted_ones():
    repository = Repository(entry(1, description=[]), entry(2, title=[]), entry(3, deleted=True), entry(4, description=["Un.", "Deux."]))
    found = read(repository)
    assert ids(found) == ["empty-text", "missing:title", "4"] and found[-1].text == "Un.\nDeux."


def test_an_address_that_cannot_be_read_refuses_its_record():
    assert ids(read(Repository(entry(1, identifier=["https://[exemple/1"]), entry(2)))) == ["invalid:url", "2"]


def test_an_update_asks_from_the_last_day_and_follows_deletions():
    repository = Repository(
        entry(1), entry(2, day="2026-01-01"), entry(3, day="2026-02-01", deleted=True), entry(4, day="2026-02-02", rights=["©"])
    )
    with serve(repository) as server, Fetcher([server.base], clock=FakeClock()) as client:
        state = State("oai-pmh", (server.base + "/oai",), "2025-06-01")
        known = [(f"oai:exemple.fr:{n}", read(repository)[0].provenance) for n in (1, 3, 4)]
        *changes, last = iter_changes(known, state, fetcher=client)
    assert ids(change for change in changes if not isinstance(change, Deletion)) == ["2", "unknown-licence:©"]
    # the record whose rights are not known any more goes too
    assert [change.document_id[-1] for change in changes if isinstance(change, Deletion)] == ["3", "4"]
    assert last == Checkpoint(State("oai-pmh", state.paths, "2026-11-20"))


def test_a_repository_that_forgets_deletions_is_compared_with_what_is_known():
    repository = Repository(entry(1), entry(2), deletions="no")
    with serve(repository) as server, Fetcher([server.base], clock=FakeClock()) as client:
        held = read(repository)[0].provenance
        known = [("oai:exemple.fr:1", held), ("oai:exemple.fr:9", held), ("oai:autre.fr:9", held)]
        changes = list(iter_changes(known, State("oai-pmh", (server.base + "/oai",), "2026-01-01"), fetcher=client))
    assert [change for change in changes if isinstance(change, Deletion)] == [Deletion("oai:exemple.fr:9", "missing")]


def test_an_update_that_breaks_off_leaves_no_checkpoint():
    repository = Repository(*[entry(n) for n in range(1, 6)], expires=range(1, 99))
    with serve(repository) as server, Fetcher([server.base], clock=FakeClock()) as client:
        changes = list(iter_changes([], State("oai-pmh", (server.base + "/oai",), None), fetcher=client))
    assert isinstance(changes[-1], DocumentRefused)


def test_opt_outs_of_a_repository_are_honoured():
    repository = Repository(entry(1))
    repository.headers = {"Content-Type": "text/xml", "TDM-Reservation": "1"}
    assert ids(read(repository)) == ["opt-out:tdmrep"]
    repository = Repository()
    repository.robots = "User-agent: *\nDisallow: /notices/"
    with serve(repository) as server, Fetcher([server.base], clock=FakeClock()) as client:
        repository.entries = [entry(1, identifier=[server.base + "/notices/1"]), entry(2, identifier=[server.base + "/libre/2"])]
        assert ids(iter_documents([server.base.replace("//", "/") + "/oai"], fetcher=client)) == ["opt-out:robots", "2"]


def test_what_xml_forbids_is_dropped_and_entities_are_refused():
    (document,) = read(Repository(entry(1, description=["Avant\x0baprès"])))
    assert document.text == "Avantaprès"
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><OAI-PMH>&b;</OAI-PMH>'
    with pytest.raises(InputError, match="entities"):
        read(Repository(entry(1)), queue=[Answer(bomb)] * 2)


@pytest.mark.parametrize("paths", [[], ["depot"], ["ftp://depot.exemple.fr/oai"], ["https:///oai"]])
def test_what_is_no_repository_is_an_error(paths):
    with pytest.raises(InputError):
        list(iter_documents(paths))
    with pytest.raises(InputError):
        read(lambda request: NOT_FOUND)


@pytest.mark.parametrize(
    ("name", "person", "died"),
    [
        ("Hugo, Victor (1802-1885). Auteur du texte", "Hugo, Victor", 1885),
        ("Exemple, Ana (1812-18..)", "Exemple, Ana", None),
        ("Exemple, Ana (1950-....). Illustrateur", "Exemple, Ana", None),
        ("Ana Exemple", "Ana Exemple", None),
        ("Exemple, Ana. Auteur du texte", "Exemple, Ana", None),
        ("Société d'exemple (Paris)", "Société d'exemple (Paris)", None),
        ("Exemple (v. 1402?-1463)", "Exemple", 1463),
    ],
)
def test_names_without_their_dates_and_roles(name, person, died):
    core = read_dublin_core(parse_xml(f"<r {DC}><dc:creator>{name}</dc:creator></r>".encode(), "test"))
    assert (core.people(), core.died()) == ((person,), died)


def test_a_licence_element_is_read_before_statements_of_rights():
    terms = 'xmlns:dcterms="http://purl.org/dc/terms/"'
    core = read_dublin_core(
        parse_xml(f"<r {DC} {terms}><dc:rights>©</dc:rights><dcterms:license>{BY}</dcterms:license></r>".encode(), "test")
    )
    assert rights_of(core.rights).id == "CC-BY-4.0"


def fuzz(rounds, seed):
    rng = random.Random(seed)
    repository = Repository(*[entry(n, deleted=n == 2) for n in range(1, 6)])

    def damaged(request):
        answer = repository(request)
        if request.path != "/oai" or request.query["verb"] == "Identify":
            return answer
        body = bytearray(answer.body.encode())
        for _ in range(rng.choice((1, 1, 2, 9))):
            at = rng.randrange(len(body))
            body[at : at + rng.choice((0, 1, 1, 9))] = rng.choice(
                (b"\x00", b"<", b"</record>", b"&#0;", b"&b;", b"\xff", b"2", b"<!--", b" ")
            )
        return Answer(bytes(body), headers=answer.headers)

    with serve(damaged) as server:
        for _ in range(rounds):
            with Fetcher([server.base], clock=FakeClock(), tries=1) as client:
                for item in iter_documents([server.base + "/oai"], fetcher=client):
                    assert isinstance(item, DocumentRefused) or item.provenance.licence == "CC-BY-4.0"


def test_damaged_lists_are_refusals():
    fuzz(60, 1)


@pytest.mark.slow
def test_many_damaged_lists_are_refusals():
    fuzz(1000, 2)
