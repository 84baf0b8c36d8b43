"""The month-end forecast of care: past months, daily scores, backtests. The schema itself is `sql/97_forecast.sql`."""

from piccolo.columns import JSONB, UUID, Array, Boolean, Date, Integer, Real, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class CarePaceRow(Table, tablename="care_paces", db=ENGINE):
    tenant_id = UUID(default=None)
    month = Date()
    enrolment_id = UUID(primary_key=True, default=None)
    client_id = UUID(default=None)
    coordinator_id = UUID(null=True, default=None)
    programme = Text()
    first_seconds = Integer()
    seconds = Integer()
    sessions = SmallInt()
    reached = Boolean()
    days = Array(base_column=Integer())
    recorded = Boolean(default=True)
    gathered_at = Timestamptz()


class CareScoreRow(Table, tablename="care_scores", db=ENGINE):
    tenant_id = UUID(default=None)
    day = Date()
    enrolment_id = UUID(primary_key=True, default=None)
    month = Date()
    client_id = UUID(default=None)
    coordinator_id = UUID(null=True, default=None)
    programme = Text()
    seconds = Integer()
    projected_seconds = Integer()
    low_seconds = Integer()
    high_seconds = Integer()
    thresholds = Array(base_column=Integer())
    chances = Array(base_column=Real())
    chance = Real()
    gap_seconds = Integer()
    suggested = Text()
    reasons = Array(base_column=Text())
    days_left = SmallInt()
    formula = Text()
    made_at = Timestamptz()


class CareForecastDayRow(Table, tablename="care_forecast_days", db=ENGINE):
    tenant_id = UUID(default=None)
    day = Date(primary_key=True, default=None)
    made_at = Timestamptz()


class CareBacktestRow(Table, tablename="care_backtests", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    made_at = Timestamptz()
    formula = Text()
    months = Array(base_column=Date())
    patients = Integer()
    better = Boolean()
    figures = JSONB()
    learned = JSONB()
