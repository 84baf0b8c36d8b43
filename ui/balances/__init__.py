"""Patients' balances: who owes, one patient's account, small balances, statements."""
