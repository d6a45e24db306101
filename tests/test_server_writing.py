"""A server where a language model writes, by real clients: what is verified comes as it is written, and a failure is told, never shown."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import httpx2
import pytest
from jsonschema import Draft202012Validator
from llm_server import DIE, Raw
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from page_server import shared_index, shared_model, shared_page, shared_writing_page
from tiny_entailment import make_model
from writing import INVENTED, KEPT, QUESTION, REPAIRED, REWORDED, TOLD, endless, held, reply, reworded

from rag_commons.cli import main
from rag_commons.errors import UsageError
from rag_commons.server import launch
from rag_commons.ui.writer import Writer, writer_of

pytest.importorskip("llama_index.llms.openai_like", reason="the llm extra is not installed")


@pytest.fixture(scope="module")
def api():
    with httpx.Client(base_url=shared_writing_page(), timeout=30) as client:
        yield client


@pytest.fixture
def model():
    shared_model().reply = reply
    return shared_model()


def ask(api, **body):
    return api.post("/api/ask", json={"question": QUESTION, **body}).json()


def events(response):
    name = ""
    for line in response.iter_lines():
        kind, _, value = line.partition(": ")
        if kind == "event":
            name = value
        elif kind == "data":
            yield name, json.loads(value)


def test_verified_statements_come_while_the_model_still_writes(api, model):
    gate = threading.Event()
    model.reply = held(gate)
    told, first = [], None
    with api.stream("POST", "/api/ask/stream", json={"question": QUESTION}) as response:
        for name, data in events(response):
            told.append(name)
            if name == "written" and data["statements"] and first is None:
                # the model waits: what is here was sent before its second sentence
                first = data
                gate.set()
    assert told[:3] == ["step", "step", "written"] and told[-2:] == ["step", "answer"]
    assert [one["text"] for one in first["statements"]] == [KEPT] and first["statements"][0]["citations"][0]["ref"] == 1
    assert name == "answer" and [one["text"] for one in data["statements"]] == [KEPT, REPAIRED]
    assert INVENTED not in json.dumps(data, ensure_ascii=False)


def test_the_answer_says_who_wrote_it_and_what_became_of_its_sentences(api, model):
    answer = ask(api)
    shapes = api.get("/api/openapi.json").json()
    Draft202012Validator({"$ref": "#/components/schemas/AnswerShape", "components": shapes["components"]}).validate(answer)
    assert (answer["mode"], answer["reason"]) == ("generative", TOLD)
    asked = model.asked
    extracts = ask(api, mode="extractive")
    assert model.asked == asked and extracts["mode"] == "extractive" and extracts["reason"] is None
    with httpx.Client(base_url=shared_page(), timeout=20) as other:
        assert ask(other)["statements"] == extracts["statements"]
        refused = other.post("/api/ask", json={"question": QUESTION, "mode": "generative"})
    assert refused.status_code == 400 and refused.json()["expected"] == "a reader that this server has"


@pytest.mark.parametrize("said", [[Raw(b'{"error": {"message": "sk-secret overloaded"}}', 500, "application/json")], [DIE]])
def test_a_model_that_fails_leaves_its_place_to_extracts_and_it_is_told(api, model, said):
    model.reply = lambda asked: said
    answer = ask(api)
    assert answer["mode"] == "extractive" and answer["statements"] == ask(api, mode="extractive")["statements"]
    assert answer["reason"].startswith("Le modèle de langue n'a pas répondu (") and answer["reason"].endswith("faite d'extraits.")
    assert "sk-secret" not in json.dumps(answer)


def test_one_who_leaves_frees_the_model(api, model):
    model.reply, gone = endless()
    with api.stream("POST", "/api/ask/stream", json={"question": QUESTION}) as response:
        assert next(name for name, _ in events(response) if name == "written")
    assert gone.wait(20)


def test_an_assistant_is_told_the_same(api, model):
    async def run():
        async with httpx2.AsyncClient() as http:
            async with Client(streamable_http_client(f"{shared_writing_page()}/mcp", http_client=http)) as client:
                return [await client.call_tool("ask_commons", {"question": QUESTION, **more}) for more in ({}, {"mode": "extractive"})]

    written, quoted = asyncio.run(run())
    assert written.structured_content["mode"] == "generative" and TOLD.split(" : ")[0] in written.content[0].text
    assert quoted.structured_content["mode"] == "extractive"


def test_a_model_of_entailment_may_refuse_what_is_reworded_and_nothing_more(api, model, tmp_path):
    model.reply = reworded
    plain, extracts = ask(api), ask(api, mode="extractive")
    assert [(one["text"], one["citations"][0]["support"]) for one in plain["statements"]] == [(KEPT, "verbatim"), (REWORDED, "entailed")]
    with httpx.Client(base_url=shared_writing_page("--nli", make_model(tmp_path, "neutral")), timeout=60) as checked:
        with checked.stream("POST", "/api/ask/stream", json={"question": QUESTION}) as response:
            told = list(events(response))
        # what it refuses was not even told on the way
        assert REWORDED not in json.dumps(told, ensure_ascii=False)
        with ThreadPoolExecutor(4) as askers:
            answers = [told[-1][1], *askers.map(lambda _: ask(checked), range(4))]
        for answer in answers:
            assert [one["text"] for one in answer["statements"]] == [KEPT, REPAIRED]
            assert {citation["support"] for one in answer["statements"] for citation in one["citations"]} == {"verbatim"}
            assert answer["reason"].endswith(" : 1 gardée, 1 remplacée par les mots d'un passage.")
        assert ask(checked, mode="extractive")["statements"] == extracts["statements"]


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_what_is_no_model_of_entailment_is_refused_before_anything_is_served(tmp_path, monkeypatch, capsys, name):
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(launch, "listening", lambda *where: pytest.fail("it is served"))
    index = str(shared_index())
    capsys.readouterr()
    assert main(["serve", "--index", index, "--nli", str(tmp_path / name)]) == 1
    out, error = capsys.readouterr()
    assert out == "" and len(error.splitlines()) == 1 and "cross-encoder" in error and "to do:" in error


@pytest.mark.parametrize(
    ("llm", "writer"),
    [
        ("openai-like:petit@http://127.0.0.1:8080/v1", Writer("petit")),
        ("openai-like:grand@https://modeles.exemple.org:8443/v1", Writer("grand", "modeles.exemple.org")),
        ("ollama:mistral", Writer("mistral")),
        ("ollama:mistral@http://[2001:db8::1]:11434", Writer("mistral", "2001:db8::1")),
        ("llama-cpp:/srv/modeles/petit.gguf", Writer("petit.gguf")),
    ],
)
def test_people_are_told_where_their_questions_go_and_no_more(llm, writer):
    assert writer_of(llm) == writer


def test_what_names_no_model_is_refused_before_anything_is_served():
    with pytest.raises(UsageError):
        writer_of("gpt")


def test_a_hanging_model_does_not_keep_others_waiting(api, model):
    gate = threading.Event()
    model.reply = lambda asked: [gate, *reply(asked)]
    slow = [threading.Thread(target=ask, args=(api,)) for _ in range(8)]
    for one in slow:
        one.start()
    try:
        with httpx.Client(base_url=shared_writing_page(), timeout=30) as other:
            assert ask(other, mode="extractive")["statements"]
    finally:
        gate.set()
        for one in slow:
            one.join()
