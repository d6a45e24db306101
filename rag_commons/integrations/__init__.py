"""Faces that rag-commons shows to other ecosystems: thin adapters, each usable alone."""
