"""The generative reader against transformers' own server, and a model in this process, both with a tiny model made on the spot.

Slow: the model is taught first. Needs `accelerate`, as the server does.
"""

import itertools
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from generative_hits import HITS

import rag_commons.answering.generative.reader as generative
from rag_commons.answering.generative.prompt import write_prompt
from rag_commons.answering.generative.reader import NOTHING_KEPT, GenerativeReader
from rag_commons.answering.llm import Limits, load_llm, parse_llm

pytestmark = pytest.mark.slow

QUESTION = "Qui a achevé le pont de Valbrume ?"
TRUE = "Le pont de Valbrume fut achevé en 1931 par l'ingénieure Odile Servant."


def in_order(question, hits, room):
    """Write a prompt whose keys are known, since the model can only repeat what it was taught."""
    numbers = itertools.count(1)
    return write_prompt(question, hits, room, lambda size: f"{next(numbers):0{2 * size}x}")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    pytest.importorskip("accelerate", reason="transformers serves no model without accelerate")
    from tiny_model import make_model

    folder = tmp_path_factory.mktemp("tiny")
    prompt = in_order(QUESTION, HITS[:2], 100_000)
    (key, *_) = prompt.keys
    reply = f"{TRUE} [{key}]\nIl fut peint en rouge en 1999. [{key}]\nIl porte deux voies et un trottoir. [p999999]\n"
    assert make_model(folder, prompt.system, prompt.user, reply) < 0.05
    return folder


@pytest.fixture(scope="module")
def address(model):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("transformers"), "serve", model, "--device", "cpu", "--dtype", "float32"]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            for _ in range(120):
                time.sleep(1)
                try:
                    httpx.get(f"http://127.0.0.1:{port}/health", timeout=2)
                    break
                except httpx.HTTPError:
                    assert server.poll() is None, "the server stopped"
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


def test_the_server_of_transformers_streams_and_only_the_truth_is_kept(model, address, monkeypatch):
    pytest.importorskip("llama_index.llms.openai_like", reason="the llm extra is not installed")
    reader = GenerativeReader(load_llm(parse_llm(f"openai-like:{model}@{address}"), Limits()))
    # with keys drawn for this very question, the reply that was learnt cites nothing
    assert reader.read(QUESTION, HITS[:2]).reason == NOTHING_KEPT
    monkeypatch.setattr(generative, "write_prompt", in_order)
    *steps, draft = reader.stream(QUESTION, HITS[:2])
    assert [statement.text for statement in draft.statements] == [TRUE]
    # what was dropped is told
    assert "1 gardée, 2 écartées" in (draft.reason or "")
    assert len(steps) > 10 and steps[-1].proposed == 3


def test_a_model_in_this_process_is_read_the_same(model, monkeypatch):
    pytest.importorskip("llama_index.llms.huggingface", reason="llama-index-llms-huggingface is not installed")
    monkeypatch.setattr(generative, "write_prompt", in_order)
    draft = GenerativeReader(load_llm(parse_llm(f"huggingface:{model}"), Limits())).read(QUESTION, HITS[:2])
    assert [statement.text for statement in draft.statements] == [TRUE]
