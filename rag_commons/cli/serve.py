"""`rag-commons serve`: the page, on this machine."""

import argparse

from rag_commons.cli.options import add_index, positive

DEFAULT_PORT = 7860


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("serve", help="ouvrir la page", description="Sert la page sur cette machine ; aucune requête n'en sort.")
    add_index(parser)
    parser.add_argument("--host", default="127.0.0.1", metavar="ADRESSE", help="adresse d'écoute (défaut : 127.0.0.1)")
    parser.add_argument(
        "--port", type=positive, default=DEFAULT_PORT, metavar="N", help=f"port (défaut : {DEFAULT_PORT}, sinon le suivant de libre)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from rag_commons.ui.launch import serve

    serve(index=arguments.index, host=arguments.host, port=arguments.port)
    return 0
