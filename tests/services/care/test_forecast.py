"""The forecast of a month: what is stored, what becomes work, and who sees what."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.refusals import Invalid, NotAllowed, NotFound
from services.care import forecast_accuracy, forecasts
from tests.fixtures.exchange import Exchange
from tests.fixtures.forecasting import ForecastDesk, months_back


async def test_a_month_at_risk_becomes_work_and_closes_itself(here: Exchange, there: Exchange) -> None:
    desk, elsewhere = ForecastDesk(here), ForecastDesk(there)
    await desk.open()
    await elsewhere.open()
    today = datetime.now(UTC)
    first = months_back(today.date(), 0)
    begun = months_back(today.date(), 4)
    steady, idle = await desk.since(begun), await desk.since(begun)
    other = await elsewhere.since(begun)
    for back in (1, 2, 3):
        month = months_back(today.date(), back)
        for day in (3, 9, 16):
            await desk.worked(steady, month.replace(day=day), 9)
        await desk.worked(idle, month.replace(day=9), 4)
        await elsewhere.worked(other, month.replace(day=9), 4)
    on_day_16 = datetime(first.year, first.month, 16, 14, tzinfo=UTC)
    for day in (2, 8):
        await desk.worked(steady, first.replace(day=day), 11)
    asked = await desk.forecast(on_day_16)
    assert (asked.opened, asked.closed) == (1, 0)
    scores = {row["enrolment_id"]: row for row in await here.rows("SELECT * FROM care_scores")}
    assert scores[steady]["chance"] == 1.0 and scores[steady]["gap_seconds"] == 0
    assert scores[idle]["chance"] < 0.4 and scores[idle]["suggested"] == "call"
    items = await here.rows("SELECT * FROM work_items WHERE kind = 'care_risk'")
    assert [(one["subject_id"], one["status"], one["owner_id"]) for one in items] == [
        (idle, "open", desk.actor.user_id)
    ]
    assert await there.count("care_scores") == 0
    assert (await desk.forecast(on_day_16)).opened == 0
    await desk.worked(idle, first.replace(day=16), 21)
    asked = await desk.forecast(on_day_16 + timedelta(days=1))
    assert (asked.opened, asked.closed) == (0, 1)
    measured = await here.one("SELECT * FROM care_backtests ORDER BY id DESC LIMIT 1")
    # The fourth month back is before the practice recorded anything: nobody missed it.
    unknown = await here.rows("SELECT month FROM care_paces WHERE NOT recorded")
    assert {row["month"] for row in unknown} == {begun}
    assert (measured["patients"], len(measured["months"])) == (4, 2)


async def test_everybody_sees_the_forecast_of_their_own_patients(here: Exchange, there: Exchange) -> None:
    desk, elsewhere = ForecastDesk(here), ForecastDesk(there)
    await desk.open()
    await elsewhere.open()
    colleague = await desk.coordinator()
    now = datetime.now(UTC)
    begun, first = months_back(now.date(), 1), months_back(now.date(), 0)
    own, others = await desk.since(begun), await desk.since(begun, colleague.user_id)
    await desk.worked(own, begun, 9)
    await desk.worked(own, first, 21)
    await desk.forecast(now)
    assert [one.id for one in (await forecasts.list_forecasts(desk.actor)).items] == [own]
    assert [one.id for one in (await forecasts.list_forecasts(colleague)).items] == [others]
    assert (await forecasts.list_forecasts(elsewhere.admin)).items == []
    assert {one.id for one in (await forecasts.list_forecasts(desk.admin)).items} == {own, others}
    with pytest.raises(NotFound):
        await forecasts.patient_forecast(desk.actor, others)
    with pytest.raises(NotFound):
        await forecasts.patient_forecast(elsewhere.admin, own)
    seen = await forecasts.patient_forecast(desk.actor, own)
    assert seen.line is not None
    assert (seen.line.suggested, seen.line.gap_seconds, len(seen.days), len(seen.months)) == (
        "nothing",
        0,
        1,
        1,
    )
    crew = {one.coordinator_id: one for one in await forecasts.list_coordinator_forecasts(desk.admin)}
    assert (crew[desk.actor.user_id].reached, crew[colleague.user_id].reached) == (1, 0)
    assert [one.coordinator_id for one in await forecasts.list_coordinator_forecasts(colleague)] == [
        colleague.user_id
    ]
    with pytest.raises(NotAllowed):
        await forecasts.propose_handing_over(colleague, [others], desk.admin.user_id or UUID(int=0), "Away")


async def test_a_day_is_shown_once_everybody_is_forecast_and_what_is_late_says_so(
    here: Exchange, there: Exchange
) -> None:
    desk, elsewhere = ForecastDesk(here), ForecastDesk(there)
    for one in (desk, elsewhere):
        await one.open()
        await one.since(months_back(datetime.now(UTC).date(), 1))
    ended = await desk.since(months_back(datetime.now(UTC).date(), 1))
    assert (await forecasts.forecast_state(desk.admin)).day is None
    now = datetime.now(UTC)
    await desk.forecast(now)
    whole = await forecasts.forecast_state(desk.admin)
    assert (whole.patients, whole.late) == (2, False)
    # The next morning has begun, and has not come to everybody yet.
    await here.tenant.owner.execute(
        "INSERT INTO care_scores SELECT (jsonb_populate_record(s, jsonb_build_object('day', s.day + 1))).*"
        " FROM care_scores s LIMIT 1"
    )
    assert await forecasts.forecast_state(desk.admin) == whole
    assert len((await forecasts.list_forecasts(desk.admin)).items) == 2
    await here.tenant.owner.execute("UPDATE care_forecast_days SET made_at = made_at - interval '27 hours'")
    assert (await forecasts.forecast_state(desk.admin)).late
    assert (await forecasts.forecast_state(elsewhere.admin)).day is None
    await here.tenant.owner.execute(
        "UPDATE care_enrolments SET step = 'ended', ends_on = current_date WHERE id = $1", ended
    )
    assert (await forecasts.forecast_state(desk.admin)).patients == 1
    assert len((await forecasts.list_forecasts(desk.admin)).items) == 1


async def test_a_finished_month_stays_with_who_coordinated_the_patient_then(
    here: Exchange, there: Exchange
) -> None:
    desk = ForecastDesk(here)
    await desk.open()
    colleague, now = await desk.coordinator(), datetime.now(UTC)
    begun = months_back(now.date(), 1)
    moved = await desk.since(begun)
    await desk.worked(moved, begun.replace(day=9), 21)
    await desk.forecast(now)
    await here.tenant.owner.execute("UPDATE care_enrolments SET coordinator_id = $1", colleague.user_id)
    await desk.worked(moved, begun.replace(day=10), 5)
    await desk.forecast(now, anew=True)
    [pace] = await here.rows("SELECT coordinator_id, seconds FROM care_paces")
    assert (pace["coordinator_id"], pace["seconds"]) == (desk.actor.user_id, 26 * 60)
    [line] = await forecasts.list_coordinator_forecasts(desk.admin)
    assert (line.coordinator_id, line.patients, line.months) == (colleague.user_id, 1, [])
    await here.tenant.owner.execute("UPDATE care_enrolments SET coordinator_id = NULL")
    assert (await forecasts.list_forecasts(desk.admin, unassigned=True)).items
    assert not (await forecasts.list_forecasts(colleague, unassigned=True)).items


async def test_pages_go_on_by_key_and_filters_are_known(here: Exchange, there: Exchange) -> None:
    desk = ForecastDesk(here)
    await desk.open()
    now = datetime.now(UTC)
    begun = months_back(now.date(), 1)
    known = {await desk.since(begun) for _ in range(3)}
    await desk.forecast(now)
    for order in ("chance", "gap", "projected"):
        first = await forecasts.list_forecasts(desk.admin, order=order, limit=2)
        rest = await forecasts.list_forecasts(desk.admin, order=order, limit=2, cursor=first.next)
        assert {one.id for one in (*first.items, *rest.items)} == known and rest.next is None
    assert (await forecasts.list_forecasts(desk.admin, standing="reached")).items == []
    with pytest.raises(Invalid):
        await forecasts.list_forecasts(desk.admin, standing="wrong")
    accuracy = await forecast_accuracy.forecast_accuracy(desk.admin)
    assert (accuracy.months, accuracy.in_use) == ([], "forecast")


async def test_what_another_formula_measured_counts_as_not_measured(here: Exchange, there: Exchange) -> None:
    desk = ForecastDesk(here)
    await desk.open()
    await here.tenant.owner.execute(
        "INSERT INTO care_backtests (tenant_id, formula, months, patients, better, figures, learned)"
        " VALUES ($1, 'another_formula', '{2026-10-01}', 9, true, '{}', '{}')",
        here.tenant.tenant_id,
    )
    assert (await forecast_accuracy.forecast_accuracy(desk.admin)).months == []
    now = datetime.now(UTC)
    one = await desk.since(months_back(now.date(), 1))
    await desk.forecast(now)
    assert (await forecasts.patient_forecast(desk.admin, one)).line is not None
    newest = await here.rows("SELECT formula FROM care_backtests ORDER BY id DESC LIMIT 1")
    assert newest[0]["formula"] != "another_formula"
