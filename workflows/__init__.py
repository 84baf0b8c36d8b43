"""Durable processes: each `run` reads like the procedure."""
