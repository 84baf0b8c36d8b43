"""Patients' balances: accounts, payments, small balances, statements."""
