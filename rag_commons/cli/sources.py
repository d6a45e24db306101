"""`rag-commons sources`: what can be ingested, one line each."""

import argparse
import sys

from rag_commons.sources import SOURCES


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("sources", help="lister ce qui peut être ingéré", description="Une ligne par source.")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the sources."""
    width = max(map(len, SOURCES))
    sys.stdout.writelines(f"{name:{width}}  {source.summary_fr}\n" for name, source in SOURCES.items())
    return 0
