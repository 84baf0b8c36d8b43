"""What a tenant's own history says about what comes."""
