"""The language model that writes answers, as people may be told of it: its name, and where their questions go."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import PurePath
from urllib.parse import urlsplit

from rag_commons.answering.llm import parse_llm

# who may be answered at once: a model writes for seconds, a search takes none
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Writer:
    """A model by its name; `host` is where questions and passages are sent, None where they stay on this machine."""

    name: str
    host: str | None = None


def writer_of(llm: str) -> Writer:
    """Return the model that `--llm` names, without its path, port, user or password; UsageError for what names none."""
    spec = parse_llm(llm)
    if spec.address is None:
        return Writer(PurePath(spec.model).name)
    host = urlsplit(spec.address).hostname or ""
    return Writer(spec.model, None if _is_own(host) else host)


def _is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
