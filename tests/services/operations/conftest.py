"""Two tenants with claims, and a clock that stands."""

from tests.fixtures.care import at
from tests.fixtures.exchange import here, installed, there

__all__ = ["at", "here", "installed", "there"]
