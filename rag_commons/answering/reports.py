"""Reports of wrong attribution: what a reader says is wrong with a source, kept on this machine as JSON Lines and sent nowhere.

The one surprise: a reader is nobody here. No name, address or time of day is kept, and there is a bound on how many come in an hour,
so that a script can't fill the disk.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal, get_args

from rag_commons.errors import InputError

What = Literal["people", "title", "holder", "licence", "words", "other"]
WHATS: tuple[What, ...] = get_args(What)
LONGEST_NOTE = 1_000

_AN_HOUR = 60
_LARGEST_FILE = 10_000_000
_FILE = "reports.jsonl"


@dataclass(frozen=True, slots=True)
class Report:
    """One report: the day, the build of the index, the document or passage, what is wrong, and the reader's own words."""

    day: str
    build: str
    source: str
    what: What
    note: str


class ReportLog:
    """The file of reports, in a folder of its own outside the index. Every method may be called from any thread."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the folder; InputError when there is none."""
        if not folder.is_dir():
            raise InputError("a folder to keep reports in", str(folder), "create it, or name another")
        self.path = folder / _FILE
        self._clock = clock
        self._lock = Lock()
        self._recent: deque[float] = deque()

    def add(self, source: str, what: str, note: str, build: str) -> bool:
        """Keep a report; False where too many came within the hour, or the file is full. InputError for what is none of the kinds."""
        if what not in WHATS:
            raise InputError(f"one of {', '.join(WHATS)}", repr(what[:40]), "choose what is wrong")
        kind = next(one for one in WHATS if one == what)
        report = Report(datetime.now(UTC).date().isoformat(), build, source[:LONGEST_NOTE], kind, note.strip()[:LONGEST_NOTE])
        with self._lock:
            now = self._clock()
            while self._recent and now - self._recent[0] > 3_600:
                self._recent.popleft()
            if len(self._recent) >= _AN_HOUR or (self.path.exists() and self.path.stat().st_size > _LARGEST_FILE):
                return False
            self._recent.append(now)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(report), ensure_ascii=False) + "\n")
        return True


def iter_reports(path: Path) -> Iterator[Report]:
    """Yield the reports of a file; InputError, which names the line, for what is none."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield Report(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise InputError("one report a line", f"{path}:{number}: {error}", "mend or delete that line") from None
