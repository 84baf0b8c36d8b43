"""Two tenants with claims on their way."""

from tests.fixtures.exchange import here, installed, there

__all__ = ["here", "installed", "there"]
