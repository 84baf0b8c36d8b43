"""Rules of the tenant: decision tables, task forms, custom fields."""
