"""The reader that the options ask for: extracts, or a language model with extracts in its place when it fails."""

import argparse
import os

from rag_commons.answering.draft import Reader
from rag_commons.answering.llm import FORMS
from rag_commons.answering.readers import reader_for
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


def open_reader(arguments: argparse.Namespace, retriever: Retriever) -> Reader:
    """Return the reader that the options ask for; UsageError or InputError when its model cannot be had."""
    return reader_for(retriever, arguments.llm, os.environ.get(KEY_VARIABLE))
