"""The demo tenants: invented people and records, and the claims that the real processes are run on to fill them."""
