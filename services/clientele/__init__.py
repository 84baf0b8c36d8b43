"""Clients, providers, payers, fee schedules, connections, patients and coverages: the records that claims are made from."""
