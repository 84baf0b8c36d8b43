"""Finding a patient in care by what is typed, among those whom the asker looks after."""

from database.session import Session
from policies.permissions import Permission
from services import door
from services.care.scope import ROW, rosters
from services.care.views import CareLine, line_of
from services.clientele.patient_rows import matching

MOST = 12


@door.query(Permission.CARE_VIEW, phi=True)
async def find_in_care(session: Session, text: str) -> list[CareLine]:
    """At most 12 enrolments that match everything typed: beginnings of names, a birth date, a member id or an account
    number. Those that have ended come last."""
    if not text.strip():
        return []
    key = await session.key()
    where, arguments = matching(key, text)
    mine = await rosters(session)
    rows = await session.fetch(
        "SELECT e.id FROM patients p JOIN care_enrolments e ON e.tenant_id = p.tenant_id AND e.patient_id = p.id"
        f" WHERE {' AND '.join(where)} AND (${len(arguments) + 1}::uuid[] IS NULL"
        f" OR e.coordinator_id = ANY(${len(arguments) + 1})) ORDER BY (e.step = 'ended'), e.id DESC LIMIT {MOST}",
        *arguments,
        mine,
    )
    found = await session.fetch(f"{ROW} AND e.id = ANY($2)", mine, [row["id"] for row in rows])
    lines = [line_of(key, row) for row in found]
    return sorted(lines, key=lambda one: (one.step == "ended", one.patient_name))
