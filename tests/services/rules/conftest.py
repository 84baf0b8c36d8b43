"""Two tenants with claims, without Temporal: what is told to a process waits in the outbox."""

from tests.fixtures.exchange import here, installed, there

__all__ = ["here", "installed", "there"]
