"""Deposits: bank accounts, bank files, matches, and days that close."""
