"""Gallica: notices, pages with their confidence and their ark, rights of the work and of its digitisation."""

import json
import random
from xml.sax.saxutils import escape

import pytest
from loopback import NOT_FOUND, Answer, FakeClock, serve

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.notices import notice
from rag_commons.sources.changes import Checkpoint, Deletion, State
from rag_commons.sources.fetching import Fetcher
from rag_commons.sources.gallica import iter_changes, iter_documents
from rag_commons.sources.gallica_services import find_ark, honest

ARK, OTHER = "ark:/12148/bpt6k0000001a", "ark:/12148/bpt6k0000002b"
DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
XML = {"Content-Type": "text/xml"}


def core(ark, **fields):
    held = {
        "title": ["Le moulin d'exemple"],
        "creator": ["Exemple, Ana (1812-1880). Auteur du texte"],
        "date": ["1874"],
        "language": ["fre", "français"],
        "identifier": [f"https://gallica.bnf.fr/{ark}"],
        "rights": ["domaine public", "public domain"],
        "source": ["Bibliothèque nationale de France, département d'exemple, 8-Y2-1"],
        "description": ["Notice, et non texte."],
    } | fields
    return (
        f"<oai_dc:dc {DC}>"
        + "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, values in held.items() for value in values)
        + "</oai_dc:dc>"
    )


def alto(*lines, confidence=0.9, encoding="UTF-8"):
    written = "".join(
        "<TextLine>" + "".join(f'<String CONTENT="{escape(word)}" WC="{confidence}"/>' for word in line.split()) + "</TextLine>"
        for line in lines
    )
    block = f'<PrintSpace><TextBlock ID="B1">{written}</TextBlock></PrintSpace>'
    body = f'<alto xmlns="http://bibnum.bnf.fr/ns/alto_prod"><Layout><Page PHYSICAL_IMG_NR="1">{block}</Page></Layout></alto>'
    return f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode()


class FakeGallica:
    """The services that we use."""

    def __init__(self):
        self.notices = {
            ARK: core(ARK),
            OTHER: core(OTHER, rights=["conditions spécifiques d'utilisation - Société d'exemple", "restricted use"]),
        }
        self.views = {
            ARK: [
                alto("Le moulin tour-", "nait au vent de la", confidence=0.8),
                None,
                alto("vallée. Fin.", encoding="ISO-8859-1", confidence=0.6),
            ]
        }
        self.labels = ["5", "NP", "7"]
        self.manifest = True
        self.licence = "https://gallica.bnf.fr/html/und/conditions-dutilisation-des-contenus-de-gallica"
        self.special = {}
        self.found = [ARK, OTHER]

    def __call__(self, request):
        path, query = request.path, request.query
        if path in self.special:
            return self.special[path]
        if path == "/SRU":
            start = int(query["startRecord"]) - 1
            records = "".join(
                f"<srw:record><srw:recordData>{self.notices[ark]}</srw:recordData></srw:record>" for ark in self.found[start : start + 1]
            )
            return Answer(
                f'<srw:searchRetrieveResponse xmlns:srw="http://www.loc.gov/zing/srw/"><srw:numberOfRecords>{len(self.found)}</srw:numberOfRecords>'
                f"<srw:records>{records}</srw:records></srw:searchRetrieveResponse>",
                headers=XML,
            )
        if path == "/services/OAIRecord" and query["ark"] in self.notices:
            return Answer(
                f"<results><notice><record><metadata>{self.notices[query['ark']]}</metadata></record></notice></results>", headers=XML
            )
        if path == "/services/Pagination":
            pages = "".join(f"<page><numero>{label}</numero></page>" for label in self.labels)
            return Answer(
                f"<livre><structure><nbVueImages>{len(self.labels)}</nbVueImages></structure><pages>{pages}</pages></livre>", headers=XML
            )
        if path.endswith("/manifest.json") and self.manifest:
            said = {"license": self.licence, "attribution": "BnF", "sequences": [{"canvases": [{"label": label} for label in self.labels]}]}
            return Answer(json.dumps(said), headers={"Content-Type": "application/json"})
        if path == "/RequestDigitalElement":
            views = self.views.get(f"ark:/12148/{query['O']}", [])
            view = int(query["Deb"]) - 1
            return Answer(views[view], headers=XML) if view < len(views) and views[view] else Answer("", 500)
        if path.endswith(".texteBrut"):
            page = "<html><head><title>x</title></head><body><p>Le moulin tournait.</p><p>Fin.</p><script>1</script></body></html>"
            return Answer(page, headers={"Content-Type": "text/html"})
        return NOT_FOUND


def read(served, *paths, clock=None, **options):
    with serve(served) as server, Fetcher([server.base], clock=clock or FakeClock(), tries=2) as client:
        return list(iter_documents(paths, base=server.base, fetcher=client, **options))


def ids(found):
    return [item.id if isinstance(item, Document) else item.reason for item in found]


def test_a_document_comes_page_by_page_with_its_arks_and_confidence():
    (document,) = read(FakeGallica(), f"https://gallica.bnf.fr/{ARK}/f1.image")
    assert document.id == "gallica/12148/bpt6k0000001a"
    assert document.text.startswith("Le moulin tournait au vent de la") and document.text.endswith("vallée. Fin.")
    assert [(page.label, page.url) for page in document.pages] == [
        (label, f"https://gallica.bnf.fr/{ARK}/f{view}") for view, label in ((1, "5"), (2, "vue 2"), (3, "7"))
    ]
    assert [page.ocr for page in document.pages] == [pytest.approx(0.8), None, pytest.approx(0.6)]
    held = document.provenance
    assert (held.title, held.authors, held.authors_died, held.issued, held.language) == (
        "Le moulin d'exemple",
        ("Exemple, Ana",),
        1880,
        "1874",
        "fr",
    )
    assert (held.holder, held.permalink) == ("Bibliothèque nationale de France", f"https://gallica.bnf.fr/{ARK}")
    assert held.rights_note == "Texte absent de 1 vue(s) sur 3."


def test_the_work_is_in_the_public_domain_and_its_digitisation_under_conditions():
    held = read(FakeGallica(), ARK)[0].provenance
    assert held.licence == "LicenseRef-Gallica-CGU"
    assert [(layer.role, layer.licence) for layer in held.layers] == [("work", "CC-PDM-1.0"), ("digitisation", "LicenseRef-Gallica-CGU")]
    assert "Source gallica.bnf.fr / Bibliothèque nationale de France" in notice(held)


def test_specific_conditions_are_refused_with_their_words():
    gallica = FakeGallica()
    assert ids(read(gallica, "search:dc.title all moulin")) == [
        "gallica/12148/bpt6k0000001a",
        "unknown-licence:conditions spécifiques d'utilisation - Société d'exemple",
    ]
    gallica.notices[OTHER] = core(OTHER, rights=["http://creativecommons.org/licenses/by/4.0/"])
    gallica.views[OTHER] = gallica.views[ARK]
    other = read(gallica, OTHER)[0].provenance
    assert (other.licence, [layer.role for layer in other.layers]) == ("CC-BY-4.0", ["digitisation"])
    gallica.notices[OTHER] = core(OTHER, rights=[])
    assert ids(read(gallica, OTHER)) == ["missing:licence"]


def test_paces_are_kept_and_the_plain_text_comes_in_one_request():
    clock = FakeClock()
    found = read(FakeGallica(), ARK, ARK.replace("1a", "9z"), text="brut", clock=clock)
    assert found[0].text == "Le moulin tournait.\nFin." and found[0].pages == ()
    assert ids(found)[1] == "fetch:404" and max(clock.slept) <= 60
    gallica, clock = FakeGallica(), FakeClock()
    gallica.notices[OTHER] = core(OTHER)
    read(gallica, ARK, OTHER, text="brut", clock=clock)
    assert any(pause > 8 for pause in clock.slept)


def test_a_check_for_people_is_not_taken_for_an_absent_text():
    gallica = FakeGallica()
    page = Answer("<!DOCTYPE html><html><p>Vérification</p></html>", headers={"Content-Type": "text/html"})
    gallica.special["/RequestDigitalElement"] = page
    assert ids(read(gallica, ARK)) == ["fetch:captcha"]
    gallica.special[f"/{ARK}.texteBrut"] = Answer("", 302, {"Location": "/verification"})
    gallica.special["/verification"] = page
    assert ids(read(gallica, ARK, text="brut")) == ["fetch:captcha"]


def test_documents_without_a_manifest_or_a_text():
    gallica = FakeGallica()
    gallica.manifest = False
    assert [page.label for page in read(gallica, ARK)[0].pages] == ["5", "vue 2", "7"]
    assert [page.label for page in read(gallica, ARK, views="1")[0].pages] == ["5"]
    gallica.labels, gallica.views = ["NP"] * 40, {}
    with serve(gallica) as server, Fetcher([server.base], clock=FakeClock(), tries=1) as client:
        assert ids(iter_documents([ARK], base=server.base, fetcher=client)) == ["no-text-layer"]
        assert sum(path == "/RequestDigitalElement" for path in server.paths()) == 3 * 8
    gallica = FakeGallica()
    gallica.licence = "https://exemple.fr/conditions"
    assert "https://exemple.fr/conditions" in read(gallica, ARK)[0].provenance.rights_note


def test_closed_documents_are_refused():
    gallica = FakeGallica()
    gallica.special["/robots.txt"] = Answer(f"User-agent: *\nDisallow: /{ARK}")
    assert ids(read(gallica, ARK)) == ["opt-out:robots"]
    gallica = FakeGallica()
    gallica.special[f"/{ARK}.texteBrut"] = Answer("<html><meta name=tdm-reservation content=1><p>x", headers={"Content-Type": "text/html"})
    assert ids(read(gallica, ARK, text="brut")) == ["opt-out:tdmrep"]


def test_a_file_lists_arks_and_queries(tmp_path):
    listed = tmp_path / "arks.txt"
    listed.write_text(f"# corpus\n{ARK}\nsearch:moulin\n", encoding="utf-8")
    assert len(read(FakeGallica(), str(listed))) == 2
    listed.write_text("pas un ark\n", encoding="utf-8")
    for paths in ([str(listed)], ["bpt6k"], ["search:"], []):
        with pytest.raises(InputError):
            read(FakeGallica(), *paths)
    with pytest.raises(InputError):
        read(FakeGallica(), ARK, text="image")


def test_an_update_brings_what_is_new_and_withdraws_what_is_closed():
    gallica = FakeGallica()
    held = read(gallica, ARK)[0].provenance
    third = "ark:/12148/bpt6k0000003c"
    gallica.notices[third], gallica.views[third], gallica.found = core(third), gallica.views[ARK], [ARK, third]
    known = [(f"gallica/12148/{name}", held) for name in ("bpt6k0000001a", "bpt6k0000002b", "bpt6k0000009z")]
    with serve(gallica) as server, Fetcher([server.base], clock=FakeClock()) as client:
        state = State("gallica", ("search:moulin",), None, (("base", server.base),))
        *changes, last = iter_changes(known, state, fetcher=client)
    assert [change.document_id[-2:] for change in changes if isinstance(change, Deletion)] == ["2b", "9z"]
    assert ids(change for change in changes if not isinstance(change, Deletion)) == ["gallica/12148/bpt6k0000003c"]
    assert isinstance(last, Checkpoint)


@pytest.mark.parametrize(
    ("text", "ark"),
    [
        (ARK, ARK),
        (f"https://gallica.bnf.fr/{ARK}.texteBrut", ARK),
        (f"https://gallica.bnf.fr/{ARK}/f12.image.r=moulin", ARK),
        ("bpt6k0000001a", None),
        ("ark:/1/x", None),
    ],
)
def test_arks(text, ark):
    assert find_ark(text) == ark


def test_an_encoding_that_lies_is_read_as_it_is():
    assert "é".encode() in honest('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode()) and b"UTF-8" in honest(
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode()
    )
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")
    assert honest(latin) == latin


def fuzz(rounds, seed):
    rng = random.Random(seed)
    gallica = FakeGallica()

    def damaged(request):
        answer = gallica(request)
        body = bytearray(answer.body.encode() if isinstance(answer.body, str) else answer.body)
        if body and answer.status == 200:
            for _ in range(rng.choice((0, 1, 1, 5))):
                at = rng.randrange(len(body))
                body[at : at + rng.choice((0, 1, 1, 9))] = rng.choice((b"\x00", b"<", b"/>", b"&b;", b"\xff", b"9", b"null", b"[", b" "))
        return Answer(bytes(body), answer.status, answer.headers)

    with serve(damaged) as server:
        for number in range(rounds):
            with Fetcher([server.base], clock=FakeClock(), tries=1) as client:
                for item in iter_documents(["search:moulin", ARK], base=server.base, text="brut" if number % 3 else "alto", fetcher=client):
                    assert isinstance(item, DocumentRefused) or item.provenance.licence in ("LicenseRef-Gallica-CGU", "CC-PDM-1.0")


def test_damaged_answers_are_refusals():
    fuzz(60, 1)


@pytest.mark.slow
def test_many_damaged_answers_are_refusals():
    fuzz(1000, 2)
