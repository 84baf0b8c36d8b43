"""Spreadsheets that people bring, whatever they are about."""
