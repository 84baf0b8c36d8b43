"""Sheets of consents: each is told to its enrolment as if by hand, with what must have come before it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from database.session import Session
from domain.care.enrolment import TRANSITIONS, Event, Said, Step
from domain.care.entries import Programme
from domain.sheets.columns import SheetRow, fault_once
from domain.sheets.enrolling import Way, way_of
from domain.sheets.kinds import Kind
from policies.permissions import Permission
from services.care.enrolments import tell_event
from services.sheets.care_rows import Standing, known
from services.sheets.planning import About, Planned, SheetKind, in_turns


async def plan(session: Session, rows: Sequence[SheetRow], about: About) -> list[Planned]:
    """Where each consent leads from where its enrolment stands."""
    there = await known(session, rows)
    fault_once(
        rows, lambda row: (row.facts.get("account_number"), row.facts.get("programme")), "account_number", "patient"
    )  # fmt: skip
    found = []
    async for row in in_turns(rows):
        enrolment = None if row.faults else there.enrolment(row)
        if enrolment is not None and (one := _planned(row, enrolment, about)) is not None:
            found.append(one)
    return found


def _planned(row: SheetRow, enrolment: Standing, about: About) -> Planned | None:
    if enrolment.counts:
        if enrolment.consented_on == row.facts["consented_on"]:
            return Planned(row, "same", "recorded already", enrolment.id)
        row.fault("consented_on", f"The consent of {enrolment.consented_on} is recorded already.")
        return None
    way = way_of(enrolment.step, Programme(enrolment.programme), row.facts, enrolment.today(about.now))
    for name, words in way.faults.items():
        row.fault(name, words)
    if row.faults:
        return None
    return Planned(row, "changed", words_of(way), enrolment.id, (enrolment.id, way.told))


def words_of(way: Way) -> str:
    """Where an enrolment stands afterwards."""
    return f"then at “{TRANSITIONS[way.step].label}”"


async def take(session: Session, planned: Planned, about: About) -> UUID | None:
    """Tell what the row says."""
    enrolment_id, told = planned.act
    await tell_all(session, enrolment_id, told)
    return enrolment_id  # type: ignore[no-any-return]


async def tell_all(session: Session, enrolment_id: UUID, told: Sequence[tuple[Event, Step, Said]]) -> None:
    """Tell an enrolment several facts in their order; its process is handed them in that order."""
    for event, step, said in told:
        row: dict[str, Any] = {"id": enrolment_id, "step": step.value}
        await tell_event(session, row, event, asdict(said))


CONSENTS = SheetKind(Kind.CONSENTS, Permission.CARE_MANAGE, plan, take)
