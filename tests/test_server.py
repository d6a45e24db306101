"""The served API by real clients over loopback: contract 3 everywhere, one JSON line for a failure, nothing changed, nothing leaked."""

import asyncio
import base64
import json
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import httpx2
import pytest
from browsing import clipboard
from jsonschema import Draft202012Validator
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from page_server import RARE, command, served, shared_page

QUESTION = "Y a-t-il un dépôt légal national en Suisse ?"
ANSWER = "La Suisse n'a pas de dépôt légal obligatoire"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PASSWORD = "mot de passe élu"
STREAM = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


@pytest.fixture(scope="module")
def api():
    with httpx.Client(base_url=shared_page(), timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def openapi(api):
    return api.get("/api/openapi.json").json()


def conforms(openapi, body, name):
    """Whether a body is what OpenAPI says."""
    Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": openapi["components"]}).validate(body)


def ask(api, question=QUESTION, **body):
    return api.post("/api/ask", json={"question": question, **body})


def test_an_answer_is_contract_3_and_has_its_own_address(api, openapi):
    response = ask(api)
    answer = response.json()
    conforms(openapi, answer, "AnswerShape")
    assert response.status_code == 200
    assert answer["statements"][0]["text"].startswith(ANSWER)
    for statement in answer["statements"]:
        for citation in statement["citations"]:
            reference = next(one for one in answer["references"] if one["ref"] == citation["ref"])
            assert reference["text"][citation["start"] : citation["end"]] == citation["quote"] == statement["text"]
    assert "Licence Ouverte" in answer["references"][0]["notice"]
    link = response.headers["link"].removeprefix("</").split(">")[0]
    assert "vigueur" not in link and answer["statements"][0]["text"][:20] not in dict(parse_qsl(link[1:]))["cite"]
    again = api.get("/api/answer" + link).json()
    conforms(openapi, again, "ReopenedShape")
    assert again["answer"]["statements"] == answer["statements"]
    assert again["answer"]["references"] == answer["references"]
    assert {one["state"] for one in again["citations"]} == {"unchanged"}


def test_an_abstention_says_why(api, openapi):
    answer = ask(api, "Quelle est la recette du gâteau au chocolat de ma voisine ?").json()
    conforms(openapi, answer, "AnswerShape")
    assert answer["abstained"] and answer["reason"] and not answer["references"]


def test_the_stream_tells_each_step_then_the_same_answer(api):
    with api.stream("POST", "/api/ask/stream", json={"question": QUESTION}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        blocks = "".join(response.iter_text()).strip().split("\n\n")
    events = [tuple(line.split(": ", 1)[1] for line in block.split("\n")) for block in blocks]
    assert [name for name, _ in events] == ["step", "step", "step", "answer"]
    assert [json.loads(data)["step"] for _, data in events[:3]] == ["search", "read", "verify"]
    assert json.loads(events[3][1])["statements"] == ask(api).json()["statements"]


def test_search_keeps_to_the_filters_and_says_their_cost(api, openapi):
    found = api.post("/api/search", json={"question": "domaine public", "k": 5, "licences": ["CC0-1.0"]}).json()
    conforms(openapi, found, "HitsShape")
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3, 4, 5]
    assert {hit["licence"]["id"] for hit in found["hits"]} == {"CC0-1.0"}
    held = api.get("/api/index").json()
    assert found["left_aside"] == held["passages"] - held["licences"]["CC0-1.0"]["passages"]
    licences = {row["id"]: row for row in api.get("/api/licences").json()["licences"]}
    assert licences["CC0-1.0"]["passages"] == held["licences"]["CC0-1.0"]["passages"]
    assert licences["CC-BY-NC-4.0"]["commercial"] is False


def test_a_passage_is_cited_word_for_word_or_not_at_all(api, openapi):
    reference = ask(api).json()["references"][0]
    cited = api.get("/api/cite", params={"passage_id": reference["passage_id"], "quote": "La Suisse n’a pas de\u00a0dépôt légal"}).json()
    conforms(openapi, cited, "CitedShape")
    assert cited["reference"] == reference
    quote = cited["quote"]
    assert reference["text"][quote["start"] : quote["end"]] == quote["quote"] == "La Suisse n'a pas de dépôt légal"
    refused = api.get("/api/cite", params={"passage_id": reference["passage_id"], "quote": "la Suisse a un dépôt légal"})
    assert refused.status_code == 400
    document = api.get(f"/api/documents/{reference['document_id']}").json()
    assert document["document"]["text"][reference["start"] : reference["end"]] == reference["text"]
    assert next(one for one in document["passages"] if one["passage_id"] == reference["passage_id"])["sha256"] == reference["sha256"]
    assert document["notice"]


HOSTILE = [
    ("POST", "/api/ask", {"json": {}}, 422),
    ("POST", "/api/ask", {"json": {"question": "  "}}, 422),
    ("POST", "/api/ask", {"json": {"question": "a" * 1001}}, 422),
    ("POST", "/api/ask", {"json": {"question": QUESTION, "llm": "http://169.254.169.254/"}}, 422),
    ("POST", "/api/ask", {"json": {"question": QUESTION, "allow": ["everything"]}}, 422),
    ("POST", "/api/ask", {"json": {"question": QUESTION, "holders": ["x"] * 51}}, 422),
    ("POST", "/api/ask", {"content": b'{"question": "\\ud800 \\udfff"}', "headers": {"content-type": "application/json"}}, 422),
    ("POST", "/api/ask", {"content": b"\xff\xfe{", "headers": {"content-type": "application/json"}}, 400),
    ("POST", "/api/ask", {"content": b"[" * 100_000, "headers": {"content-type": "application/json"}}, 400),
    ("POST", "/api/search", {"json": {"question": QUESTION, "k": 10**9}}, 422),
    ("POST", "/api/ask", {"content": b"a" * 300_000, "headers": {"content-type": "application/json"}}, 413),
    ("POST", "/api/ask", {"content": iter([b"{", b"}"]), "headers": {"content-type": "application/json"}}, 411),
    ("POST", "/mcp", {"content": b"a" * 300_000, "headers": STREAM}, 413),
    ("GET", "/api/cite", {"params": {"passage_id": "../../etc/passwd"}}, 404),
    ("GET", "/api/cite", {"params": {"passage_id": "a%00b@00000000#999999999"}}, 404),
    ("GET", "/api/documents/..%2F..%2F..%2Fetc%2Fpasswd", {}, 404),
    ("GET", "/api/documents/%2Fetc%2Fpasswd", {}, 404),
    ("GET", "/api/documents/%00", {}, 404),
    ("GET", "/api/documents/' OR 1=1 --", {}, 404),
    ("GET", "/api/answer", {}, 422),
    ("GET", "/api/answer", {"params": {"question": "x", "cite": "1~0-5~zz~a@00000000#0"}}, 400),
    ("GET", "/api/answer", {"params": {"question": "x", "cite": ["1~0-5~" + "0" * 64 + "~a@00000000#0"] * 61}}, 400),
    ("GET", "/api/ask", {}, 404),
    ("DELETE", "/api/documents/x", {}, 404),
    ("POST", "/api/ingest", {"json": {"path": "/etc"}}, 404),
    ("POST", "/api/remove", {"json": {}}, 404),
    ("OPTIONS", "/api/ask", {"headers": {"origin": "https://exemple.org", "access-control-request-method": "POST"}}, 404),
    ("POST", "/api/ask", {"json": {"question": QUESTION}, "headers": {"sec-fetch-site": "cross-site"}}, 403),
    ("POST", "/mcp", {"json": {}, "headers": {**STREAM, "sec-fetch-site": "cross-site"}}, 403),
    ("GET", "/mcp", {"headers": STREAM}, 405),
    ("DELETE", "/mcp", {}, 405),
    ("GET", "/api/index", {"headers": {"host": "exemple.org"}}, 403),
    ("GET", "/api/en", {"headers": {"host": "exemple.org"}}, 403),
    ("POST", "/api/en", {"json": {}}, 404),
    ("GET", "/gradio_api/file=/etc/passwd", {}, 403),
]


@pytest.mark.parametrize(("method", "path", "options", "status"), HOSTILE)
def test_a_hostile_request_is_refused_in_one_line(api, method, path, options, status):
    response = api.request(method, path, **options)
    assert response.status_code == status, response.text
    assert "\n" not in response.text.strip()
    assert "root:" not in response.text and "Traceback" not in response.text
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    told = response.json()
    assert told["error"] == " ".join(f"expected {told['expected']}; seen: {told['seen']}; to do: {told['to_do']}".split())


def test_no_other_site_may_read_the_page(api):
    for path in ("/", "/config", "/gradio_api/info", "/api/index"):
        for host in ("localhost:1", "127.0.0.1:1"):
            read = api.get(path, headers={"origin": "https://exemple.org", "host": host})
            assert not [name for name in read.headers if name.startswith("access-control")], path


def test_questions_of_any_letters_are_answered_or_refused(api):
    for question in ("\u0000", "' OR 1=1", '"(', "a AND (b", "\u202e\ufeff", "😀" * 1000, "<script>", "{{7*7}}", f"{RARE}?", "[1 TO *]"):
        assert ask(api, question).status_code in (200, 422), question


def test_twenty_askers_at_once_are_all_answered(api):
    async def all_of_them():
        async with httpx.AsyncClient(base_url=shared_page(), timeout=60) as client:
            return await asyncio.gather(*(client.post("/api/ask", json={"question": QUESTION}) for _ in range(20)))

    answers = [response.json() for response in asyncio.run(all_of_them())]
    assert len(answers) == 20
    assert all(answer["statements"] == answers[0]["statements"] and ANSWER in answer["statements"][0]["text"] for answer in answers)


GUIDES = {"fr": "/api", "en": "/api/en"}
# words that are telling of a language, none of them a word of the other
TELLING = {"fr": "le|la|les|une|des|du|et|pour|sa|réponse|corps|outils", "en": "the|of|and|is|to|for|its|answer|body|tools"}


def own_words(page):
    """The text of a page in its own language: without its code, and without what it says is in another."""
    body = re.sub(r'<code>.*?</code>|<(\w+)[^>]* lang="\w+">.*?</\1>', " ", page[page.index("<body") :])
    return re.sub("<[^>]*>", " ", body)


@pytest.mark.parametrize(("lang", "other"), [("fr", "en"), ("en", "fr")])
def test_the_guide_names_every_address_and_fetches_nothing(api, openapi, lang, other):
    page = api.get(GUIDES[lang])
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert page.headers["x-frame-options"] == "DENY" and "default-src 'self'" in page.headers["content-security-policy"]
    assert all(path.replace("{", "&#123;").replace("}", "&#125;") in page.text for path in openapi["paths"])
    assert not re.search(r"<script|http-equiv|<link|<img|src=|url\(|@import", page.text)
    assert all(set(methods) <= {"get", "post"} for methods in openapi["paths"].values())
    assert not [path for path in openapi["paths"] if "ingest" in path or "remove" in path or "admin" in path]
    assert re.findall(r'<html lang="(\w+)">', page.text) == [lang]
    assert f'<a href="{GUIDES[other]}" hreflang="{other}" lang="{other}">' in page.text
    assert f'<a href="{"/" if lang == "fr" else "/en"}">' in page.text and "/api/openapi.json" in page.text


def test_the_guides_are_one_page_in_two_languages(api):
    pages = {lang: api.get(address).text for lang, address in GUIDES.items()}
    fr, en = (re.findall(r"<code>([^<]*)|<[/!]?(\w+)", page) for page in pages.values())
    assert fr == en and ("written", "") in en
    for lang, other in (("fr", "en"), ("en", "fr")):
        told = own_words(pages[lang])
        assert re.search(rf"\b({TELLING[lang]})\b", told, re.IGNORECASE)
        assert not re.findall(rf"\b({TELLING[other]})\b", told, re.IGNORECASE)
    # the question of the example and the name of the other language are French, and the page says so
    assert not re.findall("[À-ÖØ-öø-ÿ]", own_words(pages["en"]))
    assert pages["en"].count(' lang="fr"') == 2


def with_tools(address, work, **headers):
    async def run():
        async with httpx2.AsyncClient(headers=headers) as http:
            async with Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client:
                return await work(client)

    return asyncio.run(run())


def test_an_mcp_client_searches_asks_and_cites(api):
    async def work(client):
        tools = (await client.list_tools()).tools
        found = await client.call_tool("search_commons", {"question": "dépôt légal", "k": 3, "filters": {"licences": ["etalab-2.0"]}})
        answer = await client.call_tool("ask_commons", {"question": QUESTION})
        reference = answer.structured_content["references"][0]
        cited = await client.call_tool("cite_passage", {"passage_id": reference["passage_id"], "quote": ANSWER})
        wrong = [
            await client.call_tool("cite_passage", {"passage_id": reference["passage_id"], "quote": "des mots qui n'y sont pas"}),
            await client.call_tool("cite_passage", {"passage_id": "rien@00000000#0"}),
            await client.call_tool("search_commons", {"question": "x", "k": 10**6}),
        ]
        return tools, found, answer, cited, wrong

    tools, found, answer, cited, wrong = with_tools(shared_page(), work)
    assert {tool.name for tool in tools} == {"search_commons", "ask_commons", "cite_passage"}
    assert all(tool.annotations.read_only_hint and tool.output_schema for tool in tools)
    assert {hit["licence"]["id"] for hit in found.structured_content["hits"]} == {"etalab-2.0"}
    told = ask(api).json()
    assert answer.structured_content["statements"] == told["statements"]
    assert answer.structured_content["references"] == told["references"]
    assert told["references"][0]["passage_id"] in answer.content[0].text and "Licence Ouverte" in answer.content[0].text
    assert cited.structured_content["reference"] == told["references"][0]
    assert cited.structured_content["quote"]["quote"] == ANSWER
    assert all(result.is_error for result in wrong)
    assert "expected words that the passage holds" in wrong[0].content[0].text


# a server behind a password, with a limit and a count of uses, over an index that changes under it


def note(identity, text):
    return {
        "id": identity,
        "title": f"Note {identity}",
        "text": text,
        "licence": "CC-BY-4.0",
        "authors": ["Ana Lopes"],
        "holder": "Musée du Test",
        "url": f"https://exemple.org/{identity}",
        "language": "fr",
    }


def ingest(folder, *notes):
    file = folder / "notes.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in notes), encoding="utf-8")
    command("ingest", "jsonl", file, "--index", folder / "index")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    ingest(
        folder,
        note("phare", "Le phare de Kermorvan fut allumé en 1849 par un gardien du pays."),
        note("moulin", "Le moulin de Valmagne moulait le seigle des fermes jusqu'en 1911."),
        note("pont", "Le pont de Brassac enjambe la rivière depuis 1866 sur cinq arches."),
        note("lavoir", "Le lavoir de Fontclaire servit aux blanchisseuses du bourg jusqu'en 1932."),
        note("halle", "La halle de Montrevel abritait le marché aux volailles du mardi."),
    )
    options = ("--uses", str(folder / "uses.jsonl"), "--rate", "30")
    return folder, served(folder / "index", *options, RAG_COMMONS_PASSWORD=PASSWORD)


def logged_in(password=PASSWORD):
    """What a client says that has the password."""
    return {"authorization": "Basic " + base64.b64encode(f"qui que ce soit:{password}".encode()).decode()}


def caller(address, client="198.51.100.1", password=PASSWORD):
    """A client as a local proxy would present it."""
    headers = {"x-forwarded-for": client} | (logged_in(password) if password else {})
    return httpx.Client(base_url=address, headers=headers, timeout=20)


def test_a_password_closes_every_door(guarded):
    _, address = guarded
    with caller(address, "198.51.100.2", None) as stranger, caller(address, "198.51.100.3") as friend:
        for path in ("/", "/en", *GUIDES.values(), "/api/index", "/api/openapi.json", "/mcp", "/config", "/gradio_api/info", "/theme.css"):
            refused = stranger.get(path)
            assert refused.status_code == 401, path
            assert refused.headers["www-authenticate"].startswith("Basic")
        assert stranger.post("/api/ask", json={"question": QUESTION}).status_code == 401
        assert all(friend.get(path).status_code == 200 for path in ("/", *GUIDES.values()))
        assert friend.get("/api/index").json()["documents"] == 5

    async def tools(client):
        return await client.list_tools()

    bearer = {"authorization": f"Bearer {PASSWORD}".encode(), "x-forwarded-for": b"198.51.100.3"}
    assert len(with_tools(address, tools, **bearer).tools) == 3


def test_wrong_passwords_are_counted(guarded):
    _, address = guarded
    with caller(address, "198.51.100.4", "un autre") as guesser:
        statuses = [guesser.get("/api/index").status_code for _ in range(12)]
    assert statuses[:10] == [401] * 10 and statuses[10:] == [429] * 2
    with caller(address, "198.51.100.4") as late:
        assert late.get("/api/index").status_code == 429
    with caller(address, "198.51.100.5") as other:
        assert other.get("/api/index").status_code == 200


def test_one_client_too_eager_waits_and_the_others_do_not(guarded):
    _, address = guarded
    with (
        caller(address, "2001:db8:1:1::1") as eager,
        caller(address, "2001:db8:1:1::2") as same_house,
        caller(address, "2001:db8:2::1") as other,
    ):
        responses = [eager.get("/api/index") for _ in range(60)]
        refused = [response for response in responses if response.status_code == 429]
        assert responses[0].status_code == 200 and refused
        assert int(refused[0].headers["retry-after"]) >= 1 and refused[0].json()["expected"] == "at most 30 requests a minute"
        assert same_house.get("/api/index").status_code == 429
        # the guide is read at no cost, in both languages
        assert all(eager.get(path).status_code == 200 for path in GUIDES.values())
        assert other.get("/api/index").status_code == 200


def test_a_link_says_what_changed_and_what_left_and_never_their_old_words(guarded):
    folder, address = guarded
    with caller(address, "198.51.100.6") as client:
        links = {}
        for identity, question in (
            ("phare", "Quand le phare de Kermorvan fut-il allumé ?"),
            ("moulin", "Que moulait le moulin de Valmagne ?"),
            ("pont", "Combien d'arches a le pont de Brassac ?"),
        ):
            response = ask(client, question)
            assert response.json()["references"][0]["document_id"] == identity
            links[identity] = response.headers["link"].removeprefix("</?").split(">")[0]
        ingest(
            folder,
            note("phare", "Le phare de Kermorvan est éteint pour travaux."),
            note("pont", "Le pont de Brassac enjambe la rivière depuis 1866 sur cinq arches."),
        )
        command("index", "remove", "--index", folder / "index", "--document", "moulin")
        again = {identity: client.get(f"/api/answer?{link}").json() for identity, link in links.items()}
        assert {identity: one["citations"][0]["state"] for identity, one in again.items()} == {
            "phare": "modified", "moulin": "removed", "pont": "unchanged",
        }  # fmt: skip
        cites = "&".join(part for link in links.values() for part in link.split("&") if part.startswith("cite="))
        mixed = client.get(f"/api/answer?question=Trois+lieux&{cites}").json()
    assert again["pont"]["answer"]["statements"][0]["text"].endswith("cinq arches.")
    assert "1849" not in json.dumps(again["phare"]) and "seigle" not in json.dumps(again["moulin"])
    assert again["phare"]["build"] != again["phare"]["answer"]["index"]["build"]
    # what stands keeps the number that it had
    assert [one["state"] for one in mixed["citations"]] == ["modified", "removed", "unchanged"]
    assert [one["ref"] for one in mixed["answer"]["references"]] == [3]


def test_uses_are_counted_without_the_question(guarded):
    folder, address = guarded
    from rag_commons.answering.uses import iter_uses

    log = folder / "uses.jsonl"
    before = len(list(iter_uses(log)))
    with caller(address, "198.51.100.7") as client:
        answer = ask(client, "Combien d'arches a le pont de Brassac ?").json()
        ask(client, "Quelle est la capitale de la zorglubie ?")
    cited, abstained = list(iter_uses(log))[before:]
    assert [(one.document_id, one.licence, one.holder, one.statements) for one in cited.documents] == [
        ("pont", "CC-BY-4.0", "Musée du Test", len(answer["statements"]))
    ]
    assert abstained.abstained and not abstained.documents
    written = log.read_text("utf-8")
    assert "arches" not in written and "zorglubie" not in written and "198.51.100" not in written
    assert cited.day == answer["created"][:10]


@pytest.mark.browser
def test_the_page_reopens_an_answer_at_its_address_and_shows_what_changed_or_left(guarded):
    if not Path(CHROMIUM).exists():
        pytest.skip("no browser: expected Debian's chromium")
    from playwright.sync_api import sync_playwright

    folder, address = guarded
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        # given with each request, so that the browser keeps its cache
        context = chromium.new_context(extra_http_headers=logged_in(), permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(30_000)
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        links = {}
        page.goto(address)
        for identity, question in (("lavoir", "À qui servit le lavoir de Fontclaire ?"), ("halle", "Qu'abritait la halle de Montrevel ?")):
            page.fill("#question textarea", question)
            page.click("#ask")
            page.wait_for_function("name => document.querySelector('#answer-address')?.href.includes(name)", arg=f"~{identity}%40")
            page.wait_for_function("() => location.href === document.querySelector('#answer-address').href")
            page.click("[data-rc-copy=answer-address]")
            links[identity] = clipboard(page, lambda text: text == page.url)
        page.go_back()
        page.wait_for_selector(".rc-reopened")
        assert page.url == links["lavoir"]
        assert "jusqu'en 1932" in page.inner_text(".rc-statements") and page.locator(".rc-state").count() == 0
        page.click(".rc-ref")
        page.wait_for_selector("#src-1:target mark")
        assert page.url == links["lavoir"] + "#src-1"
        assert page.input_value("#question textarea") == "À qui servit le lavoir de Fontclaire ?"
        ingest(folder, note("lavoir", "Le lavoir de Fontclaire est couvert d'ardoises."))
        command("index", "remove", "--index", folder / "index", "--document", "halle")
        for identity, state, old in (("lavoir", "modifié", "1932"), ("halle", "retiré", "volailles")):
            page.goto(links[identity])
            page.wait_for_selector(".rc-reopened")
            assert state in page.inner_text(".rc-reopened")
            assert old not in page.inner_text("#answer")
        page.goto(f"{address}/en")
        page.fill("#question textarea", "À qui servit le lavoir de Fontclaire ?")
        page.click("#ask")
        page.wait_for_function("() => location.search")
        assert page.url.startswith(f"{address}/en?question=")
        page.goto(f"{address}/en?question=%3Cimg+src%3Dx+onerror%3Dwindow.pwned%3D1%3E&cite=x")
        page.wait_for_selector(".rc-message")
        assert "cannot be reopened" in page.inner_text(".rc-message")
        page.goto(links["lavoir"].replace("question=", "question=%3Cimg+src%3Dx+onerror%3Dwindow.pwned%3D1%3E+"))
        page.wait_for_selector(".rc-reopened")
        assert page.evaluate("window.pwned") is None and page.locator("#answer img").count() == 0
        chromium.close()
    assert not wrong
