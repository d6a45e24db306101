"""Every command of rag-commons, in the order in which help lists them."""

from rag_commons.cli import ask, evaluate, index, ingest, report, search, serve, sources, train_encoder, train_ranker, update, verify

COMMANDS = (ingest, update, sources, ask, search, verify, evaluate, report, index, serve, train_encoder, train_ranker)
