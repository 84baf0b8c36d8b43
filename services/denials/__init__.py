"""Denials to work, the tables that classify them, and appeals."""
