"""Suites: which questions a name stands for.

`sample` and `injection` ship in `eval/`; `piaf`, `nomiracl` and `afriqa` are read from the file that `--questions` names; a path is a
suite of one's own (a file, or a folder of files). The one surprise: of PIAF only the test half is asked, by title, since the other half
is what weights and thresholds were chosen on.
"""

import random
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from rag_commons.errors import UsageError
from rag_commons.evaluation.questions import Question, read_questions

BY_PATH = ("piaf", "nomiracl", "afriqa")
SHIPPED = ("sample", "injection")
MUTANTS = "mutants"
ANSWERS = "answers"

_SEED = 7


def suite_questions(name: str, questions: Path | None = None, limit: int | None = None) -> tuple[Question, ...]:
    """Return the questions of a suite, or `limit` of them drawn with a fixed seed, in their order."""
    found = read_questions(_files(_path(name, questions)))
    if name == "piaf":
        found = tuple(question for question in found if _is_test(question))
    if limit is None or limit >= len(found):
        return found
    kept = sorted(random.Random(_SEED).sample(range(len(found)), limit))
    return tuple(found[at] for at in kept)


def _path(name: str, questions: Path | None) -> Path:
    if questions is not None:
        return questions
    if name in BY_PATH:
        raise UsageError(
            f"the questions of {name}", "no --questions", f"give the file: rag-commons evaluate {name} --questions {name}.jsonl"
        )
    if name in SHIPPED:
        for root in (Path.cwd(), Path(__file__).resolve().parents[2]):
            if (root / "eval" / name).is_dir():
                return root / "eval" / name
    return Path(name)


def _files(path: Path) -> Sequence[Path]:
    if path.is_dir():
        return sorted(path.glob("*.jsonl"))
    if not path.exists():
        known = ", ".join((*SHIPPED, *BY_PATH, MUTANTS, ANSWERS))
        raise UsageError(f"a suite ({known}) or a path", f"{path}: no such file", "name a suite, or give the path of your questions")
    return [path]


def _is_test(question: Question) -> bool:
    return question.title is None or int(sha256(question.title.encode()).hexdigest()[0], 16) < 8
