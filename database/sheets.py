"""Spreadsheets that were brought: files, rows, remembered headings, paycodes. The schema itself is `sql/9a_sheets.sql`."""

from piccolo.columns import JSONB, UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class SheetImportRow(Table, tablename="sheet_imports", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Bytea(null=True, default=None)
    sha256 = Bytea()
    body = Bytea()
    headings_row = Integer(null=True, default=None)
    mapping = JSONB()
    given = JSONB()
    status = Text(default="draft")
    added = Integer(default=0)
    changed = Integer(default=0)
    same = Integer(default=0)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    taken_at = Timestamptz(null=True, default=None)
    kind = Text()
    total = Integer(default=0)
    done = Integer(default=0)
    refused = Integer(default=0)
    left_out = Integer(default=0)
    started_by = UUID(null=True, default=None)
    taking_at = Timestamptz(null=True, default=None)


class SheetImportRowRow(Table, tablename="sheet_import_rows", db=ENGINE):
    tenant_id = UUID(default=None)
    import_id = UUID(primary_key=True, default=None)
    place = Integer()
    facts = Bytea()
    outcome = Text(null=True, default=None)
    code = Text(default="")
    message = Bytea(null=True, default=None)
    subject_id = UUID(null=True, default=None)


class SheetHeadingRow(Table, tablename="sheet_headings", db=ENGINE):
    tenant_id = UUID(default=None)
    kind = Text(primary_key=True, default="")
    heading = Bytea()
    field = Text()


class CarePaycodeRow(Table, tablename="care_paycodes", db=ENGINE):
    tenant_id = UUID(default=None)
    code = Text(primary_key=True, default="")
    credential = Text()
    job_title = Text(default="")
    version = Integer(default=1)
