"""Progress of a long work: one line renewed in place on a terminal, one line now and then elsewhere."""

import sys
from time import monotonic
from types import TracebackType

from rag_commons.index.progress import Progress

_TERMINAL_SECONDS = 0.2
_LOG_SECONDS = 10.0


class ProgressLine:
    """Shows on stderr how far a writer has come."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._start = monotonic()
        self._last = self._start - (_TERMINAL_SECONDS if self._terminal else 0.0)
        self._shown = False

    def __enter__(self) -> "ProgressLine":
        """Watch from here on."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave the terminal's line empty."""
        if self._terminal and self._shown:
            sys.stderr.write("\r\x1b[K")

    def show(self, progress: Progress) -> None:
        """Show the progress, unless it was shown a moment ago."""
        now = monotonic()
        if now - self._last < (_TERMINAL_SECONDS if self._terminal else _LOG_SECONDS):
            return
        self._last = now
        self._shown = True
        text = _in_words(progress, now - self._start)
        sys.stderr.write(f"\r\x1b[K{text}" if self._terminal else f"{text}\n")
        sys.stderr.flush()


def _in_words(progress: Progress, seconds: float) -> str:
    if progress.stage == "store":
        rate = progress.text_bytes / 1e6 / max(seconds, 0.001)
        return (
            f"lecture : {progress.documents} documents, {progress.passages} passages, {progress.text_bytes / 1e6:.1f} Mo ({rate:.1f} Mo/s)"
        )
    if progress.stage == "adapt":
        return f"adaptation de l'encodeur : {100 * progress.passages // max(1, progress.total or 0)} % ({seconds:.0f} s)"
    share = f" sur {progress.total}" if progress.total else ""
    return f"indexation : {progress.passages} passages{share} ({seconds:.0f} s)"
