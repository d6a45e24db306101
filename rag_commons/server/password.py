"""The password of the front door, where one is set: HTTP Basic for people (any name), Basic or Bearer for programs."""

import binascii
import hmac
from base64 import b64decode

from rag_commons.errors import UsageError
from rag_commons.server.rate import Rate

SHORTEST = 8
# wrong passwords a minute before a client waits
_TRIES = 10


class Password:
    """One password for everyone; wrong ones are counted by client."""

    def __init__(self, secret: str) -> None:
        """Take the secret; UsageError when it is too short to be one."""
        if len(secret) < SHORTEST:
            raise UsageError(f"a password of at least {SHORTEST} characters", f"{len(secret)}", "choose a longer one, or none")
        self._secret = secret.encode()
        self._wrong = Rate(_TRIES)

    def wait(self, client: str) -> int:
        """Return the seconds that a client must wait after too many wrong passwords, 0 when it may try."""
        return self._wrong.left(client)

    def opens(self, client: str, authorization: str) -> bool:
        """Whether a request's Authorization header holds the password; a wrong one is counted, none at all is not."""
        given = _given(authorization)
        if given is not None and hmac.compare_digest(given, self._secret):
            return True
        if given is not None:
            self._wrong.count(client)
        return False


def _given(authorization: str) -> bytes | None:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        # headers are read as Latin-1, whatever their bytes were
        return value.strip().encode("latin-1")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(value.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""
