"""The forecast of a month: what is stored, what becomes work, and who sees what."""

from datetime import UTC, datetime, timedelta


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
    assert [(one["subject_id"], one["status"]) for one in items] == [(idle, "open")]
    assert await there.count("care_scores") == 0
    assert (await desk.forecast(on_day_16)).opened == 0
    await desk.worked(idle, first.replace(day=16), 21)
    asked = await desk.forecast(on_day_16 + timedelta(days=1))
    assert (asked.opened, asked.closed) == (0, 1)
    measured = await here.one("SELECT * FROM care_backtests ORDER BY id DESC LIMIT 1")
    assert (measured["patients"], len(measured["months"])) == (6, 3)
