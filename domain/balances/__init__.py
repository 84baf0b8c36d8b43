"""What patients owe: when it may be asked for, how payments are spread, statements and their cycle."""
