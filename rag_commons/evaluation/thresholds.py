"""Thresholds for continuous integration: what each measure must at least reach, in JSON or TOML.

`strict = 0.9` asks a value of at least 0.9; for the measures whose best value is 0 (H, E, ASR), at most. A measure without an object in
the run does not pass.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from rag_commons.errors import InputError
from rag_commons.evaluation.measures.table import BY_ID
from rag_commons.evaluation.scoring import Table

_NAMES = {name.lower(): name for name in BY_ID}


def read_thresholds(path: Path) -> dict[str, float]:
    """Read a threshold file; raises InputError for what is no measure or no number from -1 to 1."""
    try:
        text = path.read_text(encoding="utf-8")
        found = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except OSError as error:
        raise InputError("a readable threshold file", f"{path}: {error.strerror}", "check the path given to --fail-under") from error
    except (ValueError, RecursionError) as error:
        raise InputError("thresholds in JSON or TOML", f"{path}: {error}", "write one measure and its minimum a line") from error
    if not isinstance(found, dict) or not found:
        raise InputError("measures with their minimum", f"{path}: {str(found)[:60]}", 'write {"strict": 0.9, "J": 0.6}')
    return {_measure(name, path): _bound(name, value, path) for name, value in found.items()}


def broken(thresholds: Mapping[str, float], table: Table) -> list[str]:
    """Return a phrase for each measure that does not reach its threshold."""
    phrases = []
    for name, bound in thresholds.items():
        value, low_is_good = table[name].value, BY_ID[name].perfect == 0
        sign = "≤" if low_is_good else "≥"
        if value is None:
            phrases.append(f"{name} {sign} {bound:g} (not measured)")
        elif value > bound if low_is_good else value < bound:
            phrases.append(f"{name} {sign} {bound:g} (is {value:.4f})")
    return phrases


def _measure(name: str, path: Path) -> str:
    if name.lower() not in _NAMES:
        raise InputError(f"a measure among {', '.join(BY_ID)}", f"{path}: {name!r}", "write the measure as it is named")
    return _NAMES[name.lower()]


def _bound(name: str, value: object, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 1:
        raise InputError("a number from -1 to 1", f"{path}: {name} = {str(value)[:40]}", "write the minimum as 0.9, not as 90")
    return float(value)
