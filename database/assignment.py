"""Assignment of patients to coordinators: profiles, optimisations, moves. The schema itself is `sql/98_assignment.sql`."""

from piccolo.columns import JSONB, UUID, Array, Bytea, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id
from database.process_columns import MovedRows, Moves, ProcessEvents


class CareProfileRow(Table, tablename="care_profiles", db=ENGINE):
    tenant_id = UUID(default=None)
    patient_id = UUID(primary_key=True, default=None)
    language = Text(default="")
    zone = Text(default="")
    state = Text(default="")
    risk = SmallInt(default=3)
    engagement = SmallInt(default=3)
    specialisation = Text(default="")
    version = Integer(default=1)


class CareCoordinatorRow(Table, tablename="care_coordinators", db=ENGINE):
    tenant_id = UUID(default=None)
    user_id = UUID(primary_key=True, default=None)
    fewest_patients = Integer(default=0)
    most_patients = Integer(default=100)
    states = Array(base_column=Text())
    version = Integer(default=1)


class CareOptimisationRow(Table, tablename="care_optimisations", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    wishes = JSONB()
    status = Text(default="running")
    phase = Text(default="")
    patients = Integer(default=0)
    coordinators = Integer(default=0)
    moves = Integer(default=0)
    milliseconds = Integer(null=True, default=None)
    found = Bytea(null=True, default=None)
    asked_by = UUID(null=True, default=None)
    asked_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)
    struck = Array(base_column=UUID(), default=list)


class CareMoveRow(Moves, Table, tablename="care_moves", db=ENGINE):
    key = Text()


class CareMovePatientRow(MovedRows, Table, tablename="care_move_rows", db=ENGINE):
    move_id = UUID(primary_key=True, default=None)
    enrolment_id = UUID(default=None)
    from_user_id = UUID(null=True, default=None)
    to_user_id = UUID(default=None)
    why = Bytea()


class CareMoveEventRow(ProcessEvents, Table, tablename="care_move_events", db=ENGINE):
    move_id = UUID(default=None)
