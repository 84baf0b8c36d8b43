"""The entries behind the manager's figures, and what of care is past its time."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from activities.care.reckoning import month_at, reckoned
from database.care_reads import practices_of
from database.clientele_phi import open_person
from database.session import Session
from domain.care.activities import ACTIVITIES, SOURCES, Source
from domain.care.month import Month
from domain.care.team import spent_on
from domain.paging import PAGE, Page, encode_cursor, moment_in, page_size
from domain.work_kinds import KINDS, Kind
from policies.permissions import Permission
from services import door
from services.care.team_reading import first_of, today_of
from services.care.team_views import Escalation, TeamEntry
from services.clientele.patient_rows import full_name

MOST_LATE = 200
_CARE = [kind.value for kind in Kind if kind.value.startswith("care_")]
# The month and the day of an entry are those of its practice: the wide range is for the index alone.
_ENTRIES = """
SELECT t.id, t.enrolment_id, t.patient_id, t.staff_id, t.staff_name, t.activity, t.starts_at, t.ends_at, t.source,
    e.client_id, p.person, p.account_number, coalesce(w.zone, c.time_zone) AS zone
FROM care_time_entries t
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
JOIN patients p ON p.tenant_id = t.tenant_id AND p.id = t.patient_id
JOIN tenants c ON c.id = t.tenant_id
LEFT JOIN care_practices w ON w.tenant_id = e.tenant_id AND w.client_id = e.client_id
LEFT JOIN employees m ON m.tenant_id = t.tenant_id AND m.user_id = t.staff_id
WHERE t.tenant_id = current_tenant() AND NOT t.void
    AND NOT EXISTS (SELECT 1 FROM care_time_entries s WHERE s.tenant_id = t.tenant_id AND s.supersedes = t.id)
    AND t.starts_at >= $1::date - interval '2 days' AND t.starts_at < $2::date + interval '2 days'
    AND ((t.ends_at - interval '1 second') AT TIME ZONE coalesce(w.zone, c.time_zone))::date >= $1
    AND (t.starts_at AT TIME ZONE coalesce(w.zone, c.time_zone))::date <= $2
    AND ($3::uuid IS NULL OR t.staff_id = $3) AND ($4::uuid IS NULL OR m.team_id = $4)
    AND ($5::timestamptz IS NULL OR (t.starts_at, t.id) < ($5, $6::uuid))
"""
_LATE = f"""
SELECT w.id, w.kind, w.title, w.due_at, u.name AS owner_name, w.subject_type, w.subject_id,
    (SELECT max(x.at) FROM work_escalations x WHERE x.tenant_id = w.tenant_id AND x.work_item_id = w.id
        AND x.stage IN ('due_breach', 'escalation')) AS escalated_at, coalesce(o.names, '{{}}') AS told
FROM work_items w LEFT JOIN users u ON u.id = w.owner_id
LEFT JOIN LATERAL (SELECT array_agg(p.name ORDER BY p.name) AS names
    FROM work_escalations_told s JOIN users p ON p.id = s.user_id
    WHERE s.tenant_id = w.tenant_id AND s.work_item_id = w.id AND s.stage IN ('due_breach', 'escalation')
        AND s.user_id IS DISTINCT FROM w.owner_id GROUP BY s.at ORDER BY s.at DESC LIMIT 1) o ON true
WHERE w.tenant_id = current_tenant() AND w.status = 'open' AND w.kind = ANY($1) AND w.due_at < now()
ORDER BY w.due_at, w.id LIMIT {MOST_LATE}
"""


@door.query(Permission.CARE_MANAGE, phi=True)
async def team_entries(
    session: Session,
    month: str = "",
    day: date | None = None,
    staff_id: UUID | None = None,
    team_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[TeamEntry]:
    """The time behind a figure: of a month or one day of it, of a person or a team; the latest first. Corrected and void
    entries are left out."""
    first = first_of(month, await today_of(session))
    last = Month(first.year, first.month, "UTC").last
    chosen = (day, day) if day and first <= day <= last else (first, last)
    size = page_size(limit)
    rows = await session.fetch(
        f"{_ENTRIES} ORDER BY t.starts_at DESC, t.id DESC LIMIT {size + 1}",
        *chosen,
        staff_id,
        team_id,
        *moment_in(cursor),
    )
    lines = await _lines(session, rows[:size], first, day)
    following = encode_cursor(lines[-1].starts_at.isoformat(), lines[-1].id) if len(rows) > size else None
    return Page(lines, following)


async def _lines(session: Session, rows: Sequence[Any], first: date, day: date | None) -> list[TeamEntry]:
    counted = await _counted(session, rows, first, day)
    key = await session.key()
    same = ("id", "enrolment_id", "account_number", "staff_id", "staff_name", "starts_at", "zone", "source")
    return [
        TeamEntry(
            **{name: row[name] for name in same},
            patient_name=full_name(open_person(key, row["person"])[0]),
            activity_label=ACTIVITIES.get(row["activity"], row["activity"]),
            seconds=int((row["ends_at"] - row["starts_at"]).total_seconds()),
            counted_seconds=counted.get(row["id"], 0),
            source_label=SOURCES[Source(row["source"])],
        )
        for row in rows
    ]


async def _counted(session: Session, rows: Sequence[Any], first: date, day: date | None) -> dict[UUID, int]:
    """What of each entry counts in the month, or on the day: each patient's month is reckoned as it would be billed."""
    patients: dict[UUID, list[UUID]] = {}
    for row in rows:
        patients.setdefault(row["client_id"], []).append(row["patient_id"])
    found: dict[UUID, int] = {}
    practices = await practices_of(session, list(patients))
    for client_id, ids in patients.items():
        key = month_at(practices[client_id], first)
        for patient_id, month in (await reckoned(session, list(dict.fromkeys(ids)), key)).items():
            # Each entry as if it were a person of its own: the same cutting at midnight serves both.
            own = {piece.entry_id: piece.entry_id for piece in month.pieces}
            for one in spent_on(patient_id, month.pieces, own, key.month):
                if day is None or one.day == day:
                    found[one.staff_id] = found.get(one.staff_id, 0) + one.seconds
    return found


@door.query(Permission.CARE_MANAGE)
async def escalations(session: Session) -> list[Escalation]:
    """The items of care that are past their time, the oldest first, with who besides their owner was told last."""
    rows = await session.fetch(_LATE, _CARE)
    return [
        Escalation(
            row["id"],
            row["kind"],
            KINDS[Kind(row["kind"])].label,
            row["title"],
            row["due_at"],
            row["owner_name"] or "",
            row["escalated_at"],
            row["told"],
            row["subject_id"] if row["subject_type"] == "care_enrolment" else None,
        )
        for row in rows
    ]
