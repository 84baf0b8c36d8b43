"""How a tenant stands and how its payers behave: figures with their definitions, never an average of averages."""
