"""Options and steps of `evaluate` about optional judges: pairs drawn for people to label, a judge held against them."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag_commons.errors import CommonsError, InputError, UsageError
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.judges.calibration import calibrate
from rag_commons.evaluation.judges.drawing import COUNT, draw_pairs
from rag_commons.evaluation.judges.judge import Judge
from rag_commons.evaluation.judges.pairs import Pair, read_pairs, write_pairs, write_sheet
from rag_commons.evaluation.judges.support import judge_run
from rag_commons.evaluation.results import Evaluation

PAIRS = "pairs"
JUDGE = "judge"
SHEETS = ("annotateur-a.csv", "annotateur-b.csv")


def add_judge(parser: argparse.ArgumentParser) -> None:
    """Add the options of judges."""
    parser.add_argument(
        "--judge",
        metavar="MODÈLE",
        help="un juge d'appui : dossier ou nom d'un CrossEncoder d'inférence (NLI) ; ses chiffres ne sont montrés que s'il est calibré",
    )
    parser.add_argument("--pairs", metavar="pairs.jsonl", type=Path, help="les paires étiquetées contre lesquelles tenir le juge")
    parser.add_argument("--labels", metavar="FEUILLE.csv", type=Path, nargs="+", default=[], help="les feuilles remplies, une par personne")


def with_judge(evaluation: Evaluation, arguments: argparse.Namespace) -> Evaluation:
    """Return the evaluation with what a judge is worth and, where it is calibrated, what it says of each run."""
    if not arguments.judge:
        if arguments.pairs or arguments.labels or arguments.suite == JUDGE:
            raise UsageError("a judge with its pairs", "no --judge", "give --judge MODEL --pairs pairs.jsonl --labels A.csv B.csv")
        return evaluation
    if arguments.pairs is None:
        raise UsageError(
            "labelled pairs to hold the judge against", "no --pairs", f"draw them: rag-commons evaluate {PAIRS} --answers FILE"
        )
    pairs = read_pairs(arguments.pairs, arguments.labels)
    return judged(evaluation, _open(arguments.judge), pairs)


def judged(evaluation: Evaluation, judge: Judge, pairs: Sequence[Pair]) -> Evaluation:
    """Hold a judge against pairs and, once calibrated, have it read the runs."""
    found = calibrate(judge, pairs)
    if not found.calibrated:
        return replace(evaluation, judge=found)
    runs = {run.system: judge_run([row.case for row in run.scored], judge, found, pairs) for run in evaluation.runs}
    return replace(evaluation, judge=found, judged=runs)


def write_drawn(cases: Sequence[Case], out: Path, count: int | None) -> str:
    """Draw pairs from answers, write them with a sheet for each of two annotators, and return what was done, in French."""
    pairs = draw_pairs(cases, count or COUNT)
    if not pairs:
        raise InputError("answers with sentences that cite a text", "none", "give other answers with --answers")
    written = out / "pairs.jsonl"
    kept = [out / name for name in SHEETS if not (out / name).exists()]
    if written.exists() or len(kept) < len(SHEETS):
        raise InputError("a folder without pairs", f"{out} has some", "give another folder with --out, so that no label is lost")
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_pairs(written, pairs)
        for sheet in kept:
            write_sheet(sheet, pairs)
    except OSError as error:
        raise CommonsError("a folder that can be written", f"{out}: {error.strerror}", "give another folder with --out") from error
    spoiled = sum(pair.of is not None for pair in pairs)
    lines = [
        f"{len(pairs)} paires, dont {spoiled} gâtées d'un fait : {written}",
        *(f"à remplir, par une personne : {sheet}" for sheet in kept),
    ]
    lines.append("étiquettes : entier, partiel ou aucun (full, partial, none), d'après le passage seul")
    return "\n".join(lines) + "\n"


def _open(spec: str) -> Judge:
    from rag_commons.encoder.entailment import EntailmentModel

    return EntailmentModel(spec)
