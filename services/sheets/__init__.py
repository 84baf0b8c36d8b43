"""Spreadsheets that people bring: kept as drafts, mapped, previewed with every fault at its cell, and taken in once."""
