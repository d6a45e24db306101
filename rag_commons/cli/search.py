"""`rag-commons search`: passages without an answer, as text, JSON Lines or a TREC run."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from urllib.parse import quote

from rag_commons.cli.opening import open_retriever
from rag_commons.cli.options import Query, add_filters, add_index, add_questions, add_reranker, filters_of, iter_queries
from rag_commons.documents import Hit
from rag_commons.rendering.terminal import hits_to_text

RUN_TAG = "rag-commons"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "search", help="chercher des passages", description="Retrouve les passages les plus proches, sans en faire une réponse."
    )
    add_questions(parser)
    add_index(parser)
    add_filters(parser)
    add_reranker(parser)
    parser.add_argument("--format", choices=tuple(_FORMATS), default=None, help="text par défaut, jsonl avec --questions")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Search each question, in order."""
    queries = iter_queries(arguments)
    first = next(queries, None)
    if first is None:
        return 0
    style = arguments.format or ("jsonl" if arguments.questions else "text")
    retriever = open_retriever(arguments.index, arguments.reranker)
    for query in chain([first], queries):
        hits = retriever.retrieve(query.question, arguments.k, filters_of(arguments, query))
        sys.stdout.writelines(_FORMATS[style](query, hits))
    return 0


def _text(query: Query, hits: Iterable[Hit]) -> Iterator[str]:
    yield hits_to_text(hits) or "Aucun passage trouvé.\n"


def _jsonl(query: Query, hits: Iterable[Hit]) -> Iterator[str]:
    rows = [
        {
            "rank": hit.rank,
            "score": round(hit.score, 6),
            "document_id": hit.passage.document_id,
            "passage_id": hit.passage.id,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "text": hit.passage.text,
        }
        for hit in hits
    ]
    yield json.dumps({"id": query.id, "question": query.question, "hits": rows}, ensure_ascii=False) + "\n"


def _trec(query: Query, hits: Iterable[Hit]) -> Iterator[str]:
    """Each document once, at its best passage: query id, Q0, document id, rank, score, tag."""
    best: dict[str, float] = {}
    for hit in hits:
        # a document with the same text or words is as good an answer, and a judgement may name either
        for document_id in (hit.passage.document_id, *hit.same_text, *hit.same_words):
            best.setdefault(document_id, hit.score)
    for rank, (document_id, score) in enumerate(best.items(), 1):
        yield f"{quote(query.id or '1', safe='')} Q0 {quote(document_id, safe='')} {rank} {score:.6f} {RUN_TAG}\n"


_FORMATS: dict[str, Callable[[Query, Iterable[Hit]], Iterator[str]]] = {"text": _text, "jsonl": _jsonl, "trec": _trec}
