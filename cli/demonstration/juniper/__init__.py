"""The third demo company: it coordinates care, and brings six months of history along. Everything is invented."""
