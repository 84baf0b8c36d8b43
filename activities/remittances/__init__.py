"""Posting what payers decided: once, balanced to the cent, or not at all."""
