"""Denials and appeals: what a refusal of payment means, what to do about it by when, and how an appeal proceeds."""
