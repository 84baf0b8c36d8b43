"""Columns that tables of processes have in common: the events of any, and what moves something from hand to hand."""

from piccolo.columns import UUID, Array, Bytea, Date, Integer, Text, Timestamptz

from database.identity import time_ordered_id


class ProcessEvents:
    """A table of events as `ProcessRows` writes them, beside the column that names the process."""

    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    key = Text()
    kind = Text()
    summary = Text()
    actor_id = UUID(null=True, default=None)
    actor_name = Text(default="")
    at = Timestamptz()


class Moves:
    """A table of moves, of work or of patients."""

    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    reference = Text()
    mode = Text()
    until = Date(null=True, default=None)
    reason = Bytea()
    end_reason = Bytea(null=True, default=None)
    requested_by = UUID(default=None)
    approval_id = UUID(null=True, default=None)
    state = Text(default="planned")
    visited = Array(base_column=Text())
    outcome = Text(default="")
    ring_at = Timestamptz(null=True, default=None)
    total = Integer(default=0)
    done = Integer(default=0)
    refused = Integer(default=0)
    back = Integer(default=0)
    created_at = Timestamptz()
    moved_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class MovedRows:
    """What becomes of each row of a move; null: not yet, empty: done, else why not."""

    tenant_id = UUID(default=None)
    place = Integer()
    code = Text(null=True, default=None)
    message = Text(default="")
    back_code = Text(null=True, default=None)
    back_message = Text(default="")
