"""What an administrator may do to the index: bring in what one named folder holds, stop, take out. One work at a time.

The one surprise: it exists only where a password guards the server, and only the sources that read files are in it. No address is
fetched, and no path that leads out of the folder, its links followed, is read.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Literal

from rag_commons.documents import Document
from rag_commons.errors import CommonsError, DocumentRefused, InputError, UsageError
from rag_commons.index.build import IngestReport, ingest
from rag_commons.index.origins import keep_origin
from rag_commons.index.progress import Progress
from rag_commons.index.removal import RemovalReport, remove
from rag_commons.sources import SOURCES
from rag_commons.sources.admission import admit
from rag_commons.sources.changes import State

# the sources that read files and ask nothing of the network
LOCAL = ("folder", "jsonl", "table", "tei", "alto", "mets")
LISTED = 200

Stage = Literal["idle", "working", "done", "stopped", "failed"]
Kind = Literal["document", "collection", "holder"]


@dataclass(frozen=True, slots=True)
class Work:
    """How the work stands: its progress while it lasts, then its report, or why it failed."""

    stage: Stage = "idle"
    progress: Progress | None = None
    report: IngestReport | RemovalReport | None = None
    reason: str = ""


class Stopped(CommonsError):
    """The administrator stopped the work."""


class Workshop:
    """The works on one index, from one folder. Every method may be called from any thread."""

    def __init__(self, index: Path, folder: Path) -> None:
        """Take the folder whose files may come in; InputError when there is none."""
        if not folder.is_dir():
            raise InputError("a folder of files to bring in", str(folder), "create it, or name another")
        self.folder = folder.resolve()
        self._index = index
        self._lock = Lock()
        self._stop = Event()
        self._work = Work()

    @property
    def work(self) -> Work:
        """How the latest work stands."""
        return self._work

    def names(self) -> list[str]:
        """Return what lies in the folder and may be read, by name."""
        names = sorted(path.name for path in self.folder.iterdir() if not path.name.startswith((".", "_")))
        return [name for name in names if (self.folder / name).resolve().is_relative_to(self.folder)][:LISTED]

    def path(self, name: str) -> Path:
        """Return where a name of the folder leads; InputError when it leads out of it, or nowhere."""
        try:
            path = (self.folder / name.strip()).resolve()
            if path.is_relative_to(self.folder) and path.exists():
                return path
        except (OSError, ValueError):
            # a name that no disk could hold
            pass
        raise InputError("a file or folder of the administrator's folder", repr(name[:80]), "choose one of the list")

    def bring_in(self, source: str, name: str) -> None:
        """Begin to ingest what a name of the folder leads to; UsageError while another work lasts."""
        if source not in LOCAL:
            raise UsageError(f"one of {', '.join(LOCAL)}", repr(source[:40]), "choose a source that reads files")
        path = self.path(name)
        self._begin(lambda: self._ingest(source, path))

    def take_out(self, kind: Kind, name: str) -> None:
        """Begin to remove a document, a collection or an institution; UsageError while another work lasts."""
        named = {one: (name,) if one == kind else () for one in ("document", "collection", "holder")}
        if not name or kind not in named:
            raise UsageError("a document, collection or institution", repr(name[:40]), "name one exactly")
        self._begin(lambda: remove(self._index, named["document"], named["collection"], named["holder"], self._watch))

    def stop(self) -> None:
        """Have the work end at its next step; what it has read waits for the next ingest."""
        self._stop.set()

    def _begin(self, work: Callable[[], IngestReport | RemovalReport]) -> None:
        with self._lock:
            if self._work.stage == "working":
                raise UsageError("one work at a time", "one under way", "wait for its end, or stop it")
            self._stop.clear()
            self._work = Work("working")
        Thread(target=self._run, args=(work,), name="workshop", daemon=True).start()

    def _run(self, work: Callable[[], IngestReport | RemovalReport]) -> None:
        try:
            self._work = Work("done", report=work())
        except Stopped:
            self._work = Work("stopped")
        except CommonsError as error:
            self._work = Work("failed", reason=str(error))
        except Exception as error:
            # nobody but the page would hear of it
            self._work = Work("failed", reason=f"{type(error).__name__}: {error}")

    def _ingest(self, source: str, path: Path) -> IngestReport:
        found = SOURCES[source]
        today = date.today().isoformat()
        ids: set[str] = set()
        items = self._watched(admit(found.iter_documents([path]), found.policy), ids)
        report = ingest(self._index, items, progress=self._watch)
        # so that `rag-commons update` knows what came from there
        keep_origin(self._index, State(source, (str(path),), today, ()), found.policy, ids)
        return report

    def _watched(self, items: Iterable[Document | DocumentRefused], ids: set[str]) -> Iterator[Document | DocumentRefused]:
        for item in items:
            self._check()
            if isinstance(item, Document):
                ids.add(item.id)
            yield item

    def _watch(self, progress: Progress) -> None:
        self._check()
        self._work = replace(self._work, progress=progress)

    def _check(self) -> None:
        if self._stop.is_set():
            raise Stopped("a work that goes on", "the administrator, who stopped it", "begin it again: it resumes")
