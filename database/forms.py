"""Task forms, their versions and answers, custom fields and their values. The schema itself is `sql/89_forms.sql`."""

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class TaskFormRow(Table, tablename="task_forms", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    kind = Text()
    decision = Text(default="")
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class TaskFormVersionRow(Table, tablename="task_form_versions", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    form_id = UUID(default=None)
    number = Integer()
    status = Text(default="draft")
    schema = JSONB()
    effective_from = Date(null=True, default=None)
    reason = Text(default="")
    saved_by_name = Text(default="")
    saved_at = Timestamptz()
    published_by_name = Text(default="")
    published_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class TaskAnswerRow(Table, tablename="task_answers", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    work_item_id = UUID(default=None)
    form_version_id = UUID(default=None)
    answers = Bytea()
    answered_by = UUID(null=True, default=None)
    answered_by_name = Text(default="")
    answered_at = Timestamptz()


class CustomFieldRow(Table, tablename="custom_fields", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    subject_type = Text()
    code = Text()
    name = Text()
    hint = Text(default="")
    type = Text()
    choices = Array(base_column=Text())
    required = Boolean(default=False)
    phi = Boolean(default=False)
    place = SmallInt(default=0)
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)


class CustomValueRow(Table, tablename="custom_values", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    subject_type = Text()
    subject_id = UUID(default=None)
    field_id = UUID(default=None)
    plain = JSONB(null=True, default=None)
    sealed = Bytea(null=True, default=None)
    set_by_name = Text(default="")
    set_at = Timestamptz()
