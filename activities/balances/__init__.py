"""Patients' money in the ledger, and the run that prints their statements."""
