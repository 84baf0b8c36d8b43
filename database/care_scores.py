"""The daily forecast as other rooms read it: the newest score of each enrolment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session

COLUMNS = (
    "day, enrolment_id, month, coordinator_id, programme, seconds, projected_seconds, low_seconds, high_seconds,"
    " thresholds, chances, chance, gap_seconds, suggested, reasons, days_left, formula"
)
# A score says nothing of the month after it: the newest one counts while its month is the practice's running one.
_LATEST = f"""
SELECT DISTINCT ON (enrolment_id) {COLUMNS} FROM care_scores s
JOIN tenants t ON t.id = s.tenant_id
LEFT JOIN care_practices p ON p.tenant_id = s.tenant_id AND p.client_id = s.client_id
WHERE s.tenant_id = current_tenant() AND s.enrolment_id = ANY($1) AND s.day > current_date - 40
    AND s.month = date_trunc('month', now() AT TIME ZONE coalesce(p.zone, t.time_zone))
ORDER BY enrolment_id, day DESC
"""


@dataclass(frozen=True, slots=True)
class Score:
    """What the forecast said of an enrolment on a day. Seconds are of `month`; `chances` go with `thresholds`.

    `chance` is that of the first threshold, `gap_seconds` what it lacks (0: reached), `suggested` one of call,
    hand_over, nothing; `reasons` are codes of `domain.care.forecast_words`.
    """

    day: date
    enrolment_id: UUID
    month: date
    coordinator_id: UUID | None
    programme: str
    seconds: int
    projected_seconds: int
    low_seconds: int
    high_seconds: int
    thresholds: tuple[int, ...]
    chances: tuple[float, ...]
    chance: float
    gap_seconds: int
    suggested: str
    reasons: tuple[str, ...]
    days_left: int
    formula: str


async def latest_scores(session: Session, enrolment_ids: Sequence[UUID]) -> dict[UUID, Score]:
    """The newest score of each enrolment that has one in its running month."""
    rows = await session.fetch(_LATEST, list(enrolment_ids))
    return {row["enrolment_id"]: score_from(row) for row in rows}


def score_from(row: Any) -> Score:
    """A row with `COLUMNS` as a score."""
    found = {name: row[name] for name in Score.__slots__}
    return Score(**{**found, **{name: tuple(found[name]) for name in ("thresholds", "chances", "reasons")}})
