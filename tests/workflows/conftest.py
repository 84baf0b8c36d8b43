"""Two tenants whose claims walk the whole way."""

from tests.fixtures.lifecycle import crew, other_walk, quick_redelivery, walk

__all__ = ["crew", "other_walk", "quick_redelivery", "walk"]
