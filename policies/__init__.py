"""Who may do what inside a tenant: the permission catalogue, the default roles and the guard (Casbin)."""
