"""Free TCP ports: the wished one, or the next that nobody holds."""

import json
import secrets
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"
FIRST_OWN, LAST_OWN = 10_000, 32_000


class NoFreePort(Exception):
    """Every port tried is taken."""


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether this machine lets us listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def next_free(wished: int, host: str = LOOPBACK, taken: frozenset[int] = frozenset()) -> int:
    """`wished` or the first free port above it, within 200; NoFreePort when all are held."""
    for port in range(wished, min(wished + 200, 65536)):
        if port not in taken and is_free(port, host):
            return port
    raise NoFreePort(f"no free port between {wished} and {wished + 199}; give another one with --port")


def any_free(host: str = LOOPBACK) -> int:
    """A port that is free now, below those that systems give to outgoing connections.

    A port from bind(0) is one of those: any connection opened before we listen may be given it. Drawn by chance, so that
    two starters at once hardly draw the same.
    """
    for _ in range(1000):
        port = FIRST_OWN + secrets.randbelow(LAST_OWN - FIRST_OWN + 1)
        if is_free(port, host):
            return port
    raise NoFreePort(f"no free port found between {FIRST_OWN} and {LAST_OWN}")


class PortBook:
    """The ports one data folder used last, so that addresses people wrote down keep working."""

    def __init__(self, file: Path, *, any_port: bool = False) -> None:
        self._file = file
        self._any_port = any_port
        self._last: dict[str, int] = self._read()
        self._given: dict[str, int] = {}

    def choose(self, name: str, default: int, host: str = LOOPBACK) -> int:
        """The port for `name`: last time's if free, else the default or the next free one above."""
        port = self._unclaimed(name, default, host)
        self._given[name] = port
        return port

    def save(self) -> None:
        """Write down what was given."""
        self._file.write_text(json.dumps(self._last | self._given, indent=1), encoding="utf-8")

    def _unclaimed(self, name: str, default: int, host: str) -> int:
        taken = frozenset(self._given.values())
        last = self._last.get(name)
        if last and last not in taken and is_free(last, host):
            return last
        if not self._any_port:
            return next_free(default, host, taken)
        port = any_free(host)
        while port in taken:
            port = any_free(host)
        return port

    def _read(self) -> dict[str, int]:
        try:
            return {str(k): int(v) for k, v in json.loads(self._file.read_text(encoding="utf-8")).items()}
        except (OSError, ValueError, AttributeError):
            return {}  # nothing remembered: the defaults apply
