"""Options on how an encoder is run and fed; the index keeps them, so that questions are encoded as its passages were."""

import argparse

from rag_commons.cli.options import positive
from rag_commons.encoder import Settings
from rag_commons.errors import UsageError

_BACKENDS = ("torch", "onnx", "openvino")


def add_encoder_settings(parser: argparse.ArgumentParser) -> None:
    """Add `--backend`, the two prompts and the length."""
    group = parser.add_argument_group("comment l'encodeur travaille (avec --encoder ; l'index s'en souvient)")
    group.add_argument(
        "--backend", choices=_BACKENDS, help="moteur : torch (défaut), ou l'export ONNX ou OpenVINO qui se trouve dans le dossier du modèle"
    )
    for name, what in (("query", "d'une question"), ("document", "d'un passage")):
        group.add_argument(f"--{name}-prompt", metavar="TEXTE", help=f"à mettre au-devant {what} (défaut : ce que dit le modèle)")
    group.add_argument(
        "--max-tokens", metavar="N", type=positive, help="longueur lue d'un texte, en fragments de mots (défaut : celle du modèle)"
    )


def encoder_settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings asked for; UsageError for settings of no encoder."""
    settings = Settings(arguments.backend, arguments.query_prompt, arguments.document_prompt, arguments.max_tokens)
    if settings != Settings() and not arguments.encoder:
        raise UsageError("--encoder with its backend, prompts or length", "no --encoder", "name the encoder that they are for")
    return settings
