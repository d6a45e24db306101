"""Encoders: French texts → unit vectors. The shipped one is static: no network, no download, no torch."""

from rag_commons.encoder.contract import Encoder, Settings
from rag_commons.encoder.loading import load_encoder

__all__ = ["Encoder", "Settings", "load_encoder"]
