"""The server as another process, over the sample and hostile documents or another index: what the tests of the page and API share."""

import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from llm_server import serve_llm
from rendering_samples import BREAKOUT, HANDLER, SCRIPT, TEMPLATE

from rag_commons.cli import main

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}
SAMPLE = ROOT / "rag_commons" / "sample"

# a word that only the hostile document has, so that a question finds it
RARE = "zorglubite"


def hostile_document() -> dict[str, object]:
    return {
        "id": f"mal/{HANDLER}",
        "title": f"La {RARE} {SCRIPT}{HANDLER}",
        "text": (
            f"# Titre {SCRIPT}\n\nLa {RARE} du plateau {SCRIPT} {HANDLER} {TEMPLATE} fut nommée en 1850 {BREAKOUT} "
            "par un géologue du pays.\n"
        ),
        "language": "fr",
        "authors": [f"Auteur {HANDLER}", TEMPLATE],
        "holder": f"Institution {BREAKOUT}",
        "collection": f"Collection {HANDLER}{TEMPLATE}",
        "url": "https://exemple.org/?a=%22onclick=window.pwned=20&b='",
        "licence": "CC-BY-SA-4.0",
        "rights_note": f"Note {SCRIPT}{HANDLER}{TEMPLATE}",
        "layers": [{"role": "work", "licence": "CC0-1.0", "authors": [HANDLER], "holder": SCRIPT, "url": None}],
        "sections": [{"start": 0, "level": 1, "title": f"Titre {SCRIPT}"}],
        "labels": [{"uri": "https://exemple.org/label", "community": f"Communauté {SCRIPT}", "text": f"{HANDLER}{TEMPLATE}"}],
        "references": [f"{SCRIPT}{HANDLER}"],
    }


@cache
def shared_index() -> Path:
    """The sample and the hostile document, ingested as a person would, once for all the tests."""
    folder = Path(tempfile.mkdtemp(prefix="rag-commons-page-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    hostile = folder / "hostile.jsonl"
    hostile.write_text(json.dumps(hostile_document()) + "\n", encoding="utf-8")
    for source, path in (("folder", SAMPLE), ("jsonl", hostile)):
        command("ingest", source, path, "--index", folder / "index")
    return folder / "index"


def command(*arguments: object) -> None:
    """Run a command as a person would, in this process since it is quicker."""
    assert main([str(one) for one in arguments]) == 0


class Model:
    """A language model of ours; `reply` makes what it says of what it was asked, and may be changed at any time."""

    def __init__(self) -> None:
        self.reply = lambda asked: ["SANS RÉPONSE"]
        self._serving = serve_llm(lambda asked: self.reply(asked))
        self.server = self._serving.__enter__()
        atexit.register(self._serving.__exit__, None, None, None)

    @property
    def asked(self) -> int:
        """How many questions it was asked."""
        return len(self.server.asked)


@cache
def shared_model() -> Model:
    """The model of the server that writes."""
    return Model()


@cache
def shared_writing_page(*options: str) -> str:
    """The address of a server over the shared index where that model writes."""
    written = ("--llm", f"openai-like:essai@{shared_model().server.address}")
    return served(shared_index(), *written, *options, RAG_COMMONS_LLM_KEY="sk-secret")


@cache
def shared_page() -> str:
    """The address of the server over the shared index."""
    return served(shared_index(), "--reports", str(shared_reports()))


@cache
def shared_reports() -> Path:
    """The folder where that server keeps what readers find wrong."""
    folder = shared_index().parent / "reports"
    folder.mkdir()
    return folder


def served(index: Path, *options: str, **environment: str) -> str:
    """The address that `rag-commons serve` prints; the process ends with the tests."""
    serving = [sys.executable, "-m", "rag_commons", "serve", "--index", str(index), "--port", "17860", *options]
    server = subprocess.Popen(serving, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**ENVIRONMENT, **environment})
    atexit.register(_end, server)
    line = server.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, f"no address in {line!r}"
    return found[0]


def _end(server: subprocess.Popen[str]) -> None:
    server.terminate()
    server.wait(timeout=10)
    server.stdout.close()
