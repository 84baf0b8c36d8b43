"""Two tenants whose claims walk the whole way."""

from tests.fixtures.exchange import here, installed, there
from tests.fixtures.lifecycle import crew, other_walk, quick_redelivery, walk

__all__ = ["crew", "here", "installed", "other_walk", "quick_redelivery", "there", "walk"]
