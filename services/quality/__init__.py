"""Audits: planning, reviewing, answering, trends."""
