"""`results.json`: what an evaluation found, for programs. Schema 1, kept: keys are only ever added.

::

    {"schema": 1, "suite", "created", "version", "index": {"name", "build"} | null, "questions": n,
     "measures": [{"id", "group", "name": {"fr", "en"}, "definition": {…}, "reading": {…}, "formula", "source", "perfect"}],
     "runs": [{"system", "unanswered", "strangers", "malformed",
               "measures": {id: {"value", "low", "high", "cases", "numerator", "denominator"}},
               "groups": {"licence" | "collection" | "language" | "kind": {name: {"cases", "measures": {…}}}},
               "quote_failures": {class: n}, "notice_fields": {field: {"shown", "required"}},
               "cases": [{"id", "faults": […], "scores": {id: [numerator, denominator]}}],
               "judged": null | {"J1P" | "J1R" | "J2P" | "J2R" | "corrected": {"value", "low", "high"} | null}}],
     "judge": null | {"name", "fingerprint", "calibrated", "reasons": {"fr", "en"}, "annotators", "labelled", "tested", "human_kappa",
                      "human_alpha", "cuts", "judge": {…}, "words": {…}, "falsified": {test: {"share", "pairs"}}},
     "gaps": {system: {id: {"value", "low", "high"}}},
     "mutants": null | [{"name", "status", "cases", "falls", "may", "moved": {id: [before, after]}, "wrong"}]}

Values are from 0 to 1, `null` where a measure has no object; intervals hold the middle 95 % of a bootstrap over questions or pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from rag_commons import __version__
from rag_commons.evaluation.judges.calibration import Calibration
from rag_commons.evaluation.judges.support import Estimated, Supported
from rag_commons.evaluation.measures.table import MEASURES
from rag_commons.evaluation.mutants.matrix import Row
from rag_commons.evaluation.run import Run, faults_of, gaps
from rag_commons.evaluation.scoring import Table

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Runs of systems over one suite, and the mutation matrix where it was run."""

    suite: str
    created: str
    questions: int
    runs: tuple[Run, ...] = ()
    index_name: str | None = None
    index_build: str | None = None
    mutants: tuple[Row, ...] | None = None
    judge: Calibration | None = None
    # what a calibrated judge says of each run, by system
    judged: Mapping[str, Supported] = field(default_factory=dict)


def results_to_json(evaluation: Evaluation) -> dict[str, object]:
    """Return the JSON object of an evaluation."""
    found = gaps(evaluation.runs, [measure.id for measure in MEASURES])
    return {
        "schema": SCHEMA,
        "suite": evaluation.suite,
        "created": evaluation.created,
        "version": __version__,
        "index": {"name": evaluation.index_name, "build": evaluation.index_build} if evaluation.index_name else None,
        "questions": evaluation.questions,
        "measures": _measures(),
        "runs": [{**_run(run), "judged": _judged(evaluation.judged.get(run.system))} for run in evaluation.runs],
        "judge": None if evaluation.judge is None else _calibration(evaluation.judge),
        "gaps": {
            system: {name: dict(zip(("value", "low", "high"), gap, strict=True)) for name, gap in row.items()}
            for system, row in found.items()
        },
        "mutants": None if evaluation.mutants is None else _mutants(evaluation.mutants),
    }


def _measures() -> list[dict[str, object]]:
    return [
        {
            "id": one.id,
            "group": one.group,
            "name": {"fr": one.name_fr, "en": one.name_en},
            "definition": {"fr": one.definition_fr, "en": one.definition_en},
            "reading": {"fr": one.reading_fr, "en": one.reading_en},
            "formula": one.formula,
            "source": one.source,
            "perfect": one.perfect,
        }
        for one in MEASURES
    ]


def _run(run: Run) -> dict[str, object]:
    return {
        "system": run.system,
        "unanswered": run.unanswered,
        "strangers": run.strangers,
        "malformed": run.malformed,
        "measures": _table(run.table),
        "groups": {
            way: {name: {"cases": cases, "measures": _table(table)} for name, (cases, table) in found.items()}
            for way, found in run.groups.items()
        },
        "quote_failures": run.failures,
        "notice_fields": {field: {"shown": shown, "required": asked} for field, (shown, asked) in run.fields.items()},
        "cases": [
            {
                "id": row.case.question.id,
                "faults": list(faults_of(row)),
                "scores": {name: list(score) for name, score in row.scores.items() if score is not None},
            }
            for row in run.scored
        ],
    }


def _judged(found: Supported | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {name: _estimated(one) for name, one in (*found.figures.items(), ("corrected", found.corrected))}


def _estimated(one: Estimated | None) -> dict[str, float] | None:
    return None if one is None else dict(zip(("value", "low", "high"), one, strict=True))


def _calibration(found: Calibration) -> dict[str, object]:
    reasons = {"fr": [french for french, _ in found.reasons], "en": [english for _, english in found.reasons]}
    tests = {name: {"share": share, "pairs": count} for name, (share, count) in found.falsified.items()}
    return {**asdict(found), "calibrated": found.calibrated, "reasons": reasons, "falsified": tests}


def _table(table: Table) -> dict[str, object]:
    return {name: asdict(estimate) for name, estimate in table.items()}


def _mutants(rows: Sequence[Row]) -> list[dict[str, object]]:
    return [
        {
            "name": row.mutant.name,
            "what": {"fr": row.mutant.what_fr, "en": row.mutant.what_en},
            "status": row.status,
            "cases": row.cases,
            "falls": list(row.mutant.falls),
            "may": list(row.mutant.may),
            "moved": {name: list(pair) for name, pair in row.moved.items()},
            "wrong": list(row.wrong),
        }
        for row in rows
    ]
