-- What kind of company a tenant is decides which roles it starts with and what its people see first.
ALTER TABLE tenants ADD COLUMN kind text NOT NULL DEFAULT 'billing' CHECK (kind IN ('billing', 'care', 'clinic'));
UPDATE tenants SET kind = r.kind FROM registrations r WHERE r.tenant_id_made = tenants.id AND r.kind <> tenants.kind;
