"""What the people of a demo company do with what comes back: take, correct, appeal, write off, put aside."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cli.demonstration.capturing import draft_of
from cli.demonstration.cast import DENIAL_MANAGEMENT
from cli.demonstration.masters import House, every
from cli.demonstration.plan import Ending, PlannedClaim
from domain.refusals import Conflict, NotFound, Unavailable
from domain.tenancy import Actor
from services.claims.capture import close, correct, withdraw
from services.claims.catalogue import get_claim, list_claims
from services.denials import appeals
from services.denials.appeals import AppealFacts
from services.denials.letters import make_letter
from services.work.actions import complete, snooze, take
from services.work.queue import queue
from services.work.views import WorkLine

# Statuses that change by themselves soon.
MOVING = frozenset(
    {
        "ready",
        "batched",
        "sent",
        "accepted_999",
        "accepted_clearinghouse",
        "accepted_payer",
        "corrected",
        "paid",
        "reversed",
    }
)
# Never answered, answered late, or answered out of balance: nobody waits for these.
_STUCK = frozenset({"09", "10", "14"})
_COMMENTS = {
    Ending.WRITE_OFF: "Past the filing limit and no proof of timely filing on record.",
}
_DECISIONS = {Ending.WRITE_OFF: "write_off", Ending.PATIENT: "patient"}
_APPEAL = AppealFacts(
    "The visit note of the same day shows the patient's condition and why the service was needed then.",
    ["Visit note", "Remittance of the payer"],
)
_DENIED = frozenset({"denied", "partially_denied"})
_TO_CORRECT = frozenset({"held", "rejected_999", "rejected_clearinghouse", "rejected_payer", *_DENIED})


class Desks:
    """The desks of one company: each planned claim is worked once, when it has come to wait for a person."""

    def __init__(self, house: House, claims: dict[UUID, PlannedClaim]) -> None:
        self._house = house
        self._claims = claims
        self._worked: set[UUID] = set()

    async def look(self) -> int:
        """Work what waits; answers how many claims still move by themselves."""
        lead = await self._house.actor(self._house.company.holding("Team Lead")[0])
        statuses = {line.id: line.status for line in await every(list_claims, lead)}
        items = {item.subject_id: item for item in await every(queue, lead, scope="all")}
        for claim_id, claim in list(self._claims.items()):
            if claim_id not in self._worked and claim_id in statuses:
                await self._work(claim_id, claim, statuses[claim_id], items.get(claim_id))
        return sum(
            1
            for claim_id, status in statuses.items()
            if status in MOVING
            and claim_id in self._claims
            and self._claims[claim_id].patient.scenario not in _STUCK
        )

    async def _work(self, claim_id: UUID, claim: PlannedClaim, status: str, item: WorkLine | None) -> None:
        try:
            if await self._acted(claim_id, claim, status, item):
                self._worked.add(claim_id)
        except (Conflict, NotFound):
            # Somebody who tries the product was faster with this claim: it is theirs.
            self._worked.add(claim_id)

    async def _acted(self, claim_id: UUID, claim: PlannedClaim, status: str, item: WorkLine | None) -> bool:
        """Whether the moment for the claim's ending had come; it has been carried out then."""
        match claim.ending:
            case Ending.CORRECT if status in _TO_CORRECT and item:
                await self._correct(claim_id, claim, item)
            case Ending.TAKE if item and not item.owner_id:
                await take(await self._specialist(claim, item), item.id)
            case Ending.SNOOZE if item and not item.owner_id and status in _DENIED:
                await self._put_aside(claim, item)
            case Ending.APPEAL if item and status in _DENIED:
                await self._appeal(claim_id, claim, item)
            case Ending.WRITE_OFF | Ending.PATIENT if item and status in _DENIED:
                await self._decide(claim, item)
            case Ending.SETTLE if status == "patient_responsibility":
                await close(
                    await self._biller(claim), claim_id, "The patient paid at the desk of the practice."
                )
            case Ending.VOID if status == "patient_responsibility":
                await self._void(claim_id, claim)
            case Ending.WITHDRAW if status == "held":
                await withdraw(await self._biller(claim), claim_id, "Too late to file; the practice agrees.")
            case _:
                return claim.ending is Ending.LEAVE
        return True

    async def _correct(self, claim_id: UUID, claim: PlannedClaim, item: WorkLine) -> None:
        specialist = await self._specialist(claim, item)
        seen = await get_claim(specialist, claim_id)
        if seen.current_version > 1:
            return  # corrected before, and denied again: that is left for somebody to decide
        await take(specialist, item.id)
        facts: dict[str, Any] = {"prior_authorization": f"PA{480_000 + claim.number}"}
        draft = draft_of(self._house, claim) if claim.fault else replace(seen.draft, **facts)
        await correct(specialist, claim_id, draft)

    async def _put_aside(self, claim: PlannedClaim, item: WorkLine) -> None:
        specialist = await self._specialist(claim, item)
        await take(specialist, item.id)
        await snooze(specialist, item.id, datetime.now(UTC) + timedelta(days=3))

    async def _decide(self, claim: PlannedClaim, item: WorkLine) -> None:
        specialist = await self._specialist(claim, item)
        await take(specialist, item.id)
        await complete(specialist, item.id, _DECISIONS[claim.ending], _COMMENTS.get(claim.ending, ""))

    async def _appeal(self, claim_id: UUID, claim: PlannedClaim, item: WorkLine) -> None:
        """Open the appeal, make its letter, and send every other one."""
        specialist = await self._specialist(claim, item)
        opened = await appeals.open_appeal(specialist, claim_id, _APPEAL)
        try:
            await make_letter(specialist, opened.id)
        except Unavailable:
            return  # a machine without Pango keeps the draft
        if claim.number % 2:
            today = datetime.now(ZoneInfo(specialist.time_zone)).date()
            await appeals.sent(specialist, opened.id, today, "portal", f"AP{claim.number:06d}")

    async def _void(self, claim_id: UUID, claim: PlannedClaim) -> None:
        biller = await self._biller(claim)
        seen = await get_claim(biller, claim_id)
        await correct(biller, claim_id, seen.draft, void=True)

    async def _specialist(self, claim: PlannedClaim, item: WorkLine) -> Actor:
        """Denials are worked by denial specialists, everything else by billers."""
        if item.kind != "denial":
            return await self._biller(claim)
        able = self._house.company.holding(DENIAL_MANAGEMENT)
        return await self._house.actor(able[claim.number % len(able)])

    async def _biller(self, claim: PlannedClaim) -> Actor:
        billers = self._house.company.holding("Biller")
        return await self._house.actor(billers[claim.number % len(billers)])
