"""Checklists that are versioned on their page, and training that is planned from what audits show."""

from datetime import UTC, datetime, timedelta

from services.quality import checklists
from tests.ui.conftest import Both, Visit

TODAY = datetime.now(UTC).date()


def questions(*texts: str) -> dict[str, str]:
    """The rows of the form."""
    return {
        f"questions.{number}.{name}": value
        for number, text in enumerate(texts, 1)
        for name, value in (
            ("text", text),
            ("category", "coding"),
            ("severity", "major"),
            ("weight", "3"),
            ("key", ""),
        )
    }


async def test_a_checklist_is_kept_in_versions_and_asks_from_its_day_on(both: Both, visit: Visit) -> None:
    north, south = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/quality/checklists/edit?of=default")
    assert "Charges follow the fee schedule." in tab.main
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    rows = questions("Units are right.", "", "Codes are right.")
    await tab.do("keep", fields={"name": "North rules", "effective_from": "", **rows})
    assert "Enter a date." in tab.main
    await tab.do("keep", fields={"name": "North rules", "effective_from": yesterday, **rows})
    assert tab.at == "/quality/checklists"
    assert "Codes are right." in tab.main and "In force" in tab.main
    (first, _) = await checklists.list_checklists(north.tenant.admin)
    assert [one.severity for one in first.questions] == ["major", "major"]
    await tab.go(f"/quality/checklists/edit?of={first.id}")
    later = (TODAY + timedelta(days=30)).isoformat()
    await tab.do(
        "keep",
        fields={"name": "North rules", "effective_from": later, **questions("Units and dates are right.")},
    )
    assert "1 other version" in tab.main
    view = await (await visit(north.tenant, north.tenant.admin)).open("/quality")
    await view.do("ask_plan")
    assert "North rules (2 questions)" in view.regions["over"]
    assert (
        "North rules"
        not in (await (await visit(south.tenant, south.tenant.admin)).open("/quality/checklists")).main
    )


async def test_training_is_planned_done_and_exported(both: Both, visit: Visit) -> None:
    north, south = both
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/quality/training")
    assert "Planned" in tab.main
    await tab.do("done", id=str(south.ids["training_id"]))
    assert tab.told[0][0] == "bad"
    export = await browser.get("/export/training-needs.csv")
    assert "planned" in export.text
    await tab.do("done", id=str(north.ids["training_id"]))
    assert "Nobody needs training." in tab.main
    who = str(north.ids["user_id"])
    past = {"employee_id": who, "category": "claim", "due_on": "2020-01-01", "note": "Holds"}
    await tab.do("plan", fields=past)
    assert "Choose today or a later day." in tab.regions["over"]
    await tab.do("plan", fields=past | {"due_on": (TODAY + timedelta(days=9)).isoformat()})
    assert "Holds" in tab.main and "Claim" in tab.main
