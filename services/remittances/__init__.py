"""Remittances as people see them: what was posted, how it is proven, and what still belongs to no claim."""
