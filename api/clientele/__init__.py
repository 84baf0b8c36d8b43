"""Clients, providers, payers, patients, coverages, fee schedules and connections."""
