"""Two tenants with claims on their way, and with a bank account each."""

from tests.fixtures.exchange import here, installed, there

__all__ = ["here", "installed", "there"]
