"""The clock of the client, and the pace that it keeps to: tests hand in one that does not sleep."""

import time


class Clock:
    """The machine's clock."""

    def monotonic(self) -> float:
        """Return seconds that only go forward."""
        return time.monotonic()

    def time(self) -> float:
        """Return seconds since 1970 (for Retry-After dates)."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Pace:
    """When each host may be asked again: one request at a time, `interval` seconds apart."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: dict[str, float] = {}

    def wait(self, key: str, interval: float) -> None:
        """Wait until `key` (a host, or a service of a host) may be asked, and note that it was."""
        before = self._asked.get(key)
        if before is not None:
            pause = before + interval - self._clock.monotonic()
            if pause > 0:
                self._clock.sleep(pause)
        self._asked[key] = self._clock.monotonic()
