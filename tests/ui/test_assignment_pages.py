"""Assignment as managers see it: who has nobody, why whom, profiles with faults at their field, and rosters anew."""

from domain.tenancy import Actor
from services.care import profiles
from services.care.profiles import CoordinatorFacts
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
