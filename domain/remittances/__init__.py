"""What a remittance means: balance, outcome and the keys that make posting happen once."""
