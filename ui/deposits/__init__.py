"""Deposits: days with three sums, matching by keys, bank files."""
