"""Assignment through the services: profiles, recommendations with reasons, many at once, and what is refused by name."""

import asyncio
import json
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.care.profiles import ProfileFacts
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from services.care import assignment, enrolments, moves, optimising, profiles
from services.care.assignment import AssignmentWish
from services.care.enrolments import CareFacts
from services.care.moves import CareMoveFacts, MoveWish
from services.care.optimising import OptimisationFacts
from services.care.profiles import CoordinatorFacts
from services.work import notifications
from tests.fixtures.denied import today
from tests.fixtures.exchange import Exchange
from tests.fixtures.rosters import Rosters, rosters_of


@pytest_asyncio.fixture
async def rosters(here: Exchange) -> Rosters:
    return await rosters_of(here, 1)


@pytest_asyncio.fixture
async def others(there: Exchange) -> Rosters:
    return await rosters_of(there, 1)


async def speaks(rosters: Rosters, skill: str = "Spanish") -> None:
    """The second nurse is an employee with that skill, away for a week from tomorrow on."""
    owner, tenant_id = rosters.desk.exchange.tenant.owner, rosters.desk.exchange.tenant.tenant_id
    employee = await owner.fetchval(
        "INSERT INTO employees (tenant_id, user_id, number, name) VALUES ($1, $2, 'E1', 'Bob') RETURNING id",
        tenant_id, rosters.bob.user_id,
    )  # fmt: skip
    skill_id = await owner.fetchval(
        "INSERT INTO skills (tenant_id, name) VALUES ($1, $2) RETURNING id", tenant_id, skill
    )
    await owner.execute("INSERT INTO employee_skills VALUES ($1, $2, $3, 4)", tenant_id, employee, skill_id)
    await owner.execute(
        "INSERT INTO absences (tenant_id, employee_id, starts_on, ends_on, kind) VALUES ($1, $2, $3, $4, 'leave')",
        tenant_id, employee, today() + timedelta(days=1), today() + timedelta(days=7),
    )  # fmt: skip


async def test_who_speaks_the_patients_language_comes_first_with_every_reason(
    rosters: Rosters, others: Rosters
) -> None:
    await speaks(rosters)
    nobodys = await rosters.patient(None)
    saved = await profiles.save_profile(
        rosters.manager, nobodys, ProfileFacts("spanish", risk=4, specialisation="SPANISH")
    )
    assert (saved.language, saved.specialisation, saved.risk_label, saved.version) == (
        "Spanish",
        "Spanish",
        "High",
        1,
    )
    found = await assignment.recommended(rosters.manager, nobodys)
    assert [one.coordinator_id for one in found.best] == [rosters.bob.user_id, rosters.ann.user_id]
    assert found.best[0].speaks_for[0] == "speaks Spanish" and "licensed in OH" in found.best[0].speaks_for
    assert found.best[1].speaks_against == ["does not speak Spanish", "not versed in Spanish"]
    assert next(one.words for one in found.best[0].reasons if one.code == "absence").startswith("away ")
    assert found.needs == ["licence for OH", "Spanish", "Spanish", "high risk"]
    [line] = [one for one in (await assignment.unassigned(rosters.manager)).items if one.line.id == nobodys]
    assert line.best[0].coordinator_id == rosters.bob.user_id
    [done] = await assignment.assign_many(
        rosters.manager, [AssignmentWish(nobodys, line.best[0].coordinator_id)]
    )
    assert (done.code, await rosters.whose(nobodys)) == ("", rosters.bob.user_id)
    assert [one.title for one in (await notifications.list_notifications(rosters.bob)).items] == [
        "1 patient came onto your roster"
    ]
    now = {one.user_id: one for one in await profiles.list_coordinators(rosters.manager)}
    assert rosters.bob.user_id and now[rosters.bob.user_id].patients == 1
    assert (now[rosters.bob.user_id].load, now[rosters.bob.user_id].away_days) == (1.4, 7)
    assert now[rosters.bob.user_id].skills == ["Spanish 4"]
    assert [one.patients for one in await profiles.list_coordinators(others.manager)] == [1, 0]


async def test_licences_and_capacity_hold_when_many_are_assigned_and_each_refusal_is_told(
    rosters: Rosters, others: Rosters
) -> None:
    assert rosters.ann.user_id and rosters.bob.user_id
    await rosters.licensed(rosters.ann, most=2)
    await rosters.licensed(rosters.bob, ("TX",))
    first, second, third = [await rosters.patient(None) for _ in range(3)]
    foreign = others.patients[0]
    rows = await assignment.assign_many(
        rosters.manager,
        [
            AssignmentWish(first, rosters.ann.user_id),
            AssignmentWish(second, rosters.ann.user_id),
            AssignmentWish(third, rosters.bob.user_id),
            AssignmentWish(foreign, rosters.ann.user_id),
            AssignmentWish(rosters.patients[0], rosters.ann.user_id),
        ],
    )
    assert [one.code for one in rows] == [
        "", "care_assignment.hindered", "care_assignment.hindered", "not_found", "care_assignment.changed",
    ]  # fmt: skip
    assert [one.message for one in rows[1:3]] == [
        f"{rosters.ann.name}: at capacity.",
        f"{rosters.bob.name}: not licensed in OH.",
    ]
    found = await assignment.recommended(rosters.manager, second)
    assert found.best == [] and found.hindered == {"at capacity": 1, "not licensed in OH": 1}
    with pytest.raises(Invalid):
        await assignment.assign_many(rosters.manager, [])
    with pytest.raises(NotFound):
        await assignment.recommended(rosters.manager, foreign)


async def test_only_who_may_record_care_gets_patients_and_both_sides_are_told(
    rosters: Rosters, others: Rosters
) -> None:
    biller = await rosters.desk.exchange.tenant.actor("Biller")
    with pytest.raises(Invalid) as refused:
        await enrolments.assign_coordinator(rosters.manager, rosters.patients, biller.user_id)
    assert refused.value.code == "care_enrolment.no_coordinator"
    with pytest.raises(Invalid):
        await enrolments.assign_coordinator(rosters.manager, rosters.patients, others.ann.user_id)
    moved = await enrolments.assign_coordinator(
        rosters.manager, [*rosters.patients, *others.patients], rosters.bob.user_id
    )
    assert moved == 1 and await others.whose(others.patients[0]) == others.ann.user_id
    told = [
        (await notifications.list_notifications(one)).items[0].title for one in (rosters.ann, rosters.bob)
    ]
    assert told == ["1 patient went from your roster", "1 patient came onto your roster"]


async def test_nobody_is_given_a_patient_of_a_state_that_they_are_known_to_hold_no_licence_of(
    rosters: Rosters, others: Rosters
) -> None:
    assert rosters.bob.user_id
    patient, bob = rosters.patients[0], rosters.bob.user_id
    someone = CareFacts(await rosters.desk.patient(), "ccm", rosters.desk.provider_id, bob)
    await rosters.licensed(rosters.bob, ("TX",))
    for asked in (
        enrolments.assign_coordinator(rosters.manager, [patient], bob),
        moves.propose(rosters.manager, CareMoveFacts([MoveWish(patient, bob)], "Away")),
        enrolments.enrol(rosters.manager, someone),
        enrolments.enrol(rosters.bob, someone),
    ):
        with pytest.raises(Invalid) as refused:
            await asked
        assert refused.value.code == "care_enrolment.unlicensed"
        assert f"{rosters.bob.name} in OH (1 patient)" in refused.value.what_to_do
    assert await rosters.whose(patient) == rosters.ann.user_id
    assert (await moves.list_care_moves(rosters.manager, under_way=True)).items == []
    await rosters.licensed(rosters.bob, ())
    found = await assignment.recommended(rosters.manager, patient)
    assert (found.hindered, found.no_licence_entered) == ({"no licence entered": 1}, [rosters.bob.name])
    assert await enrolments.assign_coordinator(rosters.manager, [patient], bob) == 1


async def test_patients_of_who_has_left_wait_for_a_coordinator_like_those_whom_nobody_has(
    rosters: Rosters, others: Rosters
) -> None:
    assert rosters.ann.user_id and rosters.bob.user_id
    [patient], bob = rosters.patients, rosters.bob.user_id
    taken = await assignment.assign_many(rosters.manager, [AssignmentWish(patient, bob)])
    assert [one.code for one in taken] == ["care_assignment.changed"]
    await rosters.desk.exchange.tenant.owner.execute(
        "UPDATE memberships SET status = 'ended' WHERE user_id = $1", rosters.ann.user_id
    )
    [line] = (await assignment.unassigned(rosters.manager)).items
    assert (line.line.id, line.line.coordinator_id) == (patient, rosters.ann.user_id)
    assert line.best[0].coordinator_id == bob and line.hindered == {"does not work here any more": 1}
    [done] = await assignment.assign_many(rosters.manager, [AssignmentWish(patient, bob)])
    assert done.code == "" and await rosters.whose(patient) == bob
    assert (await assignment.unassigned(rosters.manager)).items == []


async def test_two_who_propose_the_same_patient_at_once_make_one_move(
    rosters: Rosters, others: Rosters
) -> None:
    assert rosters.bob.user_id
    wishes = [MoveWish(rosters.patients[0], rosters.bob.user_id)]
    keyed = [moves.propose(rosters.manager, CareMoveFacts(wishes, "Away", key="one")) for _ in range(2)]
    first, second = await asyncio.gather(*keyed)
    assert first.id == second.id
    for wish in (wishes, [MoveWish(await rosters.patient(rosters.ann), rosters.bob.user_id)]):
        free = [moves.propose(rosters.manager, CareMoveFacts(wish, "Away")) for _ in range(2)]
        outcomes = await asyncio.gather(*free, return_exceptions=True)
        refused = [one for one in outcomes if isinstance(one, Conflict)]
        assert {one.code for one in refused} == {"care_move.under_way"}
        assert len(refused) == (2 if wish is wishes else 1)


async def test_profiles_refuse_what_is_not_so_by_name_and_stay_with_who_may_see_the_patient(
    rosters: Rosters, others: Rosters
) -> None:
    patient = rosters.patients[0]
    facts = ProfileFacts("Klingon", "Mars/Base", "ZZ", 0, 9, "Juggling")
    with pytest.raises(Invalid) as refused:
        await profiles.save_profile(rosters.ann, patient, facts)
    assert {one.field for one in refused.value.fields} == {
        "language", "zone", "state", "risk", "engagement", "specialisation",
    }  # fmt: skip
    await profiles.save_profile(rosters.ann, patient, ProfileFacts("English", "America/Denver", "co", 5, 1))
    saved = await profiles.get_profile(rosters.ann, patient)
    assert (saved.language, saved.state, saved.engagement_label) == ("", "CO", "Very hard to reach")
    for version in (7, 0):  # 0: said by somebody who saw that nothing was said yet
        with pytest.raises(Stale):
            await profiles.save_profile(rosters.ann, patient, ProfileFacts(), version)
    for asker in (rosters.bob, others.ann, others.manager):
        with pytest.raises(NotFound):
            await profiles.get_profile(asker, patient)
    assert rosters.ann.user_id
    with pytest.raises(Invalid) as wrong:
        await profiles.save_coordinator(
            rosters.manager, rosters.ann.user_id, CoordinatorFacts(9, 4, ("Texas",))
        )
    assert {one.field for one in wrong.value.fields} == {"fewest_patients", "states"}
    with pytest.raises(NotAllowed):
        await profiles.list_coordinators(rosters.ann)


async def test_moves_and_optimisations_refuse_by_name_what_cannot_be(
    rosters: Rosters, others: Rosters
) -> None:
    assert rosters.bob.user_id and others.bob.user_id
    patient, bob = rosters.patients[0], rosters.bob.user_id
    for wishes, reason, until, field in (
        ([MoveWish(patient, bob)], " ", None, "reason"),
        ([MoveWish(patient, bob)], "Away", today(), "until"),
        ([MoveWish(patient, bob)] * 2, "Away", None, "moves"),
        ([MoveWish(patient, others.bob.user_id)], "Away", None, "moves"),
    ):
        with pytest.raises(Invalid) as refused:
            await moves.propose(rosters.manager, CareMoveFacts(wishes, reason, until))
        assert [one.field for one in refused.value.fields] == [field]
    with pytest.raises(NotFound):
        await moves.propose(rosters.manager, CareMoveFacts([MoveWish(others.patients[0], bob)], "Away"))
    with pytest.raises(Conflict):
        await moves.propose(rosters.manager, CareMoveFacts([], "Away"))
    with pytest.raises(NotAllowed):
        await moves.propose(rosters.ann, CareMoveFacts([MoveWish(patient, bob)], "Away"))
    made = await moves.propose(
        rosters.manager, CareMoveFacts([MoveWish(patient, bob, "Said so")], "Away", key="one")
    )
    assert (
        await moves.propose(rosters.manager, CareMoveFacts([MoveWish(patient, bob)], "Away", key="one"))
    ).id == made.id
    owner = rosters.desk.exchange.tenant.owner
    kept = await owner.fetchrow("SELECT why, message FROM care_move_rows WHERE move_id = $1", made.id)
    assert b"Said so" not in kept["why"]
    with pytest.raises(Invalid):
        await optimising.optimise(rosters.manager, OptimisationFacts(-1))
    begun = await optimising.optimise(rosters.manager, OptimisationFacts(3))
    with pytest.raises(Conflict):
        await optimising.optimise(rosters.manager, OptimisationFacts())
    with pytest.raises(Conflict):
        await optimising.propose_optimised(rosters.manager, begun.line.id, [], "At once")
    wishes = await owner.fetchval("SELECT wishes FROM care_optimisations WHERE id = $1", begun.line.id)
    assert json.loads(wishes) == {"most_moves": 3, "only_unassigned": False}
    assert await optimising.list_optimisations(others.manager) == []
