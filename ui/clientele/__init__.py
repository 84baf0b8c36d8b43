"""Pages of clients, providers, payers, patients, coverages, fee schedules and connections."""
