"""Peers: other systems asked the same questions over the same passages, with one language model's stand-in for all."""
