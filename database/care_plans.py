"""Care plans in their versions, and targets of coordinators. The schema itself is `sql/93_care_plans.sql`, with
`sql/9la_plan_days.sql`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID as Identifier

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id
from database.session import Session
from domain.care.plan import ELEMENTS, plan_of

BODY = "care_plans.body"
WHY = "care_plans.why"


class CarePlanRow(Table, tablename="care_plans", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    enrolment_id = UUID(default=None)
    patient_id = UUID(default=None)
    version = Integer()
    body = Bytea()
    why = Bytea(null=True, default=None)
    restores = Integer(null=True, default=None)
    complete = Boolean()
    stored_on = Date()
    in_force_on = Date(null=True, default=None)
    review_on = Date(null=True, default=None)
    stored_by = UUID(null=True, default=None)
    stored_by_name = Text()
    stored_at = Timestamptz()


class CareTargetRow(Table, tablename="care_targets", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    user_id = UUID(null=True, default=None)
    team_id = UUID(null=True, default=None)
    since = Date()
    minutes = Integer()
    reached_percent = Integer()
    set_by = UUID(default=None)
    set_at = Timestamptz()


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The plan that holds for an enrolment on a day. `diagnoses` are the codes of its problem list (PHI), the most
    important first, without points; `elements` those of `domain.care.plan.ELEMENTS` that say something; `stored_on`,
    `review_on` and `in_force_on`, from which it holds where that is before it was stored, are days at the practice."""

    id: Identifier
    version: int
    stored_on: date
    review_on: date | None
    complete: bool
    diagnoses: tuple[str, ...]
    elements: tuple[str, ...]
    in_force_on: date | None = None


# A complete version stays in force until the next complete one: a half-written revision takes nothing away.
_IN_FORCE = """
SELECT DISTINCT ON (enrolment_id) enrolment_id, id, version, stored_on, in_force_on, review_on, complete, body
FROM care_plans
WHERE tenant_id = current_tenant() AND enrolment_id = ANY($1) AND coalesce(in_force_on, stored_on) <= $2
ORDER BY enrolment_id, complete DESC, version DESC
"""


async def plans_in_force(
    session: Session, enrolment_ids: Sequence[Identifier], on: date
) -> dict[Identifier, PlanInForce]:
    """The plan of each enrolment on a day, in one query; enrolments without any plan are left out."""
    rows = await session.fetch(_IN_FORCE, list(enrolment_ids), on)
    key = await session.key()
    found = {}
    for row in rows:
        plan = plan_of(key.open_json(BODY, row["body"]))
        found[row["enrolment_id"]] = PlanInForce(
            row["id"],
            row["version"],
            row["stored_on"],
            row["review_on"],
            row["complete"],
            tuple(one.code for one in plan.problems),
            tuple(name for name in ELEMENTS if getattr(plan, name)),
            row["in_force_on"],
        )
    return found
