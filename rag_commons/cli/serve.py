"""`rag-commons serve`: the page, the REST API and the MCP tools, on this machine."""

import argparse
import os
from pathlib import Path

from rag_commons.cli.options import add_index, positive
from rag_commons.cli.reading import KEY_VARIABLE, add_llm, add_nli

DEFAULT_PORT = 7860


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "serve",
        help="ouvrir la page, l'API et les outils MCP",
        description="Sert la page, l'API (/api) et les outils MCP (/mcp) sur cette machine ; aucune requête n'en sort, sauf vers le modèle "
        "que nomme --llm.",
        epilog="RAG_COMMONS_PASSWORD : un mot de passe pour tous (nom quelconque, ou Bearer). RAG_COMMONS_CONTACT : comme --contact.",
    )
    add_index(parser)
    parser.add_argument("--host", default="127.0.0.1", metavar="ADRESSE", help="adresse d'écoute (défaut : 127.0.0.1)")
    parser.add_argument(
        "--port", type=positive, default=DEFAULT_PORT, metavar="N", help=f"port (défaut : {DEFAULT_PORT}, sinon le suivant de libre)"
    )
    add_llm(parser)
    add_nli(parser)
    parser.add_argument("--contact", metavar="ADRESSE", help="à qui écrire pour le retrait d'un texte")
    parser.add_argument(
        "--rate",
        type=_rate,
        metavar="N",
        help="requêtes par minute et par client ; 0 : sans limite (défaut : 0 sur cette machine, sinon 120)",
    )
    parser.add_argument(
        "--uses", type=Path, metavar="FICHIER.jsonl", help="compter les documents cités, sans les questions, pour le rapport aux financeurs"
    )
    parser.add_argument(
        "--reports", type=Path, metavar="DOSSIER", help="garder dans ce dossier les attributions que les lecteurs signalent comme erronées"
    )
    parser.add_argument(
        "--admin-folder",
        type=Path,
        metavar="DOSSIER",
        help="permettre à qui a le mot de passe de faire entrer les fichiers de ce dossier, et de retirer des documents",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from rag_commons.server.launch import serve

    serve(
        index=arguments.index,
        host=arguments.host,
        port=arguments.port,
        contact=arguments.contact or os.environ.get("RAG_COMMONS_CONTACT") or None,
        password=os.environ.get("RAG_COMMONS_PASSWORD") or None,
        rate=arguments.rate,
        uses=arguments.uses,
        reports=arguments.reports,
        admin_folder=arguments.admin_folder,
        llm=arguments.llm,
        llm_key=os.environ.get(KEY_VARIABLE) or None,
        nli=arguments.nli,
    )
    return 0


def _rate(text: str) -> int:
    return 0 if text.strip() == "0" else positive(text)
