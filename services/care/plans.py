"""Care plans: read with what they lack, stored as a new version with what changed and why, compared, brought back."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from database.care_plans import BODY, WHY
from database.session import Session
from domain.care.enrolment import CONSENTED, Event, Step
from domain.care.plan import CarePlan, as_json, plan_of
from domain.care.plan_changes import compared
from domain.care.plan_checks import LONGEST_CELL, REVIEW_WITHIN, faults_of, tidied
from domain.refusals import Conflict, FieldError, Invalid, NotFound, Stale
from policies.permissions import Permission
from services import door
from services.care import plan_rows
from services.care.enrolments import tell_event
from services.care.plan_rows import PlanComparison, PlanView, difference_of, line_of, shown
from services.care.scope import mine
from services.clientele import checks

_INSERT = """
INSERT INTO care_plans (tenant_id, enrolment_id, patient_id, version, body, why, restores, complete, stored_on, review_on,
    stored_by, stored_by_name, in_force_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def get_plan(session: Session, id: UUID, version: int | None = None) -> PlanView:
    """The newest version of a patient's plan, or the one asked for; version 0 and empty while there is none."""
    row = await mine(session, id)
    if version:
        await _version(session, id, version)
    return await shown(session, row, version)


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def compare_plans(session: Session, id: UUID, before: int, after: int) -> PlanComparison:
    """Two versions side by side, element by element."""
    await mine(session, id)
    old, new = [await _version(session, id, number) for number in (before, after)]
    key = await session.key()
    found = compared(*(plan_of(key.open_json(BODY, one["body"])) for one in (old, new)))
    return PlanComparison(line_of(key, old), line_of(key, new), [difference_of(one) for one in found])


async def _answer(session: Session, id: UUID) -> PlanView:
    return await shown(session, await mine(session, id), None)


@door.answering(Permission.CARE_RECORD, _answer, of="care_enrolments")
async def store_plan(
    session: Session,
    id: UUID,
    plan: CarePlan,
    why: str = "",
    expected_version: int | None = None,
    in_force_on: date | None = None,
) -> UUID:
    """Store the next version. From the second on `why` is needed. A version with gaps is kept and takes nobody into care;
    `expected_version` is the one that was being revised.

    It holds from today at the practice, or from `in_force_on` where it was agreed before it is stored; then `why` is needed
    too, and both days stay visible."""
    row = await mine(session, id)
    since = in_force_on if in_force_on != row["today_there"] else None
    await _store(session, row, plan, why, expected_version, since=since)
    return id


@door.answering(Permission.CARE_RECORD, _answer, of="care_enrolments")
async def restore_plan(session: Session, id: UUID, version: int, why: str, review_on: date) -> UUID:
    """Bring an old version back as the newest, with a review day of its own."""
    row = await mine(session, id)
    old = await _version(session, id, version)
    plan = plan_of((await session.key()).open_json(BODY, old["body"]))
    await _store(session, row, replace(plan, review_on=review_on), why, None, restores=version)
    return id


async def _store(
    session: Session,
    row: Any,
    plan: CarePlan,
    why: str,
    expected: int | None,
    *,
    restores: int | None = None,
    since: date | None = None,
) -> None:
    if Step(row["step"]) not in CONSENTED:
        raise Conflict(
            "care_plan.not_now",
            "This patient has not consented, or has left the programme.",
            "Record the consent first; what is typed stays as your draft.",
        )
    # Versions are numbered one at a time.
    await session.execute("SELECT 1 FROM care_enrolments WHERE id = $1 FOR UPDATE", row["id"])
    last, plan = await plan_rows.last(session, row["id"]), tidied(plan)
    reason = _checked(plan, why, last, since, row["today_there"])
    await _must_revise(session, plan, last, expected)
    complete = not plan_rows.gaps_of(plan, row)
    had_complete = await session.value(
        "SELECT 1 FROM care_plans WHERE enrolment_id = $1 AND complete LIMIT 1", row["id"]
    )
    version = last["version"] + 1 if last else 1
    await _insert(session, row, plan, (version, restores, complete, since), reason)
    if complete:
        event = Event.REVISED if had_complete else Event.PLANNED
        await tell_event(session, row, event, {"version": version, "review_on": plan.review_on})


async def _must_revise(session: Session, plan: CarePlan, last: Any, expected: int | None) -> None:
    """Refuse what was written without knowing the newest version, and what says nothing new."""
    if expected is not None and expected != (last["version"] if last else 0):
        raise Stale(
            "care_plan.stale",
            "Somebody stored another version meanwhile.",
            "Compare the two, then store yours again.",
        )
    if last and plan_of((await session.key()).open_json(BODY, last["body"])) == plan:
        raise Conflict("care_plan.unchanged", "Nothing was changed.", "Change what is to change first.")


async def _insert(
    session: Session, row: Any, plan: CarePlan, about: tuple[int, int | None, bool, date | None], reason: str
) -> None:
    """Append the row; `about` is its version, the version that it brings back, whether it is complete, and the day before
    today from which it holds."""
    key = await session.key()
    version, restores, complete, since = about
    await session.execute(
        _INSERT,
        session.tenant_id,
        row["id"],
        row["patient_id"],
        version,
        key.seal_json(BODY, as_json(plan)),
        key.seal(WHY, reason.encode()) if reason else None,
        restores,
        complete,
        row["today_there"],
        plan.review_on,
        session.actor.user_id,
        session.actor.name,
        since,
    )


def _checked(plan: CarePlan, why: str, last: Any, since: date | None, today: date) -> str:
    """The reason, once nothing stands against keeping the plan."""
    faults = list(faults_of(plan))
    reason = checks.clean(why)
    if since and not today - REVIEW_WITHIN <= since < today:
        faults.append(
            FieldError("in_force_on", "date.impossible", "Enter a day that has come, within the last year.")
        )
    if last and not reason:
        faults.append(FieldError("why", "why.missing", "Say why the plan is changed."))
    elif since and not reason:
        words = "Say why it holds from a day before it is stored."
        faults.append(FieldError("why", "why.missing", words))
    elif len(reason) > LONGEST_CELL or not reason.isprintable():
        faults.append(
            FieldError("why", "text.too_long", f"Use at most {LONGEST_CELL} characters of plain text.")
        )
    if faults:
        raise Invalid(
            "care_plan.invalid",
            "The plan cannot be stored like this.",
            "Mend the fields that are named; what was typed is kept.",
            fields=tuple(faults),
        )
    return reason


async def _version(session: Session, enrolment_id: UUID, version: int) -> Any:
    row = await session.row(
        f"{plan_rows.SELECT} AND p.enrolment_id = $1 AND p.version = $2", enrolment_id, version
    )
    if row is None:
        raise NotFound("not_found", "There is no such version of this plan.", "Choose one of its versions.")
    return row
