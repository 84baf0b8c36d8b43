"""Moving a person's work to others."""
