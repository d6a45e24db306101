"""Options that name models: one that writes answers, one that checks what is reworded; and the reader that they ask for."""

import argparse
import os

from rag_commons.answering.draft import Reader
from rag_commons.answering.llm import FORMS
from rag_commons.answering.readers import reader_for
from rag_commons.answering.verification.entailment import Entailment
from rag_commons.retrieval.retriever import Retriever

KEY_VARIABLE = "RAG_COMMONS_LLM_KEY"


def add_llm(parser: argparse.ArgumentParser) -> None:
    """Add `--llm`."""
    parser.add_argument(
        "--llm",
        metavar="MODELE",
        help=f"faire rédiger par un modèle de langue, chaque phrase vérifiée : {FORMS} ; sa clef d'accès, s'il en faut une, se lit "
        f"dans la variable {KEY_VARIABLE} ; la question et les passages trouvés sont envoyés à l'adresse donnée",
    )


def add_nli(parser: argparse.ArgumentParser) -> None:
    """Add `--nli`."""
    parser.add_argument(
        "--nli",
        metavar="MODELE",
        help="refuser aussi toute phrase reformulée que ce modèle d'inférence (dossier ou nom d'un CrossEncoder) ne tire de sa citation",
    )


def open_reader(arguments: argparse.Namespace, retriever: Retriever, entailment: Entailment | None = None) -> Reader:
    """Return the reader that the options ask for; UsageError or InputError when its model cannot be had."""
    return reader_for(retriever, arguments.llm, os.environ.get(KEY_VARIABLE), entailment)
