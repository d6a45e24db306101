"""Rate: how many requests a client may send a minute, as a bucket that leaks."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

# clients remembered; the one that was silent longest is forgotten first
_REMEMBERED = 10_000


class Rate:
    """Requests a minute for each client; a whole minute's worth may come at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        # when each client's bucket will be empty again
        self._empty: OrderedDict[str, float] = OrderedDict()

    def wait(self, client: str) -> int:
        """Count a request; return the seconds to wait when it is one too many, 0 when it may pass."""
        wait = self.left(client)
        if not wait:
            self.count(client)
        return wait

    def left(self, client: str) -> int:
        """Return the seconds before a client may ask again, 0 when it may now; nothing is counted."""
        now = self._clock()
        full = max(now, self._empty.get(_network(client), now)) + 60 / self.per_minute - now
        return math.ceil(full - 60) if full > 60 + 1e-6 else 0

    def count(self, client: str) -> None:
        """Count one request of a client."""
        now, key = self._clock(), _network(client)
        self._empty[key] = max(now, self._empty.pop(key, now)) + 60 / self.per_minute
        if len(self._empty) > _REMEMBERED:
            self._empty.popitem(last=False)


def _network(client: str) -> str:
    """Return who is counted: an IPv4 address, or the network of an IPv6 one, since a household has a whole network."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    return client if not isinstance(address, IPv6Address) else str(IPv6Address(int(address) >> 64 << 64))
