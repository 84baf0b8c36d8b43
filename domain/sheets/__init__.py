"""Spreadsheets that people bring: which column holds what, and each row's facts or its faults at their cells."""
