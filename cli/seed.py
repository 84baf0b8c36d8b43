"""`caseload seed`: fills the demo tenants by running the real processes, and goes on where an earlier run stopped."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from cli.demonstration import records
from cli.demonstration.approving import ask_others
from cli.demonstration.auditing import audit
from cli.demonstration.banking import bank
from cli.demonstration.breaking import leave_something_broken
from cli.demonstration.capturing import capture, known_claims
from cli.demonstration.cast import COMPANIES, HARBOR, Company
from cli.demonstration.clocking import set_clocks
from cli.demonstration.deciding import decide_by_tables
from cli.demonstration.enrolling import connect_second, enrol
from cli.demonstration.floating import lend
from cli.demonstration.forming import write_forms
from cli.demonstration.juniper.company import JUNIPER
from cli.demonstration.juniper.filling import fill
from cli.demonstration.masters import House, OnboardingFailed, admit, cover_again, found, furnish, staff
from cli.demonstration.plan import PlannedClaim, planned
from cli.demonstration.sharing import share
from cli.demonstration.staffing import employ
from cli.demonstration.stays import planned_stays
from cli.demonstration.working import Desks
from cli.house import opened, start_logging
from domain.refusals import Refusal
from services.care import forecasts
from services.insight.overview import overview
from services.tenancy import sign_in
from settings import Settings

PORTION = 25
# The slowest answers take longer; whoever looks sees those come in.
SETTLE_SECONDS = 150.0
LOOK_SECONDS = 2.0


def run(settings: Settings) -> int:
    """Fill all tenants; 0 when they are complete, 1 when something refused."""
    start_logging(replace(settings, log_level="WARNING"))
    sign_in.configure(idle_minutes=settings.session_idle_minutes, hours=settings.session_hours)
    try:
        return asyncio.run(_run(settings))
    except OnboardingFailed as error:
        print(f"stopped: {error}", flush=True)
    except Refusal as refusal:
        faults = "; ".join(f"{fault.field}: {fault.message}" for fault in refusal.fields)
        print(f"stopped: {refusal.title} {refusal.what_to_do} {faults}".rstrip(), flush=True)
    return 1


async def _run(settings: Settings) -> int:
    began = time.monotonic()
    async with opened(settings):
        stands = [await _prepare(company) for company in COMPANIES]
        await _care()
        await _Filling(stands).run()
        for stand in stands:
            if await bank(stand.house):
                print(f"{stand.house.company.name}: the bank's file taken in, statements printed", flush=True)
            if await employ(stand.house, datetime.now(UTC).date()):
                print(f"{stand.house.company.name}: employees, teams and skills", flush=True)
            if await write_forms(stand.house):
                print(f"{stand.house.company.name}: task forms and fields of its own", flush=True)
            if await audit(stand.house):
                print(f"{stand.house.company.name}: one audit acknowledged, one in progress", flush=True)
            if await set_clocks(stand.house):
                print(f"{stand.house.company.name}: clocks of a contract and of what is urgent", flush=True)
            if await ask_others(stand.house):
                print(f"{stand.house.company.name}: approvals wait, and work was moved", flush=True)
            if await share(stand.house):
                print(f"{stand.house.company.name}: views, files and a question beside work", flush=True)
            if await lend(stand.house):
                print(f"{stand.house.company.name}: the float pool lends a hand", flush=True)
            if await leave_something_broken(stand.house):
                print(f"{stand.house.company.name}: one process waits to be mended", flush=True)
    print(f"complete after {time.monotonic() - began:.0f} s", flush=True)
    return 0


async def _care() -> None:
    """The company that coordinates care, with its months in bulk."""
    began = time.monotonic()
    house = await found(JUNIPER)
    added = await fill(house, datetime.now(UTC))
    if added:
        await forecasts.forecast_now(await house.admin())
    seconds = time.monotonic() - began
    print(
        f"{JUNIPER.name}: {len(JUNIPER.people)} people at work, {added} time entries in {seconds:.0f} s",
        flush=True,
    )


class _Stand:
    """One company: its plan, and which claims of it are there."""

    def __init__(self, house: House, plan: list[PlannedClaim]) -> None:
        self.house = house
        self.plan = plan
        self.missing = list(plan)
        self.by_id: dict[UUID, PlannedClaim] = {}

    async def recognise(self) -> None:
        """Leave out what an earlier run captured."""
        there = await known_claims(self.house)
        self.by_id = {
            there[one.patient.number, one.day]: one
            for one in self.plan
            if (one.patient.number, one.day) in there
        }
        captured = {one.number for one in self.by_id.values()}
        self.missing = [one for one in self.plan if one.number not in captured]

    def portions(self) -> Iterator[list[PlannedClaim]]:
        """The claims that are missing, a handful at a time."""
        for start in range(0, len(self.missing), PORTION):
            yield self.missing[start : start + PORTION]


async def _prepare(company: Company) -> _Stand:
    house = await found(company)
    await staff(house)
    print(f"{company.name}: {len(company.people)} people at work", flush=True)
    harbor = company is HARBOR
    practices = records.HARBOR_CLIENTS if harbor else records.PRAIRIE_CLIENTS
    clients = (*practices, records.HARBOR_HOSPITAL) if harbor else practices
    payers = records.HARBOR_PAYERS if harbor else records.PRAIRIE_PAYERS
    scenarios = records.HARBOR_SCENARIOS if harbor else records.PRAIRIE_SCENARIOS
    patients = records.patients(scenarios, len(practices), payers)
    inpatients = records.hospital_patients(len(patients), len(practices), payers) if harbor else []
    await furnish(house, clients, payers)
    await connect_second(house)
    await enrol(house)
    await admit(house, patients + inpatients)
    await cover_again(house, patients, payers)
    await decide_by_tables(house)
    print(
        f"{company.name}: {len(clients)} clients, {len(payers)} payers, {len(patients + inpatients)} patients",
        flush=True,
    )
    plan = planned(patients, 4 if harbor else 5, house.since)
    plan += planned_stays(inpatients, len(plan), house.since)
    stand = _Stand(house, plan)
    await stand.recognise()
    return stand


class _Filling:
    """Captures in portions while the people work what comes back."""

    def __init__(self, stands: list[_Stand]) -> None:
        self._stands = stands
        self._total = sum(len(stand.plan) for stand in stands)
        self._captured = False

    async def run(self) -> None:
        """Until every claim is captured and the quick answers have been worked."""
        desks = [Desks(stand.house, stand.by_id) for stand in self._stands]
        working = asyncio.create_task(self._work(desks))
        try:
            await self._capture()
        except BaseException:
            working.cancel()
            raise
        self._captured = True
        await working

    async def _capture(self) -> None:
        for stand in self._stands:
            for portion in stand.portions():
                ids = await capture(stand.house, portion)
                stand.by_id.update({ids[one.number]: one for one in portion})
                await self._report()

    async def _work(self, desks: list[Desks]) -> None:
        """Look at the desks until nothing moves any more, or the time for waiting is over."""
        quiet, until, said = 0, 0.0, time.monotonic()
        while quiet < 2 and (not until or time.monotonic() < until):
            await asyncio.sleep(LOOK_SECONDS)
            moving = sum([await desk.look() for desk in desks])
            if self._captured:
                until = until or time.monotonic() + SETTLE_SECONDS
                quiet = 0 if moving else quiet + 1
                if time.monotonic() - said > 10:
                    said = time.monotonic()
                    await self._report()
        await self._report()

    async def _report(self) -> None:
        """How many claims are captured, and where they stand."""
        words: dict[str, int] = {}
        for stand in self._stands:
            for figure in (await overview(await stand.house.admin())).statuses:
                words[figure.label.lower()] = words.get(figure.label.lower(), 0) + figure.claims
        captured = sum(len(stand.by_id) for stand in self._stands)
        where = ", ".join(f"{count} {label}" for label, count in words.items())
        print(f"{captured} of {self._total} claims captured: {where}", flush=True)
