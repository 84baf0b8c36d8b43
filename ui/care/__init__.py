"""Pages of care management."""
