"""Assignment as managers see it: who has nobody, why whom, profiles with faults at their field, and rosters anew."""

from uuid import UUID

from activities.care.optimising import FOUND
from database.session import tenant_session
from domain.tenancy import Actor, workflow_actor
from services.care import profiles
from services.care.profiles import CoordinatorFacts
from tests.api.furnished import Furnished
from tests.ui.browsing import Tab
from tests.ui.conftest import Both, Visit


async def described(tab: Tab, admin: Actor) -> None:
    """Enter the administrator as a coordinator, first with faults, then without a licence, then with licences."""
    await tab.go("/care/assignment/coordinators")
    assert "Nobody takes patients yet." in tab.main
    await tab.do("ask_one")
    assert "Add a coordinator" in tab.regions["over"]
    typed = {"user_id": str(admin.user_id), "fewest": "3", "most": "2", "states": "Ohio"}
    await tab.do("one", fields=typed)
    assert "Choose 0 to as many as they take at most." in tab.regions["over"]
    assert "Enter states with two letters each" in tab.regions["over"]
    await tab.do("one", fields=typed | {"fewest": "0", "states": ""})
    await tab.go("/care/assignment")
    assert "No licence was entered for 1 coordinator." in tab.main and "1 no licence entered" in tab.main
    await tab.go("/care/assignment/coordinators")
    await tab.do("ask_one", id=str(admin.user_id))
    again = typed | {"fewest": "0", "states": "oh, tx il"}
    await tab.do("one", fields=again, id=str(admin.user_id), version="1")
    assert "IL OH TX" in tab.main and "0 of 2" in tab.main


async def test_a_coordinator_is_described_and_given_a_patient_for_reasons_that_are_shown(
    both: Both, visit: Visit
) -> None:
    north, south = both
    care_id, admin = north.ids["care_id"], north.tenant.admin
    assert admin.user_id
    tab = await (await visit(north.tenant, admin)).open("/care/assignment")
    assert "nobody can" in tab.main and f"/care/{care_id}/assign" in tab.main
    assert str(south.ids["care_id"]) not in tab.main
    await described(tab, admin)
    assert (await profiles.get_profile(admin, care_id)).version == 0
    await tab.go(f"/care/{care_id}/assign")
    assert "below capacity" in tab.main and "licensed in" in tab.main
    await tab.do("ask_profile")
    await tab.do(
        "profile", fields={"language": "Spanish", "state": "Nowhere", "risk": "5", "engagement": "9"}
    )
    assert "Enter two letters, such as TX." in tab.regions["over"]
    assert "Choose 1 to 5." in tab.regions["over"]
    await tab.do("profile", fields={"language": "Spanish", "state": "OH", "risk": "5", "engagement": "1"})
    assert "does not speak Spanish" in tab.main and "very high risk" in tab.main
    await tab.do("assign", id=str(admin.user_id))
    assert "has them now" in tab.main
    await tab.do("ask_nobody")
    await tab.do("nobody")
    assert "On nobody&#x27;s roster" in tab.main or "On nobody's roster" in tab.main
    await tab.do("ask_other")
    await tab.do("other", fields={"coordinator_id": ""})
    assert "whose roles allow recording care" in tab.regions["over"]
    await tab.do("other", fields={"coordinator_id": str(admin.user_id)})
    assert "has them now" in tab.main
    await tab.go("/care/assignment")
    assert "Everybody has a coordinator." in tab.main
    coordinator = await profiles.save_coordinator(admin, admin.user_id, CoordinatorFacts(0, 1, ("OH",)))
    assert (coordinator.patients, coordinator.load) == (1, 2.0)


async def test_rosters_are_begun_with_a_cap_that_is_checked_and_what_failed_says_so(
    both: Both, visit: Visit
) -> None:
    north, south = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/care/assignment")
    await tab.do("ask_optimise")
    await tab.do("optimise", fields={"most_moves": "-4"})
    assert "Choose 0 to 5,000 moves" in tab.regions["over"]
    await tab.go(f"/care/assignment/rosters/{north.ids['optimisation_id']}")
    assert "It failed." in tab.main and "Propose the moves" not in tab.main
    await tab.go(f"/care/assignment/rosters/{south.ids['optimisation_id']}")
    assert "There is nothing" in tab.main


async def _reckoned(made: Furnished, to: UUID) -> UUID:
    """A reckoning that would give the tenant's patient to somebody."""
    move = {"enrolment_id": str(made.ids["care_id"]), "from": None, "to": str(to), "why": ["speaks Spanish"]}
    lines = [
        {
            "coordinator_id": str(to),
            "name": "Ann Hill",
            "most": 9,
            "before": 0,
            "after": 1,
            "load_before": 0,
            "load_after": 10,
        }
    ]
    found = {
        "rows": [move],
        "rosters": lines,
        "obstacles": [],
        "languages": [1, 0, 1],
        "costs": [9, 1, 1],
        "weights_from": "",
    }
    async with tenant_session(workflow_actor(made.tenant.tenant_id, "tests")) as session:
        await session.execute("UPDATE care_moves SET state = 'closed'")
        await session.execute(
            "UPDATE care_enrolments SET coordinator_id = NULL WHERE id = $1", made.ids["care_id"]
        )
        id: UUID = await session.value(
            "INSERT INTO care_optimisations (tenant_id, wishes, status, moves, patients, found, asked_by)"
            " VALUES ($1, $2, 'done', 1, 1, $3, $4) RETURNING id",
            made.tenant.tenant_id, '{"most_moves": null, "only_unassigned": false}',
            (await session.key()).seal_json(FOUND, found), made.tenant.admin.user_id,
        )  # fmt: skip
        return id


async def test_a_patient_is_struck_out_of_a_reckoning_and_taken_back_in(both: Both, visit: Visit) -> None:
    north, _ = both
    admin, care_id = north.tenant.admin, str(north.ids["care_id"])
    assert admin.user_id
    run = await _reckoned(north, admin.user_id)
    browser = await visit(north.tenant, admin)
    tab = await browser.open(f"/care/assignment/rosters/{run}")
    assert "Propose 1 move" in tab.main and "speaks Spanish" in tab.main
    await tab.do("strike", selected=(care_id,))
    assert "Struck out" in tab.main and "Propose 1 move" not in tab.main
    assert "yes" in (await browser.get(f"/export/care-optimised.csv?run={run}")).text
    assert "Ann Hill,0,1,9" in (await browser.get(f"/export/care-optimised-rosters.csv?run={run}")).text
    await tab.do("take_back", selected=(care_id,))
    await tab.do("ask_propose", selected=(care_id,), only="true")
    assert "Propose 1 move" in tab.regions["over"] and care_id in tab.regions["over"]
    await tab.do("propose", fields={"only": care_id, "reason": "Spanish"})
    assert "/care/assignment/moves/" in tab.at


async def test_a_move_shows_its_patients_and_is_cancelled_with_a_reason(both: Both, visit: Visit) -> None:
    north, south = both
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/care/assignment/moves")
    assert "RM-Northmark" in tab.main and "Southmark" not in tab.main
    await tab.go("/care/assignment/moves?show=under_way")
    assert "RM-Northmark" in tab.main
    await tab.go(f"/care/assignment/moves/{north.ids['care_move_id']}")
    assert "Northmark why" in tab.main and "Not yet" in tab.main and "Northmark reason" in tab.main
    await tab.do("ask_end", act="cancel")
    await tab.do("end", fields={"reason": " "}, act="cancel")
    assert "reason" in tab.regions["over"]
    sheet = await browser.get(f"/export/care-moved.csv?move={north.ids['care_move_id']}")
    assert "Northmark why" in sheet.text
    await tab.go(f"/care/assignment/moves/{south.ids['care_move_id']}")
    assert "There is nothing" in tab.main
