"""Rules of the tenant as processes and acts on work meet them."""
