-- What a person is told: in the page at once, by e-mail once a day. Titles are made of references, never of a patient.
CREATE TABLE notification_settings (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    user_id uuid NOT NULL REFERENCES users (id),
    quiet text NOT NULL DEFAULT 'off' CHECK (quiet IN ('off', 'always', 'hours')),
    quiet_from time NOT NULL DEFAULT '18:00',
    quiet_to time NOT NULL DEFAULT '08:00',
    zone text NOT NULL DEFAULT '',         -- IANA; empty: the employee's, else the tenant's
    not_in_page text[] NOT NULL DEFAULT '{}',
    not_in_digest text[] NOT NULL DEFAULT '{}',
    digest boolean NOT NULL DEFAULT true,
    digest_hour smallint NOT NULL DEFAULT 7 CHECK (digest_hour BETWEEN 0 AND 23),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, user_id)
);
-- One e-mail per person and day of their zone. Its id is in the workflow's id and in the Message-ID.
CREATE TABLE digests (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    user_id uuid NOT NULL REFERENCES users (id),
    day date NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'gathered', 'sent', 'nothing', 'failed')),
    visited text[] NOT NULL DEFAULT '{waiting}',
    entries integer NOT NULL DEFAULT 0,
    failure text NOT NULL DEFAULT '',
    sent_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, day)
);
CREATE TABLE notifications (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    user_id uuid NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    key text NOT NULL,                     -- from the fact: telling twice tells once
    title text NOT NULL,
    href text NOT NULL CHECK (href LIKE '/%'),
    in_page boolean NOT NULL DEFAULT true, -- as the person had chosen when it came
    in_digest boolean NOT NULL DEFAULT true,
    digest_id uuid,                        -- the e-mail that carries it
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    read_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, key),
    FOREIGN KEY (tenant_id, digest_id) REFERENCES digests (tenant_id, id)
);
CREATE INDEX notifications_newest ON notifications (tenant_id, user_id, id DESC) INCLUDE (kind, read_at) WHERE in_page;
CREATE INDEX notifications_unread ON notifications (tenant_id, user_id, id DESC) INCLUDE (kind)
    WHERE in_page AND read_at IS NULL;
CREATE INDEX notifications_undigested ON notifications (tenant_id, user_id)
    WHERE in_digest AND digest_id IS NULL AND read_at IS NULL;
CREATE INDEX notifications_digest ON notifications (tenant_id, digest_id) WHERE digest_id IS NOT NULL;
-- Only the pages of the person concerned look again: "tenant:notifications/person".
CREATE FUNCTION announce_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changed', NEW.tenant_id || ':' || TG_TABLE_NAME || '/' || NEW.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER announce_person AFTER INSERT OR UPDATE OF read_at ON notifications
    FOR EACH ROW EXECUTE FUNCTION announce_person();
