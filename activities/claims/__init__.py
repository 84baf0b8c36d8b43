"""What the claim's workflow does to the world. Every activity is idempotent by claim and version."""
