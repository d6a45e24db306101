"""Labelled pairs: a sentence, the passage that it cites, and how far people say that the one supports the other.

A line of `pairs.jsonl`: `{"id", "statement", "passage", "kind": "natural" | name of a mutant, "of"?: id of the natural pair that a
mutant was made of, "group": what it is drawn with, "labels"?: {annotator: "full" | "partial" | "none" | null}}`. Annotators work on
sheets that say nothing of the kind, each in its own order (`id,statement,passage,label`); a sheet is named after its annotator.
"""

import csv
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag_commons.errors import InputError
from rag_commons.evaluation.fields import Fields
from rag_commons.evaluation.reading import Malformed, iter_lines

NATURAL = "natural"
LEVELS = ("none", "partial", "full")
SHEET = ("id", "statement", "passage", "label")
# people write in their language
_WORDS = {"aucun": "none", "partiel": "partial", "entier": "full", **{level: level for level in LEVELS}}


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and the text that it cites; `labels` are indices of `LEVELS` by annotator."""

    id: str
    statement: str
    passage: str
    kind: str
    group: str
    of: str | None = None
    labels: Mapping[str, int] | None = None

    def label(self, annotator: str) -> int | None:
        """Return what an annotator said, None where nothing."""
        return (self.labels or {}).get(annotator)

    def to_json(self) -> dict[str, object]:
        """Return the line of `pairs.jsonl`."""
        row: dict[str, object] = {"id": self.id, "statement": self.statement, "passage": self.passage, "kind": self.kind}
        row |= {"of": self.of} if self.of else {}
        return {**row, "group": self.group, "labels": {name: LEVELS[level] for name, level in (self.labels or {}).items()}}


def read_pairs(path: Path, sheets: Sequence[Path] = ()) -> tuple[Pair, ...]:
    """Read pairs, with the labels of sheets added; InputError for a bad line, an id given twice or unknown."""
    pairs: dict[str, Pair] = {}
    for line in iter_lines(path):
        where = f"{path}:{line.line}"
        if isinstance(line, Malformed):
            raise InputError("one JSON object a line", f"{where}: {line.problem}", "mend that line")
        pair = _pair(Fields(line.row), where)
        if pair.id in pairs:
            raise InputError("each pair once", f"{where}: {pair.id!r} again", "rename one of them")
        pairs[pair.id] = pair
    for sheet in sheets:
        for identity, level in _read_sheet(sheet):
            if identity not in pairs:
                raise InputError(f"the pairs of {path}", f"{sheet}: unknown id {identity!r}", "give the sheets made with these pairs")
            pair = pairs[identity]
            pairs[identity] = replace(pair, labels={**(pair.labels or {}), sheet.stem: level})
    if not pairs:
        raise InputError("at least one pair", f"{path}: none", "make them with `rag-commons evaluate pairs --answers FILE`")
    return tuple(pairs.values())


def write_sheet(path: Path, pairs: Iterable[Pair]) -> None:
    """Write a sheet for one annotator, in an order of its own, without what would tell a mutant."""
    rows = list(pairs)
    random.Random(path.stem).shuffle(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(SHEET)
        writer.writerows((row.id, row.statement, row.passage, "") for row in rows)


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write `pairs.jsonl`, which annotators do not see."""
    path.write_text("".join(json.dumps(pair.to_json(), ensure_ascii=False) + "\n" for pair in pairs), encoding="utf-8")


def _pair(fields: Fields, where: str) -> Pair:
    given = {name: fields.text(name) for name in ("statement", "passage", "kind")}
    identity = fields.identifier("id")
    labels: dict[str, int] = {}
    told = fields.child("labels")
    for annotator in told.row if told else ():
        level = told.text(annotator) if told else None
        if level:
            labels[annotator] = _level(level, where)
    missing = [name for name, value in (("id", identity), *given.items()) if not value or not value.strip()]
    if missing or fields.problems or not identity:
        seen = "; ".join((*fields.problems, *(f"no {name}" for name in missing)))
        raise InputError("a pair with id, statement, passage and kind", f"{where}: {seen}", "mend that line")
    statement, passage, kind = (value or "" for value in given.values())
    return Pair(identity, statement, passage, kind, fields.text("group") or identity, fields.identifier("of"), labels)


def _read_sheet(path: Path) -> list[tuple[str, int]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError("a readable sheet of labels", f"{path}: {str(error)[:200]}", "save it as CSV in UTF-8") from error
    if rows and not {"id", "label"} <= set(rows[0]):
        raise InputError("a sheet with the columns id and label", f"{path}: {', '.join(map(str, rows[0]))[:200]}", "keep its heading")
    return [(row["id"], _level(row["label"], f"{path}:{number}")) for number, row in enumerate(rows, 2) if (row["label"] or "").strip()]


def _level(word: str, where: str) -> int:
    level = _WORDS.get(word.strip().lower())
    if level is None:
        raise InputError("full, partial or none (entier, partiel, aucun)", f"{where}: {word[:40]!r}", "mend that label")
    return LEVELS.index(level)
