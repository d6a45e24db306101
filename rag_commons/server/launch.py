"""Serving: one process, this machine unless another address is asked for, no request that leaves it but to the model that `llm` names."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn

from rag_commons.answering.reports import ReportLog
from rag_commons.answering.uses import UseLog
from rag_commons.answers import Answer
from rag_commons.errors import UsageError
from rag_commons.server.app import application
from rag_commons.server.guard import LOOPBACK
from rag_commons.ui.asker import IndexAsker
from rag_commons.ui.page import Setting
from rag_commons.ui.workshop import Workshop

# ports tried after the one that was asked for
_NEXT = 50
# requests a minute for a client, where others than this machine may ask
_PUBLIC_RATE = 120


def serve(
    index: Path,
    host: str = "127.0.0.1",
    port: int = 7860,
    contact: str | None = None,
    password: str | None = None,
    rate: int | None = None,
    uses: Path | None = None,
    reports: Path | None = None,
    admin_folder: Path | None = None,
    llm: str | None = None,
    llm_key: str | None = None,
    nli: str | None = None,
) -> None:
    """Serve the page, the API and the MCP tools over an index until interrupted; a port that is taken gives way to the next free one.

    `rate`: requests a minute for a client, 0 for no limit, None for none on this machine alone and 120 elsewhere. `uses`: a file that
    the documents of each answer are counted in, without the question. `reports`: a folder that keeps what readers find wrong.
    `admin_folder`: a folder whose files may be brought in from the page; UsageError without a password. `llm`: the language model that
    writes answers, and `llm_key` what opens its server; InputError where its package is missing. `nli`: the model of entailment that may
    refuse what is reworded, loaded before anything is served; EncoderUnusable where there is none.
    """
    log = UseLog(uses) if uses else None
    limit = rate if rate is not None else 0 if host in LOOPBACK else _PUBLIC_RATE
    if admin_folder and not password:
        raise UsageError("a password before the index can be changed", "none", "set RAG_COMMONS_PASSWORD, or leave --admin-folder out")
    workshop = Workshop(index, admin_folder) if admin_folder else None
    setting = Setting(contact, ReportLog(reports) if reports else None, workshop)
    asker = IndexAsker(index, _counting(log) if log else None, llm, llm_key, nli)
    app = application(asker, setting, host, password, limit or None)
    with listening(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}"
        print(f"rag-commons : {address} (API : {address}/api, MCP : {address}/mcp ; Ctrl-C pour arrêter)", flush=True)  # noqa: T201
        if asker.writer and asker.writer.host:
            _warn(f"les questions et les passages trouvés sont envoyés à {asker.writer.host}, où {asker.writer.name} rédige")
        if password and host not in LOOPBACK:
            _warn("le mot de passe voyage en clair : placez ce serveur derrière HTTPS")
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)).run(sockets=[listener])


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the port, or on the next free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + _NEXT, 65_536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen()
        except OSError:
            listener.close()
            continue
        return listener
    raise UsageError(f"a free port from {port} on at {host}", "none", "give another --port, or an address of this machine to --host")


def _counting(log: UseLog) -> Callable[[Answer], None]:
    def count(answer: Answer) -> None:
        try:
            log.add(answer)
        except OSError as error:
            # the person who asks is answered all the same
            _warn(f"usage non compté : {error}")

    return count


def _warn(line: str) -> None:
    print(f"rag-commons : {line}", file=sys.stderr, flush=True)  # noqa: T201
