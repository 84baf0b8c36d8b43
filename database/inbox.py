"""Who watches an item, whom a note names, saved views and bulk runs.

The schema itself is `sql/85_inbox.sql`; a test holds the two together.
"""

from piccolo.columns import JSONB, UUID, Array, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class WorkWatcherRow(Table, tablename="work_watchers", db=ENGINE):
    tenant_id = UUID(default=None)
    work_item_id = UUID(primary_key=True, default=None)
    user_id = UUID(default=None)
    since = Timestamptz()


class NoteMentionRow(Table, tablename="note_mentions", db=ENGINE):
    tenant_id = UUID(default=None)
    note_id = UUID(primary_key=True, default=None)
    user_id = UUID(default=None)


class WorkViewRow(Table, tablename="work_views", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    owner_id = UUID(default=None)
    team_id = UUID(null=True, default=None)
    filter = JSONB()
    columns = Array(base_column=Text())
    ordering = Text()
    grouping = Text(default="")
    version = Integer(default=1)


class WorkRunRow(Table, tablename="work_runs", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    act = Text()
    orders = Bytea()
    status = Text(default="running")
    total = Integer(default=0)
    done = Integer(default=0)
    refused = Integer(default=0)
    permissions = Array(base_column=Text())
    policy_version = Integer()
    started_by = UUID(default=None)
    started_by_name = Text()
    started_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)


class WorkRunItemRow(Table, tablename="work_run_rows", db=ENGINE):
    tenant_id = UUID(default=None)
    run_id = UUID(primary_key=True, default=None)
    place = Integer()
    work_item_id = UUID(default=None)
    code = Text(null=True, default=None)
    message = Text(default="")
