"""Pages of the rules that a tenant writes."""
