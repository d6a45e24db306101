"""The command line: one module a command, one exit code a kind of end.

0 done (an abstention too) · 1 the work failed · 2 wrong usage · 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from rag_commons import __version__
from rag_commons.cli.registry import COMMANDS
from rag_commons.errors import CommonsError

INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line that says what to do."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; to do: see `{self.prog} --help`\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = _Parser(
        prog="rag-commons",
        description="Interroger les communs francophones : chaque phrase d'une réponse renvoie à son passage, ses auteurs, "
        "son institution et sa licence.",
        epilog="Codes de sortie : 0 fait (une abstention aussi) · 1 échec (voir stderr) · 2 mauvais usage · 130 interrompu.",
    )
    parser.add_argument("--version", action="version", version=f"rag-commons {__version__}")
    subparsers = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True, parser_class=_Parser)
    for command in COMMANDS:
        command.register(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a user's mistake is one line on stderr, never a traceback."""
    arguments = build_parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except CommonsError as error:
        print(f"rag-commons: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    except KeyboardInterrupt:
        print("rag-commons: interrupted", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of our output has gone (`| head`): not an error, and nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code
