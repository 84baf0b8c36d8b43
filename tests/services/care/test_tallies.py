"""What is summed where it is stored is what the minute engine counts, whatever was recorded; rosters are in its order."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.care.reckoning import enrolled, month_at, settings_of
from activities.care.tallying import tallied
from database.care_reads import entries_of, practice_of
from database.care_sums import sums_of
from database.session import Session, tenant_session
from domain.care.codes import STANDARD
from domain.care.minutes import PatientMonth, tally
from domain.care.month import Month
from domain.care.team import spent_on
from domain.paging import encode_cursor
from domain.refusals import Invalid
from domain.tenancy import workflow_actor
from services.care import roster
from services.care.team_reading import first_of
from tests.fixtures.care import ZONE, CareDesk

FIRST = date(2026, 11, 1)  # the clock goes back on this very day
MONTH = Month(2026, 11, ZONE)
_COLUMNS = ("tenant_id", "enrolment_id", "patient_id", "staff_id", "staff_name", "credential", "activity", "recorded_by",
            "reason", "id", "starts_at", "ends_at", "source", "supersedes", "void")  # fmt: skip


async def _enrolments(session: Session, desk: CareDesk, draw: Random, patient_id: UUID) -> list[UUID]:
    """In one programme or two, some of them for a part of the month only."""
    made = []
    for programme in draw.choice([["ccm"], ["ccm"], ["pcm"], ["apcm"], ["ccm", "pcm"]]):
        since = draw.choice([date(2026, 1, 5)] * 4 + [FIRST, date(2026, 11, 9), None])
        until = draw.choice([None] * 4 + [MONTH.last, date(2026, 11, 17)]) if since else None
        row = await session.value(
            "INSERT INTO care_enrolments (tenant_id, client_id, patient_id, programme, practitioner_id, step, consented_on,"
            " ends_on) VALUES ($1, $2, $3, $4, $5, 'active', $6, $7) RETURNING id",
            session.tenant_id, desk.exchange.client_id, patient_id, programme, desk.provider_id, since, until,
        )  # fmt: skip
        made.append(row)
    return made


def _time(draw: Random, tenant: UUID, people: list[UUID], patient: UUID, into: UUID) -> list[tuple[Any, ...]]:
    """An entry, mostly plain, and now and then what was done to it since."""
    begins, ends = MONTH.window
    at = draw.choice(
        [begins + draw.randrange(9) * 86400 + 36000] * 6 + [begins - 30, ends - 90, begins + 86000]
    )
    lasts = draw.choice([0, 1, 60, 300, 1250, 1900, 90_000])
    source = draw.choice(["live"] * 8 + ["manual", "back_dated"])
    credential = draw.choice(["clinical"] * 6 + ["practitioner", "other"])
    same = (
        tenant,
        into,
        patient,
        draw.choice(people),
        "Somebody",
        credential,
        "patient_call",
        people[0],
        b"why",
    )
    times = [datetime.fromtimestamp(one, UTC) for one in (at, at + lasts)]
    row = (*same, uuid4(), *times, source, None, False)
    if draw.random() > 0.2:
        return [row]
    was, now = draw.choice([(0, 0), (0, 420), (0, -40 * 86400), (-40 * 86400, 0)])
    old, new = ([one + timedelta(seconds=moved) for one in times] for moved in (was, now))
    first = (*same, row[9], *old, source, None, False)
    return [first, (*same, uuid4(), *new, "manual", row[9], draw.random() < 0.4)]


async def _filled(desk: CareDesk, seed: int, number: int) -> dict[UUID, list[Any]]:
    """A company's month at random: each patient's enrolments with consent that touch it."""
    draw, tenant = Random(seed), desk.exchange.tenant.tenant_id
    people = [one.user_id for one in (desk.actor, desk.admin) if one.user_id]
    async with tenant_session(workflow_actor(tenant, "tests")) as session:
        rows = []
        for _ in range(number):
            patient: UUID = await session.value(
                "INSERT INTO patients (tenant_id, client_id, account_number, person) SELECT tenant_id, client_id, $2, person"
                " FROM patients WHERE id = $1 RETURNING id",
                desk.exchange.patient_id, str(uuid4())[:12],
            )  # fmt: skip
            enrolments = await _enrolments(session, desk, draw, patient)
            for _ in range(draw.randrange(0, 5)):
                rows += _time(draw, tenant, people, patient, draw.choice(enrolments))
        await session.copy("care_time_entries", _COLUMNS, rows)
        late = [row[9] for row in rows if row[12] == "back_dated"]
        await session.copy(
            "care_time_decisions", ("tenant_id", "entry_id", "approved", "decided_by"),
            [(tenant, one, draw.random() < 0.6, people[0]) for one in late[::2]],
        )  # fmt: skip
        found: dict[UUID, list[Any]] = {}
        for row in await session.fetch(
            "SELECT * FROM care_enrolments WHERE consented_on <= $2 AND (ends_on IS NULL OR ends_on >= $1)",
            FIRST,
            MONTH.last,
        ):
            found.setdefault(row["patient_id"], []).append(row)
        return found


async def test_the_sums_of_a_company_are_what_the_engine_counts_of_each_patient(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    await _filled(neighbour, 1, 9)
    patients = await _filled(desk, 20261122, 240)
    codes = STANDARD.on(MONTH.last)
    async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
        key = month_at(await practice_of(session, desk.exchange.client_id), first_of("2026-11", FIRST))
        sums = await sums_of(session, list(patients), key.month)
        found = await tallied(session, key, codes, patients)
        entries = await entries_of(session, list(patients), key.month.window)
    by_staff: Counter[UUID] = Counter()
    by_day: Counter[date] = Counter()
    for patient_id, rows in patients.items():
        about = PatientMonth(key.month, tuple(enrolled(row, key.month) for row in rows))
        month = tally(entries[patient_id], about, codes, settings_of(key))
        assert (found.of[patient_id].counted, found.of[patient_id].short) == (month.counted, month.short)
        for one in spent_on(
            patient_id, month.pieces, {one.id: one.staff_id for one in entries[patient_id]}, key.month
        ):
            by_staff[one.staff_id] += one.seconds
            by_day[one.day] += one.seconds
    assert (found.by_staff, found.by_day) == (dict(by_staff), dict(by_day))
    # Both ways were gone.
    assert len(sums.doubtful) > 10 and len(sums.by_patient) > 10


async def test_a_roster_of_any_length_begins_with_who_lacks_most_and_its_pages_hold_everybody_once(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    await _filled(neighbour, 1, 9)
    await _filled(desk, 20261122, 60)
    whole = await roster.roster(desk.admin, limit=roster.LARGEST_PAGE)
    assert len(whole.patients) == whole.whole > 60 and whole.next is None
    lacking = [one.short_seconds or 0 for one in whole.patients]
    assert lacking == sorted(lacking, reverse=True) and lacking[0] > lacking[-1] == 0
    pages = [await roster.roster(desk.admin, limit=20)]
    while pages[-1].next:
        pages.append(await roster.roster(desk.admin, cursor=pages[-1].next, limit=20))
    assert [one for page in pages for one in page.patients] == whole.patients
    assert {one.by_minutes for one in pages} == {sum(one.programme != "apcm" for one in whole.patients)}
    assert whole.reached == sum(one.programme != "apcm" and not one.short_seconds for one in whole.patients)
    own = await roster.roster(desk.actor)
    assert (own.whole, own.others, own.practices, whole.others) == (1, False, 1, True)
    for cursor in ("12", encode_cursor("1", "A", "x"), encode_cursor(1, "A")):
        with pytest.raises(Invalid):
            await roster.roster(desk.admin, cursor=cursor)
