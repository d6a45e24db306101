"""`rag-commons sources`: what can be ingested, one line each; one source in full where it is named."""

import argparse
import sys

from rag_commons.cli.source_help import source_help
from rag_commons.sources import SOURCES


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "sources", help="lister ce qui peut être ingéré", description="Une ligne par source, ou tout ce qu'il faut savoir d'une seule."
    )
    parser.add_argument("source", metavar="SOURCE", nargs="?", choices=tuple(SOURCES), help="une source, pour ses options et un exemple")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the sources, or one of them in full."""
    if arguments.source is not None:
        sys.stdout.write(source_help(arguments.source))
        return 0
    width = max(map(len, SOURCES))
    sys.stdout.writelines(f"{name:{width}}  {source.summary_fr}\n" for name, source in SOURCES.items())
    sys.stdout.write("\nLes options d'une source et un exemple : rag-commons sources SOURCE\n")
    return 0
