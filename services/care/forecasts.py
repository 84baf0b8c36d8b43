"""The forecast of the month: patients, coordinators, how right it was, and what is done about it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from activities.care.forecast_hours import hours_left
from activities.care.moving import Move, propose_move
from database.care_scores import latest_scores
from database.clientele_phi import open_person
from database.crypto import TenantKey
from database.session import Session
from domain.care.forecast_words import SUGGESTED, SURE, words_of
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care.forecast_views import (
    ChanceOf,
    CoordinatorForecast,
    ForecastDay,
    ForecastLine,
    ForecastState,
    HandOverChoice,
    MonthShare,
    PatientForecast,
)
from services.care.scope import ROW, mine, rosters
from services.care.time_rows import now
from services.clientele.patient_rows import full_name
from services.tenancy.actors import holders

WORKFLOW = "CareForecast"
MOST_MOVED = 500
ROLLING_MONTHS = 3
# One is made every morning, which may take an hour and begin an hour later where clocks change.
LATE_AFTER = timedelta(hours=26)
SHOWN_MONTHS = 6
STANDINGS = {"risk": "Not likely", "likely": "Likely", "reached": "Reached"}
ORDERS = {
    "chance": ("chance", "real", "ASC"),
    "gap": ("gap_seconds", "integer", "DESC"),
    "projected": ("projected_seconds", "integer", "ASC"),
}
"""What the list goes by: the column, its type, and whether it rises."""
_NEWEST = "SELECT max(day) FROM care_forecast_days WHERE tenant_id = current_tenant()"
_SCORES = """
s.day, s.month, s.seconds, s.projected_seconds, s.low_seconds, s.high_seconds, s.thresholds, s.chances, s.chance,
    s.gap_seconds, s.suggested, s.reasons, s.days_left, s.formula
"""
_LINES = f"""
SELECT e.*, {_SCORES} FROM ({ROW} AND ($2::uuid IS NULL OR e.coordinator_id = $2)
    AND ($3::uuid IS NULL OR e.client_id = $3)) e
JOIN care_scores s ON s.tenant_id = e.tenant_id AND s.enrolment_id = e.id AND s.day = $4
WHERE e.step <> 'ended' AND (NOT $8 OR e.coordinator_id IS NULL) AND ($5 = '' OR s.suggested = $5) AND ($6 = '' OR CASE WHEN s.gap_seconds = 0 THEN 'reached'
    WHEN s.chance < {SURE} THEN 'risk' ELSE 'likely' END = $6) AND ($7 = '' OR s.programme = $7)
"""
_COORDINATORS = f"""
SELECT e.coordinator_id, max(e.coordinator_name) AS name, count(*) AS patients,
    count(*) FILTER (WHERE s.gap_seconds = 0) AS reached, sum(s.chance)::float8 AS expected,
    count(*) FILTER (WHERE s.chance < {SURE}) AS at_risk, sum(s.seconds) AS seconds,
    sum(s.projected_seconds) AS projected_seconds,
    coalesce(sum(s.gap_seconds) FILTER (WHERE s.chance < {SURE}), 0) AS gap_seconds
FROM (SELECT e.tenant_id, e.id, e.coordinator_id, u.name AS coordinator_name FROM care_enrolments e
    LEFT JOIN users u ON u.id = e.coordinator_id WHERE e.tenant_id = current_tenant() AND e.step <> 'ended'
    AND ($1::uuid[] IS NULL OR e.coordinator_id = ANY($1))) e
JOIN care_scores s ON s.tenant_id = e.tenant_id AND s.enrolment_id = e.id AND s.day = $2
GROUP BY e.coordinator_id ORDER BY at_risk DESC, name
"""
_MONTHS = """
SELECT p.coordinator_id, p.month, count(*) AS patients, count(*) FILTER (WHERE p.reached) AS reached FROM care_paces p
WHERE p.tenant_id = current_tenant() AND p.coordinator_id = ANY($1) AND p.month >= $2
    AND p.recorded GROUP BY p.coordinator_id, p.month
ORDER BY p.month
"""


@door.query(Permission.CARE_VIEW)
async def forecast_state(session: Session) -> ForecastState:
    """Of which day the newest forecast is, for the patients that the asker sees."""
    row = await session.row(
        "SELECT day, made_at FROM care_forecast_days WHERE tenant_id = current_tenant() ORDER BY day DESC LIMIT 1"
    )
    if row is None:
        return ForecastState(None, 0, None)
    patients = await session.value(
        "SELECT count(*) FROM care_scores s JOIN care_enrolments e ON e.tenant_id = s.tenant_id AND e.id = s.enrolment_id"
        " WHERE s.tenant_id = current_tenant() AND s.day = $2 AND e.step <> 'ended'"
        " AND ($1::uuid[] IS NULL OR e.coordinator_id = ANY($1))",
        await rosters(session),
        row["day"],
    )
    return ForecastState(row["day"], patients, row["made_at"], now() - row["made_at"] > LATE_AFTER)


@door.query(Permission.CARE_VIEW, phi=True)
async def list_forecasts(
    session: Session,
    coordinator_id: UUID | None = None,
    client_id: UUID | None = None,
    suggested: str = "",
    standing: str = "",
    programme: str = "",
    order: str = "chance",
    cursor: str | None = None,
    limit: int = PAGE,
    *,
    unassigned: bool = False,
) -> Page[ForecastLine]:
    """The newest forecast of each patient, those with the least chance first; `order` gap or projected else. `unassigned`:
    those whom nobody coordinates."""
    size = page_size(limit)
    _known("standing", standing, STANDINGS)
    _known("suggested", suggested, SUGGESTED)
    column, kind, way = ORDERS[_known("order", order or "chance", ORDERS)]
    beyond = ">" if way == "ASC" else "<"
    value, after = _place(cursor)
    rows = await session.fetch(
        f"{_LINES} AND ($9::uuid IS NULL OR (s.{column}, e.id) {beyond} ($10::text::{kind}, $9))"
        f" ORDER BY s.{column} {way}, e.id {way} LIMIT {size + 1}",
        await rosters(session),
        coordinator_id,
        client_id,
        await session.value(_NEWEST),
        suggested,
        standing,
        programme,
        unassigned,
        after,
        value,
    )
    key = await session.key()
    lines = [_line(key, row) for row in rows[:size]]
    if len(rows) <= size:
        return Page(lines)
    return Page(lines, encode_cursor(str(rows[size - 1][column]), lines[-1].id))


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def patient_forecast(session: Session, id: UUID) -> PatientForecast:
    """One patient's forecast, how it went this month, and the months before."""
    row = await mine(session, id)
    found = (await latest_scores(session, [id])).get(id)
    if found is None:
        return PatientForecast(None, [], await _months_of(session, id))
    days = await session.fetch(
        "SELECT day, seconds, projected_seconds, chance FROM care_scores WHERE tenant_id = current_tenant()"
        " AND enrolment_id = $1 AND month = $2 ORDER BY day",
        id,
        found.month,
    )
    line = _line(await session.key(), {**dict(row), **{one: getattr(found, one) for one in found.__slots__}})
    return PatientForecast(line, [ForecastDay(**dict(one)) for one in days], await _months_of(session, id))


@door.query(Permission.CARE_VIEW)
async def chances_of(session: Session, enrolments: list[UUID]) -> dict[UUID, float]:
    """The chance of the first code for those of these patients that the asker sees and that are forecast."""
    rows = await session.fetch(
        "SELECT id FROM care_enrolments WHERE tenant_id = current_tenant() AND id = ANY($2)"
        " AND ($1::uuid[] IS NULL OR coordinator_id = ANY($1))",
        await rosters(session),
        enrolments,
    )
    found = await latest_scores(session, [row["id"] for row in rows])
    return {one: score.chance for one, score in found.items()}


@door.query(Permission.CARE_VIEW)
async def list_coordinator_forecasts(session: Session) -> list[CoordinatorForecast]:
    """Each coordinator whose patients the asker sees, those with most at risk first."""
    day: date | None = await session.value(_NEWEST)
    if day is None:
        return []
    rows = await session.fetch(_COORDINATORS, await rosters(session), day)
    people = [row["coordinator_id"] for row in rows if row["coordinator_id"]]
    left = await hours_left(session, people, now())
    since = _months_before(day, SHOWN_MONTHS)
    months: dict[UUID, list[MonthShare]] = {one: [] for one in people}
    for row in await session.fetch(_MONTHS, people, since):
        months[row["coordinator_id"]].append(MonthShare(row["month"], row["patients"], row["reached"]))
    return [_coordinator(row, left, months.get(row["coordinator_id"], [])) for row in rows]


@door.query(Permission.CARE_MANAGE)
async def hand_over_choices(session: Session) -> list[HandOverChoice]:
    """Who may record care, with how many patients they have and how much time they have left; the freest first."""
    people = await holders(session, {Permission.CARE_RECORD})
    rows = await session.fetch(
        "SELECT coordinator_id, count(*) AS patients FROM care_enrolments WHERE tenant_id = current_tenant()"
        " AND coordinator_id = ANY($1) AND step <> 'ended' GROUP BY coordinator_id",
        list(people),
    )
    patients = {row["coordinator_id"]: row["patients"] for row in rows}
    left = await hours_left(session, list(people), now())
    found = [HandOverChoice(one, name, patients.get(one, 0), left.get(one)) for one, name in people.items()]
    return sorted(found, key=lambda one: (-(one.left_seconds or 0), one.name))


@door.command(Permission.CARE_MANAGE)
async def forecast_now(session: Session) -> UUID:
    """Make the forecast anew now; the id of its process."""
    identifier = uuid4()
    given = {"tenant_id": str(session.tenant_id), "anew": True}
    await session.tell("start", f"{session.tenant_id}/forecast/{identifier}", "", given, workflow=WORKFLOW)
    return identifier


@door.command(Permission.CARE_MANAGE)
async def propose_handing_over(
    session: Session, enrolments: list[UUID], to_user_id: UUID, reason: str, until: date | None = None
) -> UUID:
    """Propose that patients at risk change their coordinator, for good or until a day; the id of the move. Nothing
    changes hands before somebody else has approved it."""
    if not 0 < len(set(enrolments)) <= MOST_MOVED:
        fault = FieldError("enrolments", "enrolments.count", f"Choose 1 to {MOST_MOVED} patients.")
        raise Invalid("care_forecast.nobody", "Nobody was chosen.", fault.message, fields=(fault,))
    scores = await latest_scores(session, enrolments)
    moves = [Move(one, to_user_id, _why(scores.get(one))) for one in dict.fromkeys(enrolments)]
    return await propose_move(
        session, key=f"care_forecast:{uuid4()}", moves=moves, until=until, reason=reason
    )


def _why(score: Any) -> str:
    if score is None:
        return "Not forecast yet."
    return f"{round(score.chance * 100)} % to reach the first code. {words_of(score.reasons)}"


async def _months_of(session: Session, enrolment_id: UUID) -> list[MonthShare]:
    rows = await session.fetch(
        "SELECT month, 1 AS patients, reached::int AS reached FROM care_paces WHERE tenant_id = current_tenant()"
        f" AND enrolment_id = $1 AND recorded ORDER BY month DESC LIMIT {SHOWN_MONTHS}",
        enrolment_id,
    )
    return [MonthShare(**dict(row)) for row in rows]


def _line(key: TenantKey, row: Any) -> ForecastLine:
    same = (
        "id", "patient_id", "account_number", "client_id", "client_name", "programme", "coordinator_id", "day", "month",
        "seconds", "projected_seconds", "low_seconds", "high_seconds", "gap_seconds", "chance", "suggested", "days_left",
        "formula",
    )  # fmt: skip
    return ForecastLine(
        **{name: row[name] for name in same},
        patient_name=full_name(open_person(key, row["person"])[0]),
        coordinator_name=row["coordinator_name"] or "",
        chances=[ChanceOf(*one) for one in zip(row["thresholds"], row["chances"], strict=True)],
        suggested_label=SUGGESTED[row["suggested"]],
        reasons=list(row["reasons"]),
        reason_words=words_of(row["reasons"]),
    )


def _coordinator(row: Any, left: dict[UUID, int], months: list[MonthShare]) -> CoordinatorForecast:
    lately = months[-ROLLING_MONTHS:]
    whole = sum(one.patients for one in lately)
    return CoordinatorForecast(
        row["coordinator_id"],
        row["name"] or "",
        row["patients"],
        row["reached"],
        row["expected"],
        row["at_risk"],
        row["seconds"],
        row["projected_seconds"],
        row["gap_seconds"],
        left.get(row["coordinator_id"]),
        sum(one.reached for one in lately) / whole if whole else None,
        months,
    )


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _known(name: str, value: str, known: Any) -> str:
    if value and value not in known:
        fault = FieldError(name, f"{name}.unknown", f"Choose one of: {', '.join(known)}.")
        raise Invalid("care_forecast.filter", "There is no such filter.", fault.message, fields=(fault,))
    return value


def _place(cursor: str | None) -> tuple[str | None, UUID | None]:
    """The value and the id of the last row shown."""
    if not cursor:
        return None, None
    value, identifier = decode_cursor(cursor, 2)
    try:
        return f"{float(value):.9g}", UUID(str(identifier))
    except (TypeError, ValueError):
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None
