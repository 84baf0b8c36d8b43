"""Tenants, people, roles, sign-ins, the audit trail and the outbox. The schema itself is `sql/10_tenancy.sql`; a test holds the two together."""

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class TenantRow(Table, tablename="tenants", db=ENGINE):
    id = UUID(primary_key=True)
    name = Text()
    subdomain = Text()
    plan = Text(default="starter")
    status = Text(default="provisioning")
    kind = Text(default="billing")
    time_zone = Text(default="America/New_York")
    settings = JSONB()
    policy_version = Integer(default=1)
    billing_customer = Text(null=True, default=None)
    created_at = Timestamptz()


class UserRow(Table, tablename="users", db=ENGINE):
    id = UUID(primary_key=True)
    email = Text()
    name = Text()
    password_hash = Text()
    failed_attempts = Integer(default=0)
    locked_until = Timestamptz(null=True, default=None)
    platform_staff = Boolean(default=False)
    created_at = Timestamptz()


class SignInRow(Table, tablename="sign_ins", db=ENGINE):
    token_hash = Bytea(primary_key=True)
    id = UUID()
    family = UUID()
    user_id = UUID(default=None)
    created_at = Timestamptz()
    last_seen_at = Timestamptz()
    expires_at = Timestamptz()
    renew_before = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class RegistrationRow(Table, tablename="registrations", db=ENGINE):
    id = UUID(primary_key=True)
    request_key = Text()
    company = Text()
    subdomain = Text()
    plan = Text(default="starter")
    kind = Text(default="billing")
    admin_email = Text()
    admin_name = Text()
    password_hash = Text()
    status = Text(default="requested")
    step = Text(default="")
    reason = Text(default="")
    tenant_id_made = UUID(null=True, default=None)
    requested_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)


class TenantKeyRow(Table, tablename="tenant_keys", db=ENGINE):
    tenant_id = UUID(default=None)
    key_id = Integer(default=1)
    wrapped = Bytea(primary_key=True)
    created_at = Timestamptz()


class MembershipRow(Table, tablename="memberships", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    user_id = UUID(default=None)
    status = Text(default="active")
    invitation_hash = Bytea(null=True, default=None)
    job_title = Text(default="")
    created_at = Timestamptz()


class RoleRow(Table, tablename="roles", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    name = Text()
    description = Text(default="")
    permissions = Array(base_column=Text())
    built_in = Boolean(default=False)
    version = Integer(default=1)


class RoleParentRow(Table, tablename="role_parents", db=ENGINE):
    tenant_id = UUID(default=None)
    role_id = UUID(primary_key=True, default=None)
    parent_id = UUID(default=None)


class MembershipRoleRow(Table, tablename="membership_roles", db=ENGINE):
    tenant_id = UUID(default=None)
    membership_id = UUID(primary_key=True, default=None)
    role_id = UUID(default=None)


class ApiTokenRow(Table, tablename="api_tokens", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    name = Text()
    token_hash = Bytea()
    permissions = Array(base_column=Text())
    created_by = UUID(default=None)
    created_at = Timestamptz()
    last_used_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class IdempotencyKeyRow(Table, tablename="idempotency_keys", db=ENGINE):
    tenant_id = UUID(default=None)
    key = Text(primary_key=True)
    actor_id = UUID(default=None)
    request_hash = Bytea()
    status = Integer(null=True, default=None)
    body = Bytea(null=True, default=None)
    created_at = Timestamptz()


class AuditRow(Table, tablename="audit_log", db=ENGINE):
    tenant_id = UUID(default=None)
    seq = BigInt(primary_key=True, null=True, default=None)
    txid = BigInt()
    at = Timestamptz()
    actor_id = UUID(null=True, default=None)
    actor_kind = Text()
    action = Text()
    subject_type = Text(default="")
    subject_id = Text(default="")
    outcome = Text(default="done")
    phi = Boolean(default=False)
    detail = JSONB()


class AuditSealRow(Table, tablename="audit_seals", db=ENGINE):
    tenant_id = UUID(default=None)
    number = BigInt(primary_key=True)
    from_txid = BigInt()
    before_txid = BigInt()
    row_count = Integer()
    row_hashes = Bytea()
    previous_hash = Bytea()
    hash = Bytea()
    sealed_at = Timestamptz()


class OutboxRow(Table, tablename="outbox", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    kind = Text()
    workflow = Text(default="")
    workflow_id = Text()
    task_queue = Text(default="core")
    name = Text(default="")
    payload = JSONB()
    signal_payload = JSONB(null=True, default=None)
    created_at = Timestamptz()
    next_attempt_at = Timestamptz()
    attempts = Integer(default=0)
    delivered_at = Timestamptz(null=True, default=None)
    refused = Text(null=True, default=None)
