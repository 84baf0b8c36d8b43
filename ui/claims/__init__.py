"""Pages of claims: the list, one claim, capture and correction."""
