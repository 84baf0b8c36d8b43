"""Onboarding of a tenant: the steps, the first connection, and the way back."""
