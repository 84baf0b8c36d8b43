"""Incidents: noticing what fails, and reaching into Temporal to try it again or to cancel it."""
