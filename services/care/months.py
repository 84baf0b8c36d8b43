"""Months of care: closed, reopened by approval, and how far each has come."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from activities.approvals.opening import fresh_key, request_approval
from activities.care.month_freezing import ended_everywhere, must_have_ended, zones_of
from activities.care.month_rows import lock_month
from activities.care.month_settling import REOPEN
from activities.care.month_starting import begin_close
from database.care_months import SAID
from database.session import Session
from domain.care.closing import OUTCOMES, PROCESS, TRANSITIONS, Event, Outcome, Step, following, visited
from domain.care.exceptions import FINDINGS, WARNINGS, Told
from domain.process_model import draw
from domain.refusals import FieldError, Invalid, NotFound
from policies.permissions import Permission
from services import door
from services.care.month_views import FindingCount, MonthLine, MonthNews, MonthView, OutcomeCount
from services.clientele import checks
from services.clientele.checks import Faults

MONTHS_BACK = 13
SUBJECT = "care_month"
_ROW = """
SELECT m.*, coalesce(u.name, '') AS started_by_name, a.id AS approval_id, coalesce(a.reference, '') AS approval_reference
FROM care_months m LEFT JOIN users u ON u.id = m.started_by
LEFT JOIN LATERAL (SELECT id, reference FROM approvals x WHERE x.tenant_id = m.tenant_id AND x.subject_id = m.id
    AND x.kind = 'month_reopening' AND x.state IN ('asked', 'waiting', 'approved') LIMIT 1) a ON true
WHERE m.tenant_id = current_tenant()
"""
_COUNTS = """
SELECT outcome, count(*)::int AS patients, coalesce(sum(charge_cents), 0)::bigint AS cents,
    coalesce(sum(seconds), 0)::bigint AS seconds
FROM care_patient_months WHERE tenant_id = current_tenant() AND care_month_id = $1 AND NOT superseded GROUP BY outcome
"""
_FINDINGS = """
SELECT f AS code, count(*)::int AS patients FROM care_patient_months p,
    LATERAL jsonb_array_elements_text(p.snapshot -> 'findings') f
WHERE p.tenant_id = current_tenant() AND p.care_month_id = $1 AND p.outcome = 'exception' AND NOT p.superseded
    AND f <> ALL (p.accepted) GROUP BY f
"""
_WARNINGS = """
SELECT w AS code, count(*)::int AS patients FROM care_patient_months p,
    LATERAL jsonb_array_elements_text(p.snapshot -> 'warnings') w
WHERE p.tenant_id = current_tenant() AND p.care_month_id = $1 AND p.outcome IN ('billable', 'billed')
    AND NOT p.superseded GROUP BY w
"""


@door.query(Permission.CARE_BILLING)
async def list_months(session: Session) -> list[MonthLine]:
    """Months that were closed or can be, the newest first; of those that nobody has begun the last thirteen at most."""
    rows = await session.fetch(f"{_ROW} ORDER BY m.month DESC")
    first = await session.value(
        "SELECT min(consented_on) FROM care_enrolments WHERE tenant_id = current_tenant()"
    )
    known = {row["month"]: _line(row) for row in rows}
    month = datetime.now(UTC).date().replace(day=1)
    for _ in range(MONTHS_BACK):
        if first is not None and month >= first.replace(day=1) and month not in known:
            known[month] = MonthLine(key_of(month), month)
        month = (month - timedelta(days=1)).replace(day=1)
    zones = await zones_of(session)
    lines = [_with_ways(zones, one) for one in known.values()]
    return sorted(lines, key=lambda one: one.month, reverse=True)


@door.query(Permission.CARE_BILLING)
async def get_month(session: Session, key: str) -> MonthView:
    """A month by its year and month (2026-10) or its id, with what its patients came to."""
    return await shown(session, await row_of(session, key))


async def shown(session: Session, row: Any) -> MonthView:
    """A row of _ROW as a view."""
    counts = {one["outcome"]: one for one in await session.fetch(_COUNTS, row["id"])}
    line = _with_ways(await zones_of(session), _line(row, _begun_with(row, counts)))
    outcomes = [
        OutcomeCount(
            one.value,
            *OUTCOMES[one],
            counts[one.value]["patients"],
            counts[one.value]["cents"],
            counts[one.value]["seconds"],
        )
        for one in Outcome
        if one.value in counts
    ]
    findings = _counted(FINDINGS, await session.fetch(_FINDINGS, row["id"]))
    warnings = _counted(WARNINGS, await session.fetch(_WARNINGS, row["id"]))
    history = await history_of(session, row["id"])
    events = [one.event for one in history if one.revision == row["revision"]]
    drawn = draw(PROCESS, row["step"], visited(Step(row["step"]), events))
    return MonthView(line, outcomes, findings, warnings, history, drawn)


def _counted(known: Mapping[str, Told], rows: Sequence[Any]) -> list[FindingCount]:
    """How many patients each names, in the order in which they are declared."""
    found = {row["code"]: row["patients"] for row in rows}
    return [
        FindingCount(str(code), told.label, told.what_to_do, found[str(code)])
        for code, told in known.items()
        if str(code) in found
    ]


@door.command(Permission.CARE_CLOSE)
async def close_month(session: Session, key: str, *, release: bool = False) -> MonthLine:
    """Close a month that has ended everywhere, or close it again after it was reopened. With `release` clean claims go
    on to their payers without being released by hand; that needs the right to submit claims."""
    if release:
        door.also(session, Permission.CLAIMS_SUBMIT)
    month = month_of(key) if len(key) == len("2026-10") else (await row_of(session, key))["month"]
    await must_have_ended(session, month)
    identifier = await begin_close(session, month, release=release)
    return _line(await session.row(f"{_ROW} AND m.id = $1", identifier))


@door.command(Permission.CARE_CLOSE)
async def ask_reopening(session: Session, key: str, reason: str) -> MonthLine:
    """Ask for a closed month to be reopened: a manager decides. Its time can be changed then, and it is closed again."""
    words = checks.clean(reason)
    faults = Faults("care_month")
    faults.text("reason", words, checks.REASON_LONGEST)
    if not words:
        faults.add("reason", "reason.missing", "Say why the month must be changed.")
    faults.refuse()
    row = await lock_month(session, (await row_of(session, key))["id"])
    following(Step(row["step"]), Event.REOPENED)
    asker = session.actor.user_id
    assert asker is not None  # programs act for a person too
    await request_approval(
        session,
        key=await fresh_key(session, f"care_month:{row['id']}:{row['revision']}"),
        kind="month_reopening",
        subject_type=SUBJECT,
        subject_id=row["id"],
        summary=f"Reopen {row['month']:%B %Y}, closed for {row['total']} patients",
        requester_id=asker,
        reason=words,
        effect=REOPEN,
    )
    return _line(await session.row(f"{_ROW} AND m.id = $1", row["id"]))


async def history_of(
    session: Session, month_id: UUID, patient_month_ids: list[UUID] | None = None
) -> list[MonthNews]:
    """What happened to a month, the newest first; with ids, to these patients' months. Reasons are read only for those
    who manage care: billing does not need them."""
    said = "e.said" if Permission.CARE_MANAGE in session.actor.permissions else "NULL::bytea AS said"
    rows = await session.fetch(
        f"SELECT e.at, e.event, e.revision, e.actor_name, {said} FROM care_month_events e"
        " WHERE e.tenant_id = current_tenant() AND e.care_month_id = $1"
        " AND ($2::uuid[] IS NULL AND e.patient_month_id IS NULL OR e.patient_month_id = ANY($2))"
        " ORDER BY e.id DESC LIMIT 200",
        month_id,
        patient_month_ids,
    )
    key = await session.key()
    return [
        MonthNews(
            row["at"],
            row["event"],
            _NEWS.get(row["event"], row["event"]),
            row["revision"],
            row["actor_name"],
            key.open(SAID, row["said"]).decode() if row["said"] else "",
        )
        for row in rows
    ]


_NEWS = {
    "started": "Close begun",
    "started_by_schedule": "Close begun by schedule",
    "frozen": "Time locked",
    "exceptions_found": "Computed, with exceptions",
    "settled": "Closed",
    "reopened": "Reopened",
    "excluded": "Excluded",
    "let_stand": "Let stand",
    "computed_again": "Computed again",
}


def key_of(month: date) -> str:
    """A month as addresses name it: 2026-10."""
    return f"{month:%Y-%m}"


def month_of(key: str) -> date:
    """The first day of a month named as 2026-10; the refusal of anything else."""
    try:
        month = date.fromisoformat(f"{key}-01")
    except ValueError:
        month = date.min
    if not 2020 <= month.year <= 2100:
        words = "Name the year and the month, such as 2026-10."
        fault = FieldError("month", "month.unknown", words)
        raise Invalid("care_month.unknown", "There is no such month.", words, fields=(fault,))
    return month


async def row_of(session: Session, key: str) -> Any:
    """The month's row by its name or its id; NotFound where nobody has begun to close it."""
    try:
        row = await session.row(f"{_ROW} AND m.id = $1", UUID(key))
    except ValueError:
        row = await _by_name(session, key)
    if row is None:
        raise NotFound(
            "not_found",
            "This month has not been closed.",
            "Close it under Care, Month-end, once it has ended.",
        )
    return row


async def _by_name(session: Session, key: str) -> Any:
    try:
        month = month_of(key)
    except Invalid:
        return None  # what names no month names none that was closed
    return await session.row(f"{_ROW} AND m.month = $1", month)


def _begun_with(row: Any, counts: Mapping[str, Any]) -> int:
    """The patients that a running close has got through, to the last one: the month's own count lags a portion behind."""
    left = sum(counts[one]["patients"] for one in (Outcome.WAITING, Outcome.BILLABLE) if one in counts)
    return int(row["total"] - left) if row["step"] == Step.COMPUTING else int(row["done"])


def _line(row: Any, done: int | None = None) -> MonthLine:
    done = row["done"] if done is None else done
    stage = TRANSITIONS[Step(row["step"])]
    same = ("id", "month", "step", "frozen", "revision", "total", "started_at", "closed_at")
    approval = ("approval_id", "approval_reference")
    return MonthLine(
        key=key_of(row["month"]),
        **{name: row[name] for name in (*same, *approval)},
        step_label=stage.label,
        tone=stage.tone,
        done=done,
        seconds_left=_seconds_left(row, done),
        started_by=row["started_by_name"],
        by_schedule=row["by_schedule"],
    )


def _seconds_left(row: Any, done: int) -> int | None:
    """By the pace of the patients done so far."""
    if row["step"] != Step.COMPUTING or not done or row["computing_at"] is None:
        return None
    spent = (datetime.now(UTC) - row["computing_at"]).total_seconds()
    return round(spent / done * (row["total"] - done))


def _with_ways(zones: Sequence[str], line: MonthLine) -> MonthLine:
    """With what may be done now: a month can be closed when it has ended everywhere and is not closed already."""
    if line.step not in ("", Step.REOPENED):
        return line
    ends = ended_everywhere(zones, line.month)
    return replace(line, may_close=datetime.now(UTC) >= ends, closes_from=ends)
