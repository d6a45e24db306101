"""Pages of a wiki by its API: what comes in, under which licence and link, and what changes later."""

import json
import random

import pytest
from fake_mediawiki import FakeWiki, WikiPage, error
from loopback import Answer, FakeClock, serve

from rag_commons.documents import Document
from rag_commons.errors import DocumentRefused, InputError
from rag_commons.licences.notices import notice
from rag_commons.sources.changes import Checkpoint, Deletion, State, state_from_json, state_to_json
from rag_commons.sources.fetching import Fetcher
from rag_commons.sources.wikipedia import iter_changes, iter_documents
from rag_commons.sources.wikis import find_wiki


def pages():
    return [
        WikiPage(
            1, "Pont aux Ânes", "Le '''pont aux Ânes''' enjambe la [[Loire]].\n== Histoire ==\nIl date de 1830.", 11, categories=("Ponts",)
        ),
        WikiPage(2, "Pont vieux", "Le '''pont vieux''' est en pierre.", 21, "2021-03-04T05:06:07Z", categories=("Ponts",)),
        WikiPage(3, "Catégorie:Ponts de bois", ns=14, categories=("Ponts",)),
        WikiPage(4, "Pont de bois", "Un pont de bois.", 41, categories=("Ponts de bois",)),
        WikiPage(5, "Catégorie:Ponts", ns=14, categories=("Ponts de bois",)),
        WikiPage(6, "Pont", "Pont peut désigner…", 61, props={"disambiguation": ""}, categories=("Ponts",)),
        WikiPage(7, "Vieux pont", "#REDIRECT [[Pont vieux]]", 71, redirect="Pont vieux"),
        WikiPage(8, "Caché", "…", 81, hidden=True),
        WikiPage(9, "Module:Pont", "return 1", 91, model="Scribunto"),
    ]


def read(served, *paths, queue=(), **options):
    with serve(served) as server, Fetcher([server.base], clock=FakeClock(), tries=3) as client:
        server.queue = list(queue)
        found = list(iter_documents(paths, api=server.base + "/w/api.php", fetcher=client, **options))
    return found, server


def titles(found):
    return [item.provenance.title if isinstance(item, Document) else item.reason for item in found]


def test_a_page_comes_with_its_revision_its_history_and_its_sections():
    (document,), server = read(FakeWiki(*pages()), "title:Pont aux Ânes")
    assert document.id == "frwiki/1"
    assert document.text.startswith("Le pont aux Ânes enjambe la Loire.") and "1830" in document.text
    assert [section.title for section in document.sections] == ["Histoire"]
    held = document.provenance
    assert held.permalink == "https://fr.wikipedia.org/w/index.php?title=Pont_aux_%C3%82nes&oldid=11".replace(
        "https", server.base.split(":")[0]
    )
    assert held.history_url.endswith("title=Pont_aux_%C3%82nes&action=history")
    assert (held.url, held.language, held.modified, held.licence) == (
        "https://fr.wikipedia.org/wiki/Pont_aux_Ânes",
        "fr",
        "2024-05-01",
        "CC-BY-SA-4.0",
    )
    assert (held.holder, held.collection, held.authors) == (
        "Wikipédia en français",
        "wikipedia-fr",
        ("Contributrices et contributeurs de Wikipédia",),
    )
    said = notice(held)
    assert "Contributrices et contributeurs de Wikipédia" in said and "oldid=11" in said


def test_the_licence_goes_by_the_date_of_the_revision():
    found, _ = read(FakeWiki(*pages()), "title:Pont vieux", "title:Pont aux Ânes")
    assert [item.provenance.licence for item in found] == ["CC-BY-SA-3.0", "CC-BY-SA-4.0"]


def test_another_licence_of_the_wiki_is_kept_and_an_unknown_one_refuses():
    cc0 = FakeWiki(*pages(), licence="https://creativecommons.org/publicdomain/zero/1.0/")
    assert read(cc0, "title:Pont vieux")[0][0].provenance.licence == "CC0-1.0"
    unknown = FakeWiki(*pages(), licence="https://exemple.fr/licence-maison")
    assert titles(read(unknown, "title:Pont vieux")[0]) == ["unknown-licence:https://exemple.fr/licence-maison"]
    assert read(unknown, "title:Pont vieux", licence="CC-BY-4.0")[0][0].provenance.licence == "CC-BY-4.0"
    own = FakeWiki(*pages(), server="https://wiki.exemple.fr")
    (document,) = read(own, "title:Pont vieux", wiki="monwiki")[0]
    assert document.provenance.licence == "CC-BY-SA-4.0" and document.provenance.authors == (
        "Contributrices et contributeurs de Wiki d'essai",
    )


def test_categories_are_followed_to_their_depth_and_cycles_end():
    wiki = FakeWiki(*pages())
    assert titles(read(wiki, "category:Ponts")[0]) == ["Pont aux Ânes", "Pont vieux", "disambiguation"]
    assert titles(read(wiki, "catégorie:Ponts", depth=9)[0]) == ["Pont aux Ânes", "Pont vieux", "disambiguation", "Pont de bois"]


def test_search_redirects_and_pages_that_cannot_be_read():
    wiki = FakeWiki(*pages())
    assert titles(read(wiki, "search:pont")[0]) == ["Pont aux Ânes", "Pont vieux", "Pont de bois"]
    assert titles(read(wiki, "search:pont", limit=2)[0]) == ["Pont aux Ânes", "Pont vieux"]
    found, _ = read(wiki, "title:Vieux pont", "title:Pont vieux", "title:Nulle part", "title:Caché", "title:Module:Pont", "title:a|b")
    assert titles(found) == ["invalid:title", "Pont vieux", "missing:page", "missing:text", "not-wikitext"]


def test_a_file_lists_titles_categories_and_searches(tmp_path):
    listed = tmp_path / "titres.txt"
    listed.write_bytes(
        "\ufeff# ponts\nPont vieux\n\ncategory:Ponts de bois\nBad|title\n".encode() + b"caf\xe9\n" + b"x" * 9000 + b"\nPont aux \xc3\x82nes"
    )
    found, _ = read(FakeWiki(*pages()), str(listed))
    assert titles(found) == ["invalid:title", "invalid:title", "invalid:title", "Pont vieux", "Pont aux Ânes", "Pont de bois"]


def test_many_titles_are_asked_fifty_at_a_time():
    many = [WikiPage(n, f"Page {n}", f"Texte numéro {n}.", n) for n in range(1, 121)]
    found, server = read(FakeWiki(*many), *[f"title:Page {n}" for n in range(1, 121)], attribution=False)
    assert titles(found) == [f"Page {n}" for n in range(1, 121)]
    assert {len(asked.query.get("titles", "").split("|")) for asked in server.asked if "titles" in asked.query} == {50, 20}


def test_the_attribution_api_is_used_where_it_answers():
    wiki = FakeWiki(*pages())
    essential = {
        "license": {"url": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "source_wiki": {"page_language": "oc"},
        "credit": "Ana Exemple",
    }
    wiki.signals = {"Pont vieux": {"essential": essential}, "Pont aux Ânes": ["pas", "un objet"]}
    found, server = read(wiki, "title:Pont vieux", "title:Pont aux Ânes", "title:Pont de bois")
    held = found[0].provenance
    assert (held.language, held.authors, held.licence) == (
        "oc",
        ("Ana Exemple", "Contributrices et contributeurs de Wikipédia"),
        "CC-BY-SA-3.0",
    )
    assert "CC0-1.0" in held.rights_note
    assert found[1].provenance.rights_note is None and len(found) == 3
    assert any(path.startswith("/w/rest.php/attribution/v0-beta/pages/Pont_vieux") for path in server.paths())


def test_a_wiki_without_the_attribution_api_is_not_asked_for_ever():
    many = [WikiPage(n, f"Page {n}", f"Texte numéro {n}.", n) for n in range(1, 21)]
    _, server = read(FakeWiki(*many), *[f"title:Page {n}" for n in range(1, 21)])
    assert sum("attribution" in path for path in server.paths()) == 3


def test_maxlag_throttling_and_broken_answers_are_waited_out():
    clock = FakeClock()
    lagged = error("maxlag", lag=7.2)
    queue = [
        Answer(lagged.body, headers={"Retry-After": "5"}),
        Answer("", 503),
        Answer("", 429, {"Retry-After": "30"}),
        Answer('{"batchcomplete": tr', headers={"Content-Type": "application/json"}),
        error("ratelimited"),
    ]
    with serve(FakeWiki(*pages())) as server, Fetcher([server.base], clock=clock, tries=9) as client:
        server.queue = queue
        found = list(iter_documents(["title:Pont vieux"], api=server.base + "/w/api.php", fetcher=client))
    assert titles(found) == ["Pont vieux"] and max(clock.slept) >= 30 and len(clock.slept) >= 5


def test_a_wiki_that_cannot_be_asked_is_an_error_and_one_that_fails_on_the_way_a_refusal():
    wiki = FakeWiki(*pages())
    with pytest.raises(InputError):
        read(wiki, "title:Pont vieux", queue=[Answer("", 500)] * 3)
    with pytest.raises(InputError, match="readapidenied"):
        read(wiki, "title:Pont vieux", queue=[error("readapidenied")])
    site = wiki._json({"query": {"general": {"server": "https://fr.wikipedia.org"}, "rightsinfo": {"url": wiki.licence}}})
    found, _ = read(wiki, "title:Pont vieux", "category:Ponts de bois", queue=[site, *[Answer("", 500)] * 3])
    assert titles(found) == ["fetch:500", "Pont de bois"]
    loop = Answer(json.dumps({"query": {}, "continue": {"x": "1"}}))
    assert titles(read(wiki, "category:Ponts", queue=[site, loop, loop])[0]) == ["fetch:api-continuation"]


@pytest.mark.parametrize("options", [{"depth": "profond"}, {"limit": "-1"}, {"attribution": "peut-être"}, {"wiki": "fr"}])
def test_an_option_that_cannot_be_read_is_an_error(options):
    with pytest.raises(InputError), serve(FakeWiki()) as server:
        list(iter_documents(["title:Pont"], **({"api": server.base} if "wiki" not in options else {}), **options))


@pytest.mark.parametrize("paths", [[], ["Pont vieux"], ["title:"], ["truc:Pont"]])
def test_a_path_that_asks_nothing_of_a_wiki_is_an_error(paths):
    with pytest.raises(InputError):
        read(FakeWiki(*pages()), *paths)


def test_pages_closed_by_the_wiki_are_refused():
    wiki = FakeWiki(*pages())
    wiki.robots = "User-agent: *\nDisallow: /wiki/Pont_vieux\n"
    assert titles(read(wiki, "title:Pont vieux", "title:Pont aux Ânes")[0]) == ["opt-out:robots", "Pont aux Ânes"]


def test_an_update_fetches_what_changed_and_follows_deletions():
    wiki = FakeWiki(*pages())
    paths = ("category:Ponts", "title:Vieux pont")
    before = [item for item in read(wiki, *paths, depth=2)[0] if isinstance(item, Document)]
    known = [(document.id, document.provenance) for document in before] + [("autre/1", before[0].provenance)]
    wiki.pages[1].text, wiki.pages[1].revision = "Le pont aux Ânes est détruit.", 12
    del wiki.pages[4]
    wiki.pages[2].redirect = "Pont aux Ânes"
    wiki.pages[3] = WikiPage(3, "Pont", "Pont peut désigner…", 62, props={"disambiguation": ""})
    known.append(("frwiki/3", before[0].provenance))
    wiki.pages[10] = WikiPage(10, "Pont neuf", "Tout neuf.", 101, categories=("Ponts",))
    with serve(wiki) as server, Fetcher([server.base], clock=FakeClock()) as client:
        state = State("wikipedia", paths, "2024-06-01", (("api", server.base + "/w/api.php"), ("depth", "2"), ("wiki", "frwiki")))
        assert state_from_json(state_to_json(state)) == state
        *changes, last = iter_changes(known, state, fetcher=client)
    assert {change.document_id: change.reason for change in changes if isinstance(change, Deletion)} == {
        "frwiki/4": "missing",
        "frwiki/2": "redirect",
        "frwiki/3": "disambiguation",
    }
    assert titles(change for change in changes if isinstance(change, Document)) == ["Pont aux Ânes", "Pont neuf"]
    assert isinstance(last, Checkpoint) and last.state.paths == paths


def test_an_update_that_fails_leaves_no_checkpoint():
    with serve(FakeWiki(*pages())) as server, Fetcher([server.base], clock=FakeClock(), tries=1) as client:
        state = State("wikipedia", (), None, (("api", server.base + "/w/api.php"),))
        known = [
            (item.id, item.provenance) for item in iter_documents(["title:Pont vieux"], api=server.base + "/w/api.php", fetcher=client)
        ]
        server.queue = [FakeWiki()._json({"query": {"general": {}, "rightsinfo": {}}}), Answer("", 500)]
        assert titles(iter_changes(known, state, fetcher=client)) == ["fetch:500"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"source": 1, "paths": [], "since": null, "options": {}}',
        '{"source": "x", "paths": [2], "since": null, "options": {}}',
    ],
)
def test_a_damaged_state_is_an_error(text):
    with pytest.raises(InputError):
        state_from_json(text)


@pytest.mark.parametrize(
    ("name", "host", "language", "french"),
    [
        ("frwiki", "fr.wikipedia.org", "fr", "Wikipédia en français"),
        ("alswiki", "als.wikipedia.org", "gsw", "Wikipédia en alémanique"),
        ("frwiktionary", "fr.wiktionary.org", "fr", "Wiktionnaire en français"),
        ("zh_min_nanwiki", "zh-min-nan.wikipedia.org", "nan", "Wikipédia en [nan]"),
        ("be_x_oldwiki", "be-tarask.wikipedia.org", "be-tarask", "Wikipédia en [be-tarask]"),
        ("commonswiki", "commons.wikimedia.org", None, "Wikimedia Commons"),
    ],
)
def test_wikis_by_their_name(name, host, language, french):
    wiki = find_wiki(name)
    assert (wiki.host, wiki.language, wiki.name) == (host, language, french)


def test_collections_by_project_and_language():
    names = ["frwiki", "zh_min_nanwiki", "ocwiktionary", "frwikisource", "wikidatawiki"]
    assert [find_wiki(name).collection for name in names] == [
        "wikipedia-fr", "wikipedia-zh-min-nan", "wiktionary-oc", "wikisource-fr", "wikidata",
    ]  # fmt: skip


def test_what_is_no_wiki_is_an_error():
    for name in ("", "fr", "fr.wikipedia.org", "../wiki", "évwiki"):
        with pytest.raises(InputError):
            find_wiki(name)


def fuzz(rounds, seed):
    """Damage the answers of a wiki in every way and read them: no traceback, no document without a licence."""
    rng = random.Random(seed)
    wiki = FakeWiki(*pages())

    def damaged(request):
        answer = wiki(request)
        body = bytearray(answer.body.encode() if isinstance(answer.body, str) else answer.body)
        if request.path == "/w/api.php" and request.query.get("meta") != "siteinfo" and body:
            for _ in range(rng.choice((1, 1, 2, 8))):
                at = rng.randrange(len(body))
                body[at : at + rng.choice((0, 1, 1, 6))] = rng.choice((b"\x00", b"null", b"9", b"[", b'"', b"\xff", b"true", b"{}"))
        return Answer(bytes(body), answer.status, answer.headers)

    with serve(damaged) as server:
        for _ in range(rounds):
            with Fetcher([server.base], clock=FakeClock(), tries=1) as client:
                paths = ["title:Pont vieux", "title:Pont aux Ânes", "category:Ponts"]
                for item in iter_documents(paths, api=server.base + "/w/api.php", fetcher=client, attribution=False):
                    assert isinstance(item, DocumentRefused) or item.provenance.licence.startswith("CC-BY-SA-")


def test_damaged_answers_are_refusals():
    fuzz(60, 1)


@pytest.mark.slow
def test_many_damaged_answers_are_refusals():
    fuzz(1000, 2)
