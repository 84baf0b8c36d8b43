"""Work items with their history, notes and form drafts. The schema itself is `sql/60_work.sql`; a test holds the two together."""

from piccolo.columns import JSONB, UUID, Array, Bytea, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class WorkItemRow(Table, tablename="work_items", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    key = Text()
    kind = Text()
    title = Text()
    detail = JSONB()
    permission = Text(default="")
    subject_type = Text(default="")
    subject_id = UUID(null=True, default=None)
    workflow_id = Text(default="")
    priority = SmallInt(default=3)
    status = Text(default="open")
    owner_id = UUID(null=True, default=None)
    due_at = Timestamptz()
    follow_up_at = Timestamptz(null=True, default=None)
    return_comment = Bytea(null=True, default=None)
    decision = Text(default="")
    comment = Bytea(null=True, default=None)
    created_at = Timestamptz()
    taken_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    finished_by = UUID(null=True, default=None)
    return_to = UUID(null=True, default=None)
    excluded = Array(base_column=UUID())
    skill = Text(default="")
    skill_level = SmallInt(default=1)
    team_id = UUID(null=True, default=None)
    client_id = UUID(null=True, default=None)
    start_by = Timestamptz(null=True, default=None)
    start_warn_at = Timestamptz(null=True, default=None)
    due_warn_at = Timestamptz(null=True, default=None)
    escalate_at = Timestamptz(null=True, default=None)
    alarm_at = Timestamptz(null=True, default=None)
    clock_source = Text(default="")
    float_id = UUID(null=True, default=None)
    float_from = UUID(null=True, default=None)
    version = Integer(default=1)


class WorkItemEventRow(Table, tablename="work_item_events", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    work_item_id = UUID(default=None)
    at = Timestamptz()
    actor_id = UUID(null=True, default=None)
    actor_name = Text(default="")
    kind = Text()
    detail = Text(default="")


class NoteRow(Table, tablename="notes", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    subject_type = Text()
    subject_id = UUID(default=None)
    body = Bytea()
    author_id = UUID(default=None)
    author_name = Text()
    created_at = Timestamptz()


class DraftRow(Table, tablename="drafts", db=ENGINE):
    tenant_id = UUID(default=None)
    user_id = UUID(default=None)
    form = Text(primary_key=True)
    body = Bytea()
    saved_at = Timestamptz()
