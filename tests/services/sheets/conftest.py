"""Two tenants with patients, without Temporal: what is told to a process waits in the outbox."""

from tests.fixtures.care import at
from tests.fixtures.exchange import here, installed, there

__all__ = ["at", "here", "installed", "there"]
