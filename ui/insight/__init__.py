"""The overview of the tenant."""
