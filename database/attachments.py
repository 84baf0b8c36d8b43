"""Files that people attach, and their removals. The schema itself is `sql/89_attachments.sql`."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class AttachmentRow(Table, tablename="attachments", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    subject_type = Text()
    subject_id = UUID(default=None)
    name = Bytea()
    media_type = Text()
    sha256 = Bytea()
    size = Integer()
    body = Bytea()
    added_by = UUID(default=None)
    added_by_name = Text()
    created_at = Timestamptz()


class AttachmentRemovalRow(Table, tablename="attachment_removals", db=ENGINE):
    tenant_id = UUID(default=None)
    attachment_id = UUID(primary_key=True, default=None)
    reason = Bytea()
    removed_by = UUID(default=None)
    removed_by_name = Text()
    removed_at = Timestamptz()
