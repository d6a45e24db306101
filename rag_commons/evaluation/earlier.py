"""Earlier evaluations: the values of a `results.json`, to set beside new ones."""

import json
from pathlib import Path

from rag_commons.errors import InputError
from rag_commons.evaluation.fields import Fields
from rag_commons.evaluation.measures.table import BY_ID
from rag_commons.evaluation.results import SCHEMA


def read_earlier(path: Path) -> dict[str, dict[str, float | None]]:
    """Return the values of the runs of a former evaluation, by « system (date) » and measure; raises InputError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("a readable results.json", f"{path}: {error.strerror}", "check the path given to --compare") from error
    except (ValueError, RecursionError) as error:
        raise InputError("a results.json", f"{path}: not JSON", "give the file that an evaluation wrote") from error
    fields = Fields(found)
    if fields.row.get("schema") != SCHEMA:
        seen = f"{path}: schema {str(fields.row.get('schema'))[:20]}"
        raise InputError(f"a results.json of schema {SCHEMA}", seen, "give the file that an evaluation wrote")
    created = fields.text("created") or "?"
    return {f"{run.text('system') or '?'} ({created})": _values(run) for run in fields.objects("runs")}


def _values(run: Fields) -> dict[str, float | None]:
    measures = run.child("measures")
    values: dict[str, float | None] = {}
    for name in BY_ID:
        estimate = measures.child(name) if measures else None
        value = estimate.row.get("value") if estimate else None
        values[name] = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return values
