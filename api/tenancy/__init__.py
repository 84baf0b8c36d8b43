"""Registration, sign-in, people, roles, tokens, the checklist and the audit trail."""
