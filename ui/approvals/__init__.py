"""Asking somebody else before something is done."""
