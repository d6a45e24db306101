"""How quick the served page is: first useful paint, and answers and page while many ask at once.

    python eval/bench_page.py [--index indexes/sample] [--askers 20] [--questions 5] [--chromium /usr/bin/chromium]

First useful paint: from the request to a question box that one can type in, and its examples, in a fresh browser. The clients ask
over HTTP at the same time; another one opens the page again and again meanwhile.
"""

import argparse
import json
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

QUESTIONS = (
    "Y a-t-il un dépôt légal national en Suisse ?",
    "Que signifie la mention UND sur une notice ?",
    "Le mont Royal est-il un ancien volcan ?",
    "Qui dessina le parc du Mont-Royal ?",
    "Quelle est la recette du gâteau au chocolat de ma voisine ?",
)


@contextmanager
def served(index: str) -> Iterator[str]:
    """The address of `rag-commons serve` over an index, in another process."""
    command = [sys.executable, "-m", "rag_commons", "serve", "--index", index, "--port", "17900"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        found = re.search(r"http://[\d.:]+", server.stdout.readline())
        if not found:
            sys.exit("bench_page: the server said no address")
        yield found[0]
    finally:
        server.terminate()
        server.wait(10)


def ask(address: str, question: str) -> None:
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(f"{address}/api/ask", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert "statements" in json.load(answer)


def get(address: str) -> None:
    with urllib.request.urlopen(address, timeout=60) as answer:
        answer.read()


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def told(name: str, times: list[float]) -> None:
    times = sorted(times)
    middle, most = times[len(times) // 2], times[min(len(times) - 1, int(0.95 * len(times)))]
    print(f"{name:45s} {len(times):5d} times   median {middle:8.1f} ms   95 % under {most:8.1f} ms")


def paints(address: str, chromium: str, count: int) -> list[float]:
    """Milliseconds until the question box and the examples are there, each time in a browser context without cache."""
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(count):
            page = browser.new_context().new_page()
            started = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_selector("#question textarea")
            page.wait_for_selector(".rc-examples button")
            times.append(1000 * (time.perf_counter() - started))
            page.context.close()
        browser.close()
    return times


def crowd(address: str, askers: int, questions: int) -> tuple[list[float], list[float]]:
    """Times of the answers while `askers` clients ask at once, and of the page meanwhile."""
    answers: list[float] = []
    pages: list[float] = []

    def client(first: int) -> None:
        for number in range(questions):
            question = QUESTIONS[(first + number) % len(QUESTIONS)]
            answers.append(timed(partial(ask, address, question)))

    clients = [threading.Thread(target=client, args=(number,)) for number in range(askers)]
    for one in clients:
        one.start()
    while any(one.is_alive() for one in clients):
        pages.append(timed(partial(get, address)))
    return answers, pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", default="indexes/sample")
    parser.add_argument("--askers", type=int, default=20)
    parser.add_argument("--questions", type=int, default=5)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with served(options.index) as address:
        if Path(options.chromium).exists():
            told("first useful paint", paints(address, options.chromium, 5))
        else:
            print(f"no browser at {options.chromium}: paint not measured")
        ask(address, QUESTIONS[0])
        told("one asker", [timed(partial(ask, address, question)) for question in QUESTIONS])
        answers, pages = crowd(address, options.askers, options.questions)
        told(f"{options.askers} askers at once, each answer", answers)
        told(f"{options.askers} askers at once, the page", pages)


if __name__ == "__main__":
    main()
