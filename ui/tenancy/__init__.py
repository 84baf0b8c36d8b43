"""Pages of people, roles, tokens, the audit trail, sign-in and registration."""
