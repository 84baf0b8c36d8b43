"""Tenancy through the door: registration, sign-in, people, roles, tokens and the audit trail."""
