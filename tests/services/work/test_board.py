"""The board of the day counts what the queue lists, by hour, kind, client, team and owner."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from database.clock_reads import Day
from database.session import tenant_session
from domain.refusals import NotAllowed
from domain.tenancy import Actor, workflow_actor
from domain.work_kinds import Kind
from services.work import board
from services.work.board import Risk
from services.work.queue import queue
from tests.fixtures.tenancy import TenantFixture

_FILL = """
INSERT INTO work_items (tenant_id, key, kind, title, client_id, owner_id, taken_at, created_at, start_by, due_warn_at, due_at)
VALUES ($1, $2, $3, 'C-1 held', $4, $5, CASE WHEN $5::uuid IS NOT NULL THEN now() END, now(), $6, $7, $8)
"""


async def item(
    tenant: TenantFixture,
    due: datetime,
    *,
    kind: Kind = Kind.HOLD,
    client: UUID | None = None,
    owner: UUID | None = None,
    warned: bool = False,
    late: bool = False,
) -> None:
    now = await tenant.owner.fetchval("SELECT now()")
    warn = min(due, now - timedelta(seconds=1)) if warned else due
    start = now - timedelta(seconds=1) if late else due
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await session.execute(
            _FILL, tenant.tenant_id, str(uuid4()), str(kind), client, owner, start, warn, due
        )


def risks(lines: Iterable[board.BoardLine]) -> dict[str, Risk]:
    return {line.name: line.risk for line in lines}


async def around_noon(tenant: TenantFixture) -> datetime:
    """Now, in a tenant whose day is about half over, so that no midnight is near."""
    hour = await tenant.owner.fetchval("SELECT extract(hour FROM now() AT TIME ZONE 'UTC')::int")
    zone = f"Etc/GMT{'-' if hour < 12 else '+'}{abs(hour - 12)}"
    await tenant.owner.execute("UPDATE tenants SET time_zone = $1", zone)
    found: datetime = await tenant.owner.fetchval("SELECT now()")
    return found


async def two_groups(north: TenantFixture, biller: Actor) -> UUID:
    """A client, and a team with the biller in it; the client's id."""
    client: UUID = await north.owner.fetchval(
        "INSERT INTO clients (tenant_id, name, npi, tax_id, taxonomy, line1, city, state, postal_code)"
        " VALUES ($1, 'Harbor Family', '1234567893', '123456789', '207Q00000X', '1 Quay', 'Harbor', 'NY', '10001')"
        " RETURNING id",
        north.tenant_id,
    )
    team = await north.owner.fetchval(
        "INSERT INTO teams (tenant_id, name) VALUES ($1, 'Holds') RETURNING id", north.tenant_id
    )
    await north.owner.execute(
        "INSERT INTO employees (tenant_id, user_id, number, name, team_id) VALUES ($1, $2, '1', 'B', $3)",
        north.tenant_id,
        biller.user_id,
        team,
    )
    return client


async def lists_what_it_counts(lead: Actor, found: board.Board) -> None:
    """Every figure of the board is the number of items that its queue lists."""
    for parameter, lines in (
        ("kinds", found.kinds),
        ("client", found.clients),
        ("team", found.teams),
        ("owner", found.owners),
    ):
        for line in lines:
            asked = {parameter: [line.value] if parameter == "kinds" else line.value}
            for due, count in (
                ("overdue", line.risk.breached),
                ("today", line.risk.today),
                ("at_risk", line.risk.at_risk),
                ("unstarted", line.risk.unstarted),
            ):
                page = await queue(lead, scope="all", due=due, **asked)  # type: ignore[arg-type]
                assert len(page.items) == count, (parameter, line, due)
    for hour in found.hours:
        page = await queue(lead, scope="all", due=f"h{hour.hour:02}")
        assert len(page.items) == hour.risk.breached + hour.risk.today


@pytest.mark.parametrize(
    ("begins", "lasts", "hours"),
    [
        (datetime(2026, 11, 1, 5, tzinfo=UTC), 25, [*range(24)]),  # one o'clock twice
        (datetime(2026, 3, 8, 6, tzinfo=UTC), 23, [0, 1, *range(3, 24)]),
    ],
)
def test_the_hours_of_a_day_are_those_on_the_wall_where_the_tenant_is(
    begins: datetime, lasts: int, hours: list[int]
) -> None:
    day = Day(begins, begins + timedelta(hours=lasts), "America/Chicago", begins)
    assert list(day.hours.values()) == hours
    assert {at.astimezone(ZoneInfo(day.zone)).hour: at for at in day.hours} == {
        hour: at for at, hour in day.hours.items()
    }


async def test_every_count_of_the_board_is_what_its_queue_lists(
    north: TenantFixture, south: TenantFixture
) -> None:
    lead, biller = await north.actor("Team Lead"), await north.actor("Biller")
    client = await two_groups(north, biller)
    now = await around_noon(north)
    ahead, past, later = now + timedelta(hours=2), now - timedelta(hours=1), now + timedelta(days=3)
    await item(north, past, client=client, owner=biller.user_id)
    await item(north, past - timedelta(days=2), late=True)
    await item(north, ahead, kind=Kind.DENIAL, warned=True, client=client)
    await item(north, ahead, owner=biller.user_id)
    await item(north, later, warned=True, owner=biller.user_id)
    await item(north, later)
    await item(south, past)
    found = await board.due_today(lead)
    assert found.all == Risk(breached=2, today=2, at_risk=2, unstarted=1)
    assert [(one.risk.breached, one.risk.today) for one in found.hours] == [(1, 0), (0, 2)]
    assert risks(found.kinds) == {"Hold": Risk(2, 1, 1, 1), "Denial": Risk(0, 1, 1, 0)}
    assert risks(found.clients) == {"Harbor Family": Risk(1, 1, 1, 0), "No client": Risk(1, 1, 1, 1)}
    assert risks(found.teams) == {"Holds": Risk(1, 1, 1, 0)}
    assert risks(found.owners)["Free"] == Risk(1, 1, 1, 1)
    await lists_what_it_counts(lead, found)
    (worst, *_) = await board.queues_at_risk(lead)
    assert (worst.kind, worst.risk) == ("hold", Risk(1, 1, 1, 1))
    with pytest.raises(NotAllowed):
        await board.due_today(biller)
    assert (await board.due_today(south.admin)).all == Risk(breached=1, unstarted=1)
