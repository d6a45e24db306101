"""`rag-commons ask`: an answer in which every sentence is cited and licensed."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import chain

from rag_commons.answering.ask import ask
from rag_commons.answering.readers import entailment_for
from rag_commons.answers import Answer
from rag_commons.cli.opening import open_retriever
from rag_commons.cli.options import Query, add_filters, add_index, add_questions, add_reranker, filters_of, iter_queries
from rag_commons.cli.reading import add_llm, add_nli, open_reader
from rag_commons.rendering.contract import answer_to_json
from rag_commons.rendering.terminal import answer_to_text


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "ask", help="poser une question", description="Répond par des phrases citées mot pour mot, ou s'abstient en disant pourquoi."
    )
    add_questions(parser)
    add_index(parser)
    add_filters(parser)
    add_reranker(parser)
    add_llm(parser)
    add_nli(parser)
    parser.add_argument("--format", choices=("text", "json", "jsonl"), default=None, help="text par défaut, jsonl avec --questions")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Answer each question, in order."""
    queries = iter_queries(arguments)
    first = next(queries, None)
    if first is None:
        return 0
    answers = _answers(arguments, chain([first], queries))
    style = arguments.format or ("jsonl" if arguments.questions else "text")
    if style == "text":
        sys.stdout.writelines(answer_to_text(answer) for answer in answers)
    elif style == "jsonl":
        sys.stdout.writelines(json.dumps(answer_to_json(answer), ensure_ascii=False) + "\n" for answer in answers)
    else:
        objects = [answer_to_json(answer) for answer in answers]
        sys.stdout.write(json.dumps(objects if arguments.questions else objects[0], ensure_ascii=False, indent=2) + "\n")
    return 0


def _answers(arguments: argparse.Namespace, queries: Iterable[Query]) -> Iterator[Answer]:
    retriever = open_retriever(arguments.index, arguments.reranker)
    reader = open_reader(arguments, retriever, entailment_for(arguments.nli))
    for query in queries:
        yield ask(query.question, retriever, reader, k=arguments.k, filters=filters_of(arguments, query), id=query.id)
