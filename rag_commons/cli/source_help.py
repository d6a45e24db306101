"""What a person reads of one source: what its paths are, its options, an example."""

import argparse
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

from rag_commons.sources import SOURCES
from rag_commons.sources.guide import EVERY_SOURCE, GUIDES, option_fr

_POLICY = {"all": "tout ce dont les droits sont connus", "open": "réutilisation commerciale et adaptation permises"}


class SourceHelp(argparse.Action):
    """`--help`: of the source, where one is named before it; of the command otherwise."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: str | Sequence[Any] | None, option: str | None = None
    ) -> None:
        """Print and leave."""
        source = getattr(namespace, "source", None)
        sys.stdout.write(source_help(source) if source in SOURCES else parser.format_help())
        parser.exit()


def source_help(name: str) -> str:
    """Return the help of one source."""
    source, guide = SOURCES[name], GUIDES[name]
    width = min(shutil.get_terminal_size().columns, 100)
    own = {option: option_fr(name, option) for option in source.options()} | dict(EVERY_SOURCE)
    column = max(map(len, own)) + 2
    lines = [
        *_wrapped(f"{name} — {source.summary_fr}", width),
        "",
        *_wrapped(f"usage : rag-commons ingest {name} PATH… [--index DIR] [--policy P] [--set CLE=VALEUR]… [--dry-run]", width, " " * 8),
        "",
        *_wrapped(f"PATH : {guide.paths}", width),
        *_wrapped(f"Droits admis d'ordinaire (--policy {source.policy}) : {_POLICY[source.policy]}", width),
        "",
        "Options, par --set CLE=VALEUR :",
        *(line for option, told in own.items() for line in _wrapped(f"  {option:{column}}{told}", width, " " * (column + 2))),
        "",
        *([*_wrapped(guide.note, width), ""] if guide.note else []),
        "Exemple :",
        f"  rag-commons ingest {guide.example}",
        "",
        "Les options communes à toutes les sources : rag-commons ingest --help",
    ]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int, hanging: str = "") -> list[str]:
    return [
        part for line in text.split("\n") for part in textwrap.wrap(line, width, subsequent_indent=hanging, break_on_hyphens=False) or [""]
    ]
