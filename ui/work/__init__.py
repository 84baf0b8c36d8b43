"""The work queue and what is done with an item."""
