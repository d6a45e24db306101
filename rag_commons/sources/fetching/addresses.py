"""Which machines may be asked: public ones, and those that the user named.

A server can answer with a redirect, or a name resolve, to a machine of the user's own network; what it gives would then end up in
an index. So the address is checked where the connection is made, and the connection goes to the very address that was checked.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable

import httpcore

from rag_commons.sources.fetching.failure import failed

Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public Internet, whatever IPv6 wraps it in."""
    try:
        seen = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(seen, ipaddress.IPv6Address):
        wrapped = seen.ipv4_mapped or seen.sixtofour or (seen.teredo[1] if seen.teredo else None)
        if wrapped is None and seen in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(seen) & 0xFFFFFFFF)
        if wrapped is not None:
            seen = wrapped
    return seen.is_global and not seen.is_multicast


class GuardedBackend(httpcore.NetworkBackend):
    """Connections to public addresses, and to private ones of the `trusted` hosts only."""

    def __init__(self, trusted: Iterable[str], resolve: Resolve = resolve) -> None:
        self._trusted = frozenset(trusted)
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; refuse the host when any of its addresses is private."""
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if host not in self._trusted:
            for address in addresses:
                if not is_public(address):
                    raise failed("private-address", f"{host}:{port}", f"the address {address}, of a private network, that you did not name")
        refused: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                return self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refused = error
        raise refused

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: nothing of the commons is behind a local socket."""
        raise httpcore.UnsupportedProtocol(path)

    def sleep(self, seconds: float) -> None:
        """Wait between the pool's own tries (it makes none)."""
        self._sockets.sleep(seconds)


def private_hosts(hosts: Iterable[str], resolve: Resolve = resolve) -> frozenset[str]:
    """Return those of the hosts named by the user that are on a private network: they are trusted, and only they."""
    private: set[str] = set()
    for host in hosts:
        try:
            addresses = resolve(host, 0)
        except (OSError, UnicodeError):
            continue
        if not all(is_public(address) for address in addresses):
            private.add(host)
    return frozenset(private)
