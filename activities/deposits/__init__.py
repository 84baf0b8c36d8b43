"""What happens to deposits without a person: matched by trace and amount, and asked about when they wait too long."""
