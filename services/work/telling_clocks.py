"""Who is told of a clock that runs out: whose work it is, then the lead, then the manager above.

What nobody holds is told to the leads of that work in one sentence an hour and kind, not item by item.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from activities.work_clocks import Reached
from database.notifications import notify
from database.session import Session
from database.workforce_reads import manager_of
from domain.notifications import Notice
from domain.work_clocks import WORDS, Stage
from domain.work_kinds import KINDS, Kind
from policies.permissions import Permission
from services.tenancy.actors import holders

MOST_ALONE = 3
"""More items than this at one moment are told to a person in one sentence."""

# Only what was sent: whoever is no active member has no notification.
_TOLD = """
INSERT INTO work_escalations_told (tenant_id, work_item_id, stage, clock_at, user_id, at)
SELECT $1, t.id, t.stage, t.clock_at, n.user_id, $2
FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::timestamptz[]) AS t (user_id, key, id, stage, clock_at)
JOIN notifications n ON n.tenant_id = $1 AND n.user_id = t.user_id AND n.key = t.key ON CONFLICT DO NOTHING
"""
_FILTERS = {
    Stage.START_WARNING: "unstarted",
    Stage.START_BREACH: "unstarted",
    Stage.DUE_WARNING: "at_risk",
    Stage.DUE_BREACH: "overdue",
    Stage.ESCALATION: "overdue",
}
_MANY = {
    Stage.START_WARNING: "items are to be started soon",
    Stage.START_BREACH: "items were not started in time",
    Stage.DUE_WARNING: "items are due soon",
    Stage.DUE_BREACH: "items are past due",
    Stage.ESCALATION: "items are past due for long",
}


async def tell(session: Session, reached: Sequence[Reached], now: datetime) -> None:
    """Tell everybody concerned, once per item and stage, or once an hour where there are many. Of several stages of an
    item that were reached at once only the last is told."""
    last = list({one.item.id: one for one in reached}.values())
    ladder = _Ladder(session)
    told: dict[tuple[UUID, Stage], list[Reached]] = {}
    free: dict[tuple[str, Stage], list[Reached]] = {}
    for one in last:
        if one.item.owner_id is None:
            free.setdefault((one.item.kind, one.stage), []).append(one)
            continue
        for person in await ladder.above(one):
            told.setdefault((person, one.stage), []).append(one)
    teller = _Teller(session, now)
    for (person, stage), items in told.items():
        await _tell_person(teller, person, stage, items)
    for (kind, stage), items in free.items():
        people = await ladder.of_free_work(items[0])
        words = f"{KINDS[Kind(kind)].label}: free {_MANY[stage]}"
        href = f"/work?tab=available&kind={kind}&due={_FILTERS[stage]}"
        await teller.tell(people, items, words, href, f"clock:{stage}:{kind}:{now:%Y-%m-%dT%H}")
    await teller.remember()


async def _tell_person(teller: "_Teller", person: UUID, stage: Stage, items: Sequence[Reached]) -> None:
    if len(items) > MOST_ALONE:
        mine = all(one.item.owner_id == person for one in items)
        href = f"/work?tab={'mine' if mine else 'all'}&due={_FILTERS[stage]}"
        words = f"{'Your' if mine else 'Your people’s'} {_MANY[stage]}"
        await teller.tell([person], items, words, href, f"clock:{stage}:many:{teller.now:%Y-%m-%dT%H}")
        return
    for one in items:
        words = f"{one.item.title} {WORDS[stage]}"
        key = f"clock:{stage}:{one.item.id}:{one.clock_at:%Y-%m-%dT%H:%M}"
        await teller.tell([person], [one], words, f"/work?tab=all&item={one.item.id}", key)


class _Teller:
    """Tells people, and keeps who was told of which item."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self._told: list[tuple[UUID, str, UUID, str, datetime]] = []

    async def tell(
        self, people: Sequence[UUID], items: Sequence[Reached], title: str, href: str, key: str
    ) -> None:
        """One sentence about these items."""
        await notify(self.session, people, kind=Notice.SLA_AT_RISK, title=title, href=href, key=key)
        self._told += [
            (person, key, one.item.id, str(one.stage), one.clock_at) for person in people for one in items
        ]

    async def remember(self) -> None:
        """Keep it, in one statement."""
        if self._told:
            columns = [list(column) for column in zip(*self._told, strict=True)]
            await self.session.execute(_TOLD, self.session.tenant_id, self.now, *columns)


class _Ladder:
    """Who stands above whom, asked once for each person."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._leads: dict[UUID, UUID | None] = {}
        self._holders: dict[str, list[UUID]] = {}

    async def above(self, one: Reached) -> list[UUID]:
        """For a warning the owner, for a breach their lead as well, and at last the manager above the lead."""
        owner = one.item.owner_id
        assert owner is not None
        if one.stage is Stage.DUE_WARNING:
            return [owner]
        lead = await self._lead(owner)
        leads = [lead] if lead else [who for who in await self._leads_of(one.item.permission) if who != owner]
        if one.stage is not Stage.ESCALATION:
            return [owner, *leads]
        return await self._managers(leads)

    async def of_free_work(self, one: Reached) -> list[UUID]:
        """The leads of that work; at last the managers above them."""
        leads = await self._leads_of(one.item.permission)
        return await self._managers(leads) if one.stage is Stage.ESCALATION else leads

    async def _managers(self, leads: Sequence[UUID]) -> list[UUID]:
        """Above each; at the top the lead is told again."""
        return list(dict.fromkeys([await self._lead(lead) or lead for lead in leads]))

    async def _lead(self, user_id: UUID) -> UUID | None:
        if user_id not in self._leads:
            self._leads[user_id] = await manager_of(self.session, user_id)
        return self._leads[user_id]

    async def _leads_of(self, permission: str) -> list[UUID]:
        """Those who assign this kind of work."""
        if permission not in self._holders:
            wanted = {str(Permission.WORK_ASSIGN), *([permission] if permission else [])}
            self._holders[permission] = list(await holders(self.session, wanted))
        return self._holders[permission]
