"""The time of many patients' months summed where it is stored, as far as nobody could argue about it.

The law of minutes is the engine's. What is summed here are months in which it has nothing to decide: every entry lies on
one day of the month, in an enrolment that holds all month, touches no other, and was never corrected or late. The patients
of all other months are named, for the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from database.session import Session
from domain.care.entries import Credential, Programme
from domain.care.month import Month

# $1 patients, $2 and $3 the month's window, $4 the beginnings of its days and of the next month, $5 and $6 its first and last
# day. People whose time never counts touch nobody's.
_SUMS = """
WITH here AS MATERIALIZED (
    SELECT t.patient_id, t.staff_id, e.programme, t.credential, width_bucket(t.starts_at, $4::timestamptz[]) AS day,
        extract(epoch FROM t.ends_at - t.starts_at)::bigint AS seconds,
        t.source = 'back_dated' OR t.void OR t.id IN (SELECT c.supersedes FROM care_time_entries c
            WHERE c.tenant_id = current_tenant() AND c.supersedes IS NOT NULL)
        OR coalesce(e.consented_on > $5, true) OR coalesce(e.ends_on < $6, false)
        OR width_bucket(t.starts_at, $4) <> width_bucket(t.ends_at - interval '1 second', $4)
        OR coalesce(t.starts_at < max(t.ends_at) OVER earlier, false) AS doubtful
    FROM care_time_entries t JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
    WHERE t.tenant_id = current_tenant() AND t.patient_id = ANY($1) AND t.ends_at > $2 AND t.starts_at < $3
        AND t.ends_at > t.starts_at AND t.credential <> 'other'
    WINDOW earlier AS (PARTITION BY t.patient_id ORDER BY t.starts_at, t.ends_at, t.id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
doubtful AS (SELECT DISTINCT patient_id FROM here WHERE doubtful)
SELECT patient_id, programme, credential, staff_id, day, sum(seconds)::bigint AS seconds
FROM here WHERE patient_id NOT IN (SELECT patient_id FROM doubtful)
GROUP BY GROUPING SETS ((patient_id, programme, credential), (staff_id), (day))
UNION ALL SELECT patient_id, NULL, NULL, NULL, NULL, NULL FROM doubtful
"""


@dataclass(frozen=True, slots=True)
class Sums:
    """Seconds of plain months: by patient, programme and who worked; by person; by day of the month (1 to 31).
    `doubtful` are the patients whose months are in none of them."""

    by_patient: dict[UUID, dict[tuple[Programme, Credential], int]] = field(default_factory=dict)
    by_staff: dict[UUID, int] = field(default_factory=dict)
    by_day: dict[date, int] = field(default_factory=dict)
    doubtful: list[UUID] = field(default_factory=list)


async def sums_of(session: Session, patient_ids: Sequence[UUID], month: Month) -> Sums:
    """A practice's month of these patients in one query; whoever has no time in it is in none of the sums."""
    begins, ends = (datetime.fromtimestamp(second, UTC) for second in month.window)
    days = [datetime.fromtimestamp(month.midnight(day), UTC) for day in month.days]
    found = Sums()
    window = (begins, ends, [*days, ends])
    for row in await session.fetch(_SUMS, list(patient_ids), *window, month.first, month.last):
        if row["programme"]:
            kind = _KINDS[row["programme"], row["credential"]]
            found.by_patient.setdefault(row["patient_id"], {})[kind] = row["seconds"]
        elif row["patient_id"]:
            found.doubtful.append(row["patient_id"])
        elif row["staff_id"]:
            found.by_staff[row["staff_id"]] = row["seconds"]
        else:
            found.by_day[month.days[row["day"] - 1]] = row["seconds"]
    return found


_KINDS = {
    (str(programme), str(credential)): (programme, credential)
    for programme in Programme
    for credential in Credential
}
