"""The forecast as managers see it: who is behind, what is known of its worth, and patients proposed to somebody else."""

from datetime import UTC, datetime

from activities.care.forecast_messages import PortionTask
from activities.care.forecasting import score_portion
from services.care import moves
from tests.ui.conftest import Both, Visit


async def test_who_is_behind_is_proposed_to_a_colleague_from_the_forecast(both: Both, visit: Visit) -> None:
    north, south = both
    care_id, admin, now = north.ids["care_id"], north.tenant.admin, datetime.now(UTC)
    for one in both:
        await score_portion(PortionTask(one.tenant.tenant_id, now, now.date()))
    await north.tenant.owner.execute("UPDATE care_moves SET state = 'closed'")
    tab = await (await visit(north.tenant, admin)).open("/care/forecast")
    assert f"/care/{care_id}" in tab.main and str(south.ids["care_id"]) not in tab.main
    assert "No months to measure on yet." in tab.main and "has not been made" not in tab.main
    await tab.go("/care/forecast?coordinator=nobody")
    assert f"/care/{care_id}" in tab.main and "nobody coordinates" in tab.main
    await tab.go("/care/forecast?view=coordinators")
    assert "/care/forecast?coordinator=nobody" in tab.main
    await tab.go("/care/forecast")
    await tab.do("ask_hand_over")
    assert tab.told[0][1] == "Nothing is selected."
    chosen = (str(care_id),)
    await tab.do("ask_hand_over", selected=chosen)
    assert "Propose to hand over 1 patient" in tab.regions["over"]
    await tab.do("hand_over", selected=chosen, fields={"until": "soon", "reason": "Behind"})
    assert "Choose who is to have them." in tab.regions["over"] and "Enter a date." in tab.regions["over"]
    fields = {"to_user_id": str(admin.user_id), "until": "", "reason": "Behind since the tenth."}
    await tab.do("hand_over", selected=chosen, fields=fields)
    assert tab.told[0][:2] == ("ok", "Proposed.")
    made = (await moves.list_care_moves(admin)).items[0]
    [row] = (await moves.care_moved_rows(admin, made.id)).items
    assert (row.enrolment_id, "% to reach the first code" in row.why.replace(" %", "%")) == (care_id, True)
    assert (await moves.get_care_move(admin, made.id)).reason == "Behind since the tenth."
