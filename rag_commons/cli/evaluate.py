"""`rag-commons evaluate`: how faithful attribution is, ours or anyone's, with the proof that the measures can fail."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rag_commons.cli.judging import JUDGE, PAIRS, add_judge, with_judge, write_drawn
from rag_commons.cli.opening import open_retriever
from rag_commons.cli.options import DEFAULT_INDEX, positive
from rag_commons.cli.reading import add_llm, open_reader
from rag_commons.errors import CommonsError, InputError, UsageError
from rag_commons.evaluation.case import Case
from rag_commons.evaluation.earlier import read_earlier
from rag_commons.evaluation.joining import join, questions_of
from rag_commons.evaluation.measures.table import MEASURES
from rag_commons.evaluation.mutants.base import base_cases
from rag_commons.evaluation.mutants.matrix import Row, base_matrix, run_matrix
from rag_commons.evaluation.page.report import report_html
from rag_commons.evaluation.page.words import STATUSES
from rag_commons.evaluation.questions import Question
from rag_commons.evaluation.reading import Malformed, iter_lines
from rag_commons.evaluation.registry import Entry, IndexRegistry, Registry, Snapshot
from rag_commons.evaluation.results import Evaluation, results_to_json
from rag_commons.evaluation.run import Run, score_run
from rag_commons.evaluation.suites import ANSWERS, BY_PATH, MUTANTS, SHIPPED, suite_questions
from rag_commons.evaluation.systems import OURS, Commons, System
from rag_commons.evaluation.thresholds import broken, read_thresholds
from rag_commons.index.opened import Index
from rag_commons.integrations.peers.table import PEERS
from rag_commons.retrieval.retriever import Retriever

JsonRow = dict[str, object]
# what the answers of a system are written under, and read again from
_ANSWERS = "answers-"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "evaluate",
        help="mesurer la fidélité de l'attribution",
        description="Pose les questions d'une suite, ou lit les réponses d'un système, et mesure chaque renvoi, citation, fait, crédit "
        "et licence. Écrit results.json et report.html.",
    )
    known = ", ".join((*SHIPPED, *BY_PATH))
    parser.add_argument(
        "suite",
        metavar="SUITE",
        help=f"{known}, le chemin de questions en JSON Lines, {ANSWERS} (celles des réponses données), {MUTANTS} (la matrice), "
        f"{PAIRS} (des paires à étiqueter) ou {JUDGE} (un juge tenu contre elles)",
    )
    parser.add_argument("--questions", metavar="FICHIER", type=Path, help=f"les questions de {', '.join(BY_PATH)}")
    parser.add_argument("--limit", metavar="N", type=positive, help="ne poser que N questions, tirées à graine fixe")
    parser.add_argument(
        "--answers",
        metavar="FICHIER.jsonl",
        type=Path,
        action="append",
        default=[],
        help="réponses à juger, telles que « ask --format jsonl » les écrit, ou au format TREC RAG ; répétable",
    )
    parser.add_argument("--systems", metavar="NOM", nargs="+", default=[], help=f"systèmes à interroger : {', '.join(system_names())}")
    parser.add_argument("--index", metavar="DIR", type=Path, help=f"l'index interrogé et de référence (défaut : {DEFAULT_INDEX})")
    parser.add_argument("--k", type=positive, default=8, metavar="N", help="nombre de passages à retrouver (défaut : 8)")
    add_llm(parser)
    add_judge(parser)
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("evaluation"), help="dossier des résultats (défaut : evaluation)")
    parser.add_argument("--compare", metavar="results.json", type=Path, help="une évaluation antérieure à montrer à côté")
    parser.add_argument(
        "--fail-under", metavar="FICHIER", type=Path, help="seuils en JSON ou TOML, par mesure ; code de sortie 1 en dessous"
    )
    parser.set_defaults(run=run)


def system_names() -> tuple[str, ...]:
    """Return the names of the systems that can be asked."""
    return (OURS, *PEERS)


def run(arguments: argparse.Namespace) -> int:
    """Evaluate, write the two files, and fail under the thresholds or where a mutant does not behave."""
    thresholds = read_thresholds(arguments.fail_under) if arguments.fail_under else {}
    earlier = read_earlier(arguments.compare) if arguments.compare else None
    created = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if arguments.suite == PAIRS:
        return _draw(arguments)
    if arguments.suite == MUTANTS:
        evaluation = _mutants(arguments, created)
    elif arguments.suite == JUDGE:
        evaluation = Evaluation(JUDGE, created, 0)
    else:
        evaluation = _suite(arguments, created)
    evaluation = with_judge(evaluation, arguments)
    _write(arguments.out / "results.json", json.dumps(results_to_json(evaluation), ensure_ascii=False, indent=1) + "\n")
    _write(arguments.out / "report.html", report_html(evaluation, earlier))
    sys.stdout.write(_summary(evaluation, arguments.out))
    _fail(evaluation, thresholds)
    return 0


def _suite(arguments: argparse.Namespace, created: str) -> Evaluation:
    files = [(path.stem.removeprefix(_ANSWERS), *_read(path)) for path in arguments.answers]
    names = arguments.systems or ([] if files else [OURS])
    _known(names)
    retriever = open_retriever(arguments.index or Path(DEFAULT_INDEX)) if names else None
    index = retriever.index if retriever else Index.open(arguments.index) if arguments.index else None
    registry: Registry | None = IndexRegistry(index) if index else None
    if arguments.suite == ANSWERS:
        questions = questions_of(row for _, rows, _ in files for row in rows)
        if not questions:
            raise InputError("answers to judge", "none", "give a file with --answers, or name a suite")
    else:
        questions = suite_questions(arguments.suite, arguments.questions, arguments.limit)
    runs = [score_run(name, join(questions, rows, registry), malformed) for name, rows, malformed in files]
    for at, name in enumerate(names):
        if retriever:
            runs.insert(at, _ask(_system(name, arguments, retriever), questions, registry, arguments.out))
    manifest = index.manifest if index else None
    return Evaluation(
        arguments.suite,
        created,
        len(questions),
        tuple(runs),
        index.name if index else None,
        manifest.build if manifest else None,
        base_matrix(),
    )


def _mutants(arguments: argparse.Namespace, created: str) -> Evaluation:
    """Run the matrix over our invented answers, or over the answers given."""
    if not arguments.answers:
        return Evaluation(MUTANTS, created, len(base_cases()), mutants=base_matrix())
    rows = [row for path in arguments.answers for row in _read(path)[0]]
    index = Index.open(arguments.index) if arguments.index else None
    questions = suite_questions(str(arguments.questions), arguments.questions) if arguments.questions else questions_of(rows)
    cases = [case for case in join(questions, rows, None).cases if case.answer is not None]
    entries = known_entries(cases, IndexRegistry(index) if index else None)
    return Evaluation(MUTANTS, created, len(cases), mutants=tuple(run_matrix(cases, entries)))


def known_entries(cases: Sequence[Case], registry: Registry | None) -> dict[str, Entry]:
    """Return the passages that the cases show, or, with a registry, those that were seen."""
    if registry is None:
        return Snapshot.of(case.answer for case in cases if case.answer).entries
    keys = dict.fromkeys(key for case in cases if case.answer for key in (*(case.answer.seen or ()), *(one.key for one in case.references)))
    found = {key: registry.look(key) for key in keys if key}
    return {key: entry for key, entry in found.items() if entry is not None}


def _draw(arguments: argparse.Namespace) -> int:
    """Draw pairs from the answers given, for people to label."""
    rows = [row for path in arguments.answers for row in _read(path)[0]]
    index = Index.open(arguments.index) if arguments.index else None
    cases = join(questions_of(rows), rows, IndexRegistry(index) if index else None).cases
    sys.stdout.write(write_drawn(cases, arguments.out, arguments.limit))
    return 0


def _known(names: Sequence[str]) -> None:
    for name in names:
        if name not in system_names():
            raise UsageError(f"a system among {', '.join(system_names())}", repr(name), "name one, or give its answers with --answers")


def _system(name: str, arguments: argparse.Namespace, retriever: Retriever) -> System:
    if name == OURS:
        return Commons(retriever, lambda held: open_reader(arguments, held), k=arguments.k)
    return PEERS[name](retriever, arguments.k)


def _ask(system: System, questions: Sequence[Question], registry: Registry | None, out: Path) -> Run:
    rows = list(system.iter_rows(questions))
    _write(out / f"{_ANSWERS}{system.name}.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return score_run(system.name, join(questions, rows, registry))


def _read(path: Path) -> tuple[list[JsonRow], int]:
    rows: list[JsonRow] = []
    malformed = 0
    for line in iter_lines(path):
        if isinstance(line, Malformed):
            malformed += 1
            print(f"rag-commons: {path}:{line.line}: {line.problem}; the other lines are judged", file=sys.stderr)  # noqa: T201
        else:
            rows.append(line.row)
    return rows, malformed


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        raise CommonsError("a folder that can be written", f"{path}: {error.strerror}", "give another folder with --out") from error


def _summary(evaluation: Evaluation, out: Path) -> str:
    lines = []
    for one in evaluation.runs:
        lines.append(f"{one.system} : {evaluation.questions} questions")
        for count, what in (
            (one.unanswered, "questions sans réponse, comptées comme fausses"),
            (one.strangers, "réponses à d'autres questions, ou répétées, laissées de côté"),
            (one.malformed, "lignes illisibles"),
        ):
            lines += [f"  {count} {what}"] if count else []
        for measure in MEASURES:
            found = one.table[measure.id]
            if found.value is not None:
                bounds = f"[{100 * found.low:.1f} ; {100 * found.high:.1f}]" if found.low is not None and found.high is not None else ""
                lines.append(f"  {measure.id:<6} {100 * found.value:6.1f} {bounds:<16} {measure.name_fr}")
    if evaluation.judge:
        reasons = " ; ".join(french for french, _ in evaluation.judge.reasons)
        lines.append(f"{evaluation.judge.name} : juge {'calibré' if evaluation.judge.calibrated else f'non calibré ({reasons})'}")
    for system, supported in evaluation.judged.items():
        figures = ", ".join(f"{name} {100 * one[0]:.1f}" for name, one in supported.figures.items() if one)
        lines.append(f"  {system} : {figures}")
    rows = evaluation.mutants or ()
    lines += [
        f"  mutant {row.mutant.name} : {'; '.join(row.wrong) or STATUSES[row.status][0]}"
        for row in rows
        if not row.good or row.mutant.blind
    ]
    lines.append(f"{sum(row.good for row in rows)} mutants sur {len(rows)} se comportent comme annoncé")
    lines.append(f"{out / 'report.html'} · {out / 'results.json'}")
    return "\n".join(lines) + "\n"


def _fail(evaluation: Evaluation, thresholds: dict[str, float]) -> None:
    bad: list[Row] = [row for row in evaluation.mutants or () if not row.good]
    if bad:
        seen = "; ".join(f"{row.mutant.name}: {', '.join(row.wrong) or row.status}" for row in bad)
        raise CommonsError("every mutant to behave as stated", seen, "mend the measure, or what the mutant says of it")
    phrases = [f"{one.system}: {phrase}" for one in evaluation.runs for phrase in broken(thresholds, one.table)]
    if thresholds and not evaluation.runs:
        phrases.append("no run to hold against the thresholds")
    if phrases:
        raise CommonsError("every measure to reach its threshold", "; ".join(phrases), "read report.html, or change the thresholds")
