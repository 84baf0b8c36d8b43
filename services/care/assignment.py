"""Recommending coordinators: for one patient with every reason, and for those who have nobody, to assign many at once."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from activities.care.optimising import TABLE
from activities.care.rosters import lock_rosters, put_on_roster, tell_rosters
from activities.denials.classifying import today_of
from database.approval_states import holders_of
from database.care_profiles import RECORDS, coordinators_to_assign, patients_to_assign
from database.decision_tables import Asked, decide_all
from database.identity import time_ordered_id
from database.session import Session
from domain.care.assignment import NO_LICENCE, WEIGHTS, Coordinator, Patient, checked_weights, why_not
from domain.care.profiles import RISKS
from domain.care.recommending import Recommended, recommend
from domain.paging import Page, encode_cursor, page_size, uuid_in
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care.scope import ROW, mine
from services.care.views import CareLine, line_of

MOST_AT_ONCE = 500
# Those as well whose coordinator has left, or lost the right: nobody else would see them.
_UNASSIGNED = f"""
{ROW} AND (e.coordinator_id IS NULL OR e.coordinator_id <> ALL($3::uuid[])) AND e.step <> 'ended'
    AND ($2::uuid IS NULL OR e.id > $2)
"""
_CLIENTS = """
SELECT e.id, e.programme, c.npi FROM care_enrolments e JOIN clients c ON c.tenant_id = e.tenant_id AND c.id = e.client_id
WHERE e.tenant_id = current_tenant() AND e.id = ANY($1::uuid[])
"""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason: `cost` is `hundredths` of its `weight`; low costs speak for somebody."""

    code: str
    label: str
    words: str
    hundredths: int
    weight: float
    speaks: str  # for, against, or neither


@dataclass(frozen=True, slots=True)
class RecommendedView:
    """A coordinator for a patient; the cheapest is the best. What speaks for and against them is in words as well."""

    coordinator_id: UUID
    name: str
    cost: float
    speaks_for: list[str]
    speaks_against: list[str]
    reasons: list[ReasonView]


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """The best five for a patient (PHI). `hindered` tells of the others why they cannot have the patient, how many each;
    `no_licence_entered` who of them is not weighed only because nobody said where they are licensed. `weights_from` names the version and row of the table of weights; empty: the usual."""

    enrolment_id: UUID
    needs: list[str]
    best: list[RecommendedView]
    hindered: dict[str, int]
    no_licence_entered: list[str]
    weights_from: str


@dataclass(frozen=True, slots=True)
class UnassignedLine:
    """A patient whom nobody has, or somebody who cannot any more (PHI), what they need, and the best for them, with the
    rosters as they would have grown by those before. `hindered` tells of the others why they cannot have the patient, how many each."""

    line: CareLine
    needs: list[str]
    best: list[RecommendedView]
    hindered: dict[str, int]


@dataclass(frozen=True, slots=True)
class AssignmentWish:
    """A patient's enrolment and who is to have it."""

    enrolment_id: UUID
    coordinator_id: UUID


@dataclass(frozen=True, slots=True)
class AssignedRow:
    """What became of one: `code` empty when it was done, else why not, in `message`."""

    enrolment_id: UUID
    coordinator_id: UUID
    code: str
    message: str


@door.query(Permission.CARE_MANAGE, of="care_enrolments", phi=True)
async def recommended(session: Session, id: UUID) -> RecommendationView:
    """Who should have this patient, with every reason; whoever has them now among them if they may."""
    await mine(session, id)
    found = await patients_to_assign(session, [id])
    if not found:  # ended: nobody can be given the patient any more
        return RecommendationView(id, [], [], {}, [], "")
    patient = found[0]
    people = await coordinators_to_assign(session, await today_of(session))
    weights, source = (await _weights(session, [id]))[id]
    best = [recommended_view(one) for one in recommend(patient, people, weights)]
    unknown = [one.name for one in people if why_not(patient, one) == NO_LICENCE]
    return RecommendationView(id, needs_of(patient), best, _hindered(patient, people), unknown, source)


def _hindered(patient: Patient, people: Iterable[Coordinator]) -> dict[str, int]:
    return dict(Counter(why for one in people if (why := why_not(patient, one))))


@door.query(Permission.CARE_MANAGE, phi=True)
async def unassigned(session: Session, *, cursor: str | None = None, limit: int = 50) -> Page[UnassignedLine]:
    """Patients whom nobody has, or somebody who cannot any more, the longest known first, each with the best for them."""
    size, after = page_size(limit), uuid_in(cursor) if cursor else None
    able = await holders_of(session, RECORDS)
    rows = await session.fetch(f"{_UNASSIGNED} ORDER BY e.id LIMIT {size + 1}", None, after, sorted(able))
    shown = rows[:size]
    best = await _best_for(session, [row["id"] for row in shown])
    key = await session.key()
    # Whose enrolment ended since the first statement is in the second no more.
    lines = [UnassignedLine(line_of(key, row), *best[row["id"]]) for row in shown if row["id"] in best]
    return Page(lines, encode_cursor(shown[-1]["id"]) if len(rows) > size else None)


async def _best_for(
    session: Session, ids: Sequence[UUID]
) -> dict[UUID, tuple[list[str], list[RecommendedView], dict[str, int]]]:
    """Needs, recommendations and hindrances of each, the rosters growing by the first choice of those before."""
    patients = await patients_to_assign(session, ids)
    now = {one.id: one for one in await coordinators_to_assign(session, await today_of(session))}
    weights, found = await _weights(session, ids), {}
    for patient in patients:
        best, hindered = (
            recommend(patient, now.values(), weights[patient.id][0]),
            _hindered(patient, now.values()),
        )
        if best:
            one = now[best[0].coordinator_id]
            now[one.id] = replace(one, count=one.count + 1, load=one.load + patient.load)
        found[patient.id] = (needs_of(patient), [recommended_view(one) for one in best], hindered)
    return found


@door.command(Permission.CARE_MANAGE)
async def assign_many(session: Session, wishes: list[AssignmentWish]) -> list[AssignedRow]:
    """Assign patients whom nobody has, or somebody who cannot any more, each to one coordinator, with an outcome for each:
    licences and capacity hold."""
    if not 1 <= len(wishes) <= MOST_AT_ONCE or len({one.enrolment_id for one in wishes}) < len(wishes):
        words = f"Choose 1 to {MOST_AT_ONCE} patients, each once."
        fault = FieldError("wishes", "wishes.number", words)
        raise Invalid("care_assignment.number", "They cannot be assigned so.", words, fields=(fault,))
    await lock_rosters(session)  # two who fill the same roster at once come one after the other
    patients = {
        one.id: one for one in await patients_to_assign(session, [one.enrolment_id for one in wishes])
    }
    people = {one.id: one for one in await coordinators_to_assign(session, await today_of(session))}
    able = await holders_of(session, RECORDS)
    outcomes = [await _assign(session, one, patients, people, able) for one in wishes]
    done = [(None, one.coordinator_id) for one in outcomes if not one.code]
    await tell_rosters(session, done, key=f"care_assigned:{time_ordered_id()}")
    return outcomes


async def _assign(
    session: Session,
    wish: AssignmentWish,
    patients: Mapping[UUID, Patient],
    people: dict[UUID, Coordinator],
    able: Collection[UUID],
) -> AssignedRow:
    patient, one = patients.get(wish.enrolment_id), people.get(wish.coordinator_id)
    code, message = "", ""
    if patient is None:
        code, message = "not_found", "There is no such patient in care."
    elif one is None:
        code, message = (
            "care_assignment.nobody",
            "This person is no coordinator; say first how many they take.",
        )
    elif why := why_not(patient, one):
        code, message = "care_assignment.hindered", f"{one.name}: {why}."
    elif patient.coordinator_id in able or not await put_on_roster(
        session, patient.id, one.id, from_=patient.coordinator_id
    ):
        code, message = "care_assignment.changed", "Somebody has them already."
    else:
        people[one.id] = replace(one, count=one.count + 1, load=one.load + patient.load)
    return AssignedRow(wish.enrolment_id, wish.coordinator_id, code, message)


async def _weights(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[dict[str, float], str]]:
    """The weights for each patient, and where they are written. Nothing is kept: it is only looked at."""
    rows = await session.fetch(_CLIENTS, list(ids))
    asked = [
        Asked({"client_npi": row["npi"], "programme": row["programme"], "target": "patient"}, dict(WEIGHTS))
        for row in rows
    ]
    made = await decide_all(session, TABLE, asked, keep=False)
    return {
        row["id"]: (checked_weights(one.value), f"version {one.version}, row {one.row}" if one.row else "")
        for row, one in zip(rows, made, strict=True)
    }


def needs_of(patient: Patient) -> list[str]:
    """What a patient asks of a coordinator, in words."""
    needs: list[Any] = [
        patient.state and f"licence for {patient.state}",
        patient.language,
        patient.specialisation,
        patient.complexity >= 3 and "complex care",
        patient.risk >= 4 and f"{RISKS[patient.risk].lower()} risk",
        patient.engagement <= 2 and "hard to reach",
    ]
    return [one for one in needs if one]


def recommended_view(one: Recommended) -> RecommendedView:
    """A recommendation for people."""
    reasons = [
        ReasonView(part.code, part.label, part.words, part.hundredths, part.weight, _speaks(part))
        for part in one.parts
    ]
    return RecommendedView(one.coordinator_id, one.name, one.cost, one.for_words, one.against_words, reasons)


def _speaks(part: Any) -> str:
    return "for" if part.favours else "against" if part.opposes else ""
