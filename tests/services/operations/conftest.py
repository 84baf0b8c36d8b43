"""Two tenants with claims."""

from tests.fixtures.exchange import here, installed, there

__all__ = ["here", "installed", "there"]
