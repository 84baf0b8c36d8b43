"""Rosters of patients: who is new, whose facts change, under which payer, and how far into which programme."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from activities.care.rosters import must_be_licensed, must_coordinate, put_on_roster
from database import clientele_phi as phi
from database.crypto import folded
from database.session import Session
from domain.care.enrolment import Step
from domain.care.entries import Programme
from domain.care.profiles import Profile
from domain.sheets.columns import SheetRow, Unreadable, fault_once
from domain.sheets.enrolling import Way, way_of
from domain.sheets.kinds import Kind
from domain.sheets.values import born, name_parts
from policies.permissions import Permission
from services.care import enrolments
from services.care.enrolments import CareFacts
from services.care.profiles import profile_set
from services.clientele import checks, coverages, patients
from services.clientele.coverages import CoverageFacts
from services.clientele.patient_rows import PatientFacts
from services.clientele.people import cleaned_person
from services.sheets.consents import tell_all, words_of
from services.sheets.planning import About, Comes, Planned, SheetKind, in_turns
from services.sheets.roster_facts import There, gather, today_of

_PERSON = ("last_name", "first_name", "middle_name", "birth_date", "sex", "line1", "line2", "city", "state", "postal_code", "phone")  # fmt: skip
_CARE = frozenset(
    {"programme", "practitioner_npi", "coordinator_email", "risk", "engagement", "language", "zone"}
)
NOBODY = UUID(int=0)


@dataclass(slots=True)
class Act:
    """What is written for a row; None where nothing of it is."""

    facts: PatientFacts
    new: bool = False
    changed: bool = False
    coverage: CoverageFacts | None = None
    enrol: CareFacts | None = None
    way: Way | None = None
    enrolment_id: UUID | None = None
    coordinator_id: UUID | None = None
    profile: Profile | None = None


async def plan(session: Session, rows: Sequence[SheetRow], about: About) -> list[Planned]:
    """What each row comes to: the person first, then the coverage, the programme and the profile."""
    today = today_of(session, about)
    for row in rows:
        _name_apart(row)
        _born(row, today)
    fault_once(rows, lambda row: row.facts.get("account_number"), "account_number", "account number")
    fault_once(rows, _who, "birth_date", "name and birth date")
    there = await gather(session, rows, about)
    found = [_planned(row, there, about) async for row in in_turns(rows)]
    return [one for one in found if one is not None and not one.row.faults]


async def take(session: Session, planned: Planned, about: About) -> UUID | None:
    """Write what the row says, through what writes it when it is typed."""
    act: Act = planned.act
    id = planned.subject_id
    if act.new:
        id = await patients.added(session, act.facts, even_if_similar=True)
    elif act.changed and id:
        await patients.changed(session, id, act.facts, even_if_similar=True)
    if id is None:
        return None
    if act.coverage:
        await coverages.added(session, replace(act.coverage, patient_id=id))
    enrolment_id = act.enrolment_id
    if act.enrol:
        enrolment_id = await enrolments.begun(session, replace(act.enrol, patient_id=id))
    elif act.coordinator_id and enrolment_id:
        await must_coordinate(session, act.coordinator_id)
        await must_be_licensed(session, [(id, act.coordinator_id)])
        await put_on_roster(session, enrolment_id, act.coordinator_id, from_=None)
    if act.way and enrolment_id:
        await tell_all(session, enrolment_id, act.way.told)
    if act.profile:
        await profile_set(session, id, act.profile)
    return id


PATIENTS = SheetKind(
    Kind.PATIENTS, Permission.PATIENTS_MANAGE, plan, take, ((_CARE, Permission.CARE_MANAGE),)
)


def _name_apart(row: SheetRow) -> None:
    """A whole name into its parts; columns of their own count more."""
    try:
        parts = name_parts(str(row.facts.get("name", "")))
    except Unreadable as wrong:
        row.fault("name", str(wrong))
        return
    for name, text in zip(("last_name", "first_name", "middle_name"), parts, strict=True):
        if text and name not in row.facts:
            row.facts[name] = text


def _born(row: SheetRow, today: date) -> None:
    """The year of birth in full, where a column says two digits of it."""
    if "birth_date" in row.facts:
        try:
            row.facts["birth_date"] = born(row.texts["birth_date"], today)
        except Unreadable as wrong:
            row.fault("birth_date", str(wrong))


def _who(row: SheetRow) -> object:
    """Name and birth date, where both can be read."""
    said = tuple(row.facts.get(name) for name in ("last_name", "first_name", "birth_date"))
    return None if None in said else tuple(folded(str(one)) for one in said)


def _planned(row: SheetRow, there: There, about: About) -> Planned | None:
    now, client_id = there.patient(row), there.practice(row)
    if row.faults:
        return None
    comes = Comes()
    client_id = client_id or (now.client_id if now else None)
    if client_id is None:
        row.fault("practice", "Say which practice this patient belongs to.")
        return None
    if now and client_id != now.client_id and there.enrolments.get(now.id):
        row.fault("practice", "This patient is in care at another practice; end that enrolment first.")
    act = _person(row, there, now, client_id, comes)
    _coverage(row, there, now, act, comes)
    _enrolment(row, there, now, client_id, act, comes, about)
    _profile(row, there, now, act, comes)
    outcome = "new" if act.new else "changed" if comes.changes else "same"
    return Planned(row, outcome, "; ".join(comes.words) or "as known", now.id if now else None, act)


def _person(row: SheetRow, there: There, now: Any, client_id: UUID, comes: Comes) -> Act:
    said = {name: row.facts[name] for name in _PERSON if name in row.facts}
    before = _known_facts(now) if now else PatientFacts(client_id, "", "", None, "", "", "", "", "")
    account = str(row.facts.get("account_number", "")) or before.account_number
    typed: PatientFacts = replace(before, **said, client_id=client_id, account_number=account)
    ready = replace(
        cleaned_person(typed), phone=checks.phone(typed.phone), account_number=checks.code(account)
    )
    for fault in patients.faults_of(ready, there.today).found:
        row.fault(fault.field, fault.message)
    custom = there.custom.changes(row, now.id if now else None)
    act = Act(
        replace(ready, custom=custom or None),
        new=now is None,
        changed=now is not None and (ready != before or bool(custom)),
    )
    if act.new:
        comes.to("new patient")
    elif act.changed:
        comes.to("facts change" if client_id == before.client_id else "moves to this practice")
    return act


def _known_facts(now: Any) -> PatientFacts:
    names = [one.name for one in fields(PatientFacts) if one.name != "custom"]
    return PatientFacts(**{name: getattr(now, name) for name in names})


def _coverage(row: SheetRow, there: There, now: Any, act: Act, comes: Comes) -> None:
    payer, member = str(row.facts.get("payer", "")), checks.code(str(row.facts.get("member_id", "")))
    if not payer or not member:
        if payer or member:
            name = "member_id" if payer else "payer"
            row.fault(name, "A coverage needs the payer and the member id.")
        return
    payer_id = there.payers.get(payer.casefold())
    if payer_id is None:
        row.fault("payer", "There is no such payer, or two of this name; enter its id, or add it first.")
        return
    facts = CoverageFacts(NOBODY, payer_id, member)
    for fault in coverages.faults_of(facts, there.today).found:
        row.fault(fault.field, fault.message)
    held = there.covered.get(now.id, []) if now else []
    index = phi.member_index(there.key, member)
    if any(one["payer_id"] == payer_id and one["member_id_index"] == index for one in held):
        return
    if any(one["rank"] == "P" for one in held):
        row.fault("member_id", "This patient has another primary coverage; end that one first.")
        return
    act.coverage = facts
    comes.to("coverage")


def _enrolment(
    row: SheetRow, there: There, now: Any, client_id: UUID, act: Act, comes: Comes, about: About
) -> None:
    found = there.members.who(row, "coordinator_email")
    coordinator = found[0] if found else None
    if "programme" not in row.facts:
        if "consented_on" in row.facts:
            row.fault("programme", "Say which programme the consent is for.")
        return
    programme = Programme(str(row.facts["programme"]))
    held = there.enrolments.get(now.id, []) if now else []
    standing = next((one for one in held if one.programme == programme.value), None)
    if standing is None:
        provider = _practitioner(row, there, client_id)
        act.enrol = CareFacts(NOBODY, programme.value, provider or NOBODY, coordinator)
        comes.to(programme.value.upper())
    elif coordinator and standing.coordinator_id is None:
        act.coordinator_id = coordinator
        comes.to("coordinator")
    elif coordinator and standing.coordinator_id != coordinator:
        row.fault("coordinator_email", "Somebody else has this patient; move them under Care, Assignment.")
    act.enrolment_id = standing.id if standing else None
    step = standing.step if standing else Step.REFERRED
    if standing and standing.counts:
        return
    way = way_of(step, programme, row.facts, standing.today(about.now) if standing else there.today)
    for name, words in way.faults.items():
        row.fault(name, words)
    if way.told:
        act.way = way
        comes.to(words_of(way))


def _practitioner(row: SheetRow, there: There, client_id: UUID) -> UUID | None:
    known, npi = there.providers.get(client_id, {}), str(row.facts.get("practitioner_npi", ""))
    if npi and npi not in known:
        row.fault("practitioner_npi", "This practice has no practitioner with this NPI; add them first.")
    elif not npi and len(known) != 1:
        row.fault("practitioner_npi", "Enter the NPI of the practitioner of record.")
    return known.get(npi) or next(iter(known.values()), None)


def _profile(row: SheetRow, there: There, now: Any, act: Act, comes: Comes) -> None:
    said: dict[str, Any] = {name: row.facts[name] for name in ("language", "zone") if name in row.facts}
    said |= {name: int(str(row.facts[name])) for name in ("risk", "engagement") if name in row.facts}
    before = there.profiles.get(now.id, Profile()) if now else Profile()
    after = replace(before, **said)
    if after != before:
        act.profile = after
        comes.to("profile")
