"""Fee schedules, and rows pasted from spreadsheets: all of them or none."""

from dataclasses import replace
from datetime import date

import pytest

from domain.refusals import Conflict, Invalid, NotFound, Stale
from services.clientele import fee_schedules, payers
from services.clientele.fee_pasting import MOST_ROWS, FeeLine, read_lines
from services.clientele.fee_schedules import FeeScheduleFacts

NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
async def schedule(north, south):
    return await fee_schedules.add_fee_schedule(north.admin, FeeScheduleFacts("Standard", NEW_YEAR))


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("99213\t120.00", FeeLine("99213", "", 12_000)),
        ("99213\t25\t$1,120.5", FeeLine("99213", "25", 112_050)),
        ("g0556; ;45", FeeLine("G0556", "", 4_500)),
        ("99213-25\t80", FeeLine("99213", "25", 8_000)),
        ("99213 25\t80", FeeLine("99213", "25", 8_000)),
        ('99213,,"1,120.00"', FeeLine("99213", "", 112_000)),
        ("99213,25,$1,120.00", FeeLine("99213", "25", 112_000)),
        ("99213,.5", FeeLine("99213", "", 50)),
        ("0001F\t0", FeeLine("0001F", "", 0)),
    ],
)
def test_rows_are_read_as_spreadsheets_copy_them(row: str, line: FeeLine) -> None:
    assert read_lines(row) == [line]


def test_a_heading_and_empty_rows_are_skipped() -> None:
    assert len(read_lines("CPT code\tModifier\tFee\n\n99213\t\t1\r\n99214\t\t2\n")) == 2


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("99213", "rows.1.row"),
        ("1\t2\t3\t4", "rows.1.row"),
        ("9921\t5", "rows.1.procedure"),
        ("99213\t2\t5", "rows.1.modifier"),
        ("99213\t-5", "rows.1.amount"),
        ("99213\t1.005", "rows.1.amount"),
        ("99213\tNaN", "rows.1.amount"),
        ("99213\t1e5", "rows.1.amount"),
        ("99213\t٣", "rows.1.amount"),
        ("99213\t999999999999", "rows.1.amount"),
        ("99213\t1\n99213\t2", "rows.2.procedure"),
        ("=HYPERLINK(1)\t5", "rows.1.procedure"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(row: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_lines(row)
    assert [fault.field for fault in refused.value.fields] == [field]


@pytest.mark.parametrize("text", ["", " \n ", "99213\t1\n" * (MOST_ROWS + 1)])
def test_too_little_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_lines(text)


async def test_one_wrong_row_keeps_all_rows_out(north, schedule) -> None:
    with pytest.raises(Invalid):
        await fee_schedules.paste_fee_lines(north.admin, schedule.id, "99213\t120\nxx\t5")
    assert (await fee_schedules.list_fee_lines(north.admin, schedule.id)).items == []


async def test_pasting_adds_changes_and_removes_and_can_be_repeated(north, schedule) -> None:
    first = await fee_schedules.paste_fee_lines(north.admin, schedule.id, "99213\t120\n99214\t150")
    assert (first.added, first.changed, first.removed) == (2, 0, 0)
    again = await fee_schedules.paste_fee_lines(
        north.admin, schedule.id, "99213\t130\n99215\t200", replace=True
    )
    assert (again.added, again.changed, again.removed) == (1, 1, 1)
    lines = (await fee_schedules.list_fee_lines(north.admin, schedule.id)).items
    assert [(line.procedure, line.amount_cents) for line in lines] == [("99213", 13_000), ("99215", 20_000)]
    found = await fee_schedules.list_fee_lines(north.admin, schedule.id, "99215")
    await fee_schedules.remove_fee_line(north.admin, schedule.id, found.items[0].id)
    assert len((await fee_schedules.list_fee_lines(north.admin, schedule.id)).items) == 1


async def test_ten_thousand_rows_go_in_at_once(north, schedule) -> None:
    rows = "\n".join(f"{number:05}\t{number % 500}.25" for number in range(10_000, 20_000))
    pasted = await fee_schedules.paste_fee_lines(north.admin, schedule.id, rows)
    assert pasted.added == 10_000


async def test_lines_page_by_code(north, schedule) -> None:
    rows = "\n".join(f"9921{number}\t1" for number in range(7))
    await fee_schedules.paste_fee_lines(north.admin, schedule.id, rows)
    first = await fee_schedules.list_fee_lines(north.admin, schedule.id, limit=5)
    second = await fee_schedules.list_fee_lines(north.admin, schedule.id, limit=5, cursor=first.next)
    assert [line.procedure[-1] for line in first.items + second.items] == list("0123456")


async def test_the_charge_is_the_payers_before_the_general_and_the_latest_first(
    north, south, schedule, facts
) -> None:
    payer = await payers.add_payer(north.admin, facts.payer)
    own = await fee_schedules.add_fee_schedule(
        north.admin, FeeScheduleFacts("Mutual 2026", date(2026, 6, 1), payer.id)
    )
    await fee_schedules.paste_fee_lines(north.admin, schedule.id, "99213\t100\n99213\t25\t110\n99214\t150")
    await fee_schedules.paste_fee_lines(north.admin, own.id, "99213\t90")
    ask = fee_schedules.charge_for
    assert await ask(north.admin, payer.id, "99213", "", date(2026, 5, 31)) == 10_000
    assert await ask(north.admin, payer.id, "99213", "", date(2026, 6, 1)) == 9_000
    assert await ask(north.admin, None, "99213", "25", date(2026, 6, 1)) == 11_000
    assert await ask(north.admin, payer.id, "99214", "", date(2026, 6, 1)) == 15_000
    assert await ask(north.admin, payer.id, "99214", "", date(2025, 6, 1)) is None
    assert await ask(south.admin, payer.id, "99213", "", date(2026, 6, 1)) is None
    await fee_schedules.deactivate_fee_schedule(north.admin, own.id, "Replaced")
    assert await ask(north.admin, payer.id, "99213", "", date(2026, 6, 1)) == 10_000


async def test_a_schedule_is_confined_versioned_and_named_once(north, south, schedule) -> None:
    for ask in (fee_schedules.get_fee_schedule, fee_schedules.list_fee_lines):
        with pytest.raises(NotFound):
            await ask(south.admin, schedule.id)
    with pytest.raises(NotFound):
        await fee_schedules.paste_fee_lines(south.admin, schedule.id, "99213\t1")
    with pytest.raises(Conflict):
        await fee_schedules.add_fee_schedule(north.admin, FeeScheduleFacts("Standard", NEW_YEAR))
    changed = await fee_schedules.change_fee_schedule(
        north.admin, schedule.id, replace(FeeScheduleFacts("Standard", NEW_YEAR), name="Standard 26"), 1
    )
    assert (changed.name, changed.version) == ("Standard 26", 2)
    with pytest.raises(Stale):
        await fee_schedules.change_fee_schedule(north.admin, schedule.id, FeeScheduleFacts("x", NEW_YEAR), 1)
    assert (await fee_schedules.list_fee_schedules(north.admin, "stand")).items == [changed]
    assert (await fee_schedules.reactivate_fee_schedule(north.admin, schedule.id)).active


async def test_a_contract_is_with_one_payer_and_never_a_charge(north, south) -> None:
    payer = await payers.add_payer(north.admin, payers.PayerFacts(name="Mutual", payer_id="M1"))
    with pytest.raises(Invalid) as caught:
        await fee_schedules.add_fee_schedule(
            north.admin, FeeScheduleFacts("Contract", NEW_YEAR, kind="contract")
        )
    assert [fault.field for fault in caught.value.fields] == ["payer_id"]
    contract = await fee_schedules.add_fee_schedule(
        north.admin, FeeScheduleFacts("Contract", NEW_YEAR, payer.id, "contract")
    )
    await fee_schedules.paste_fee_lines(north.admin, contract.id, "99213\t\t80.00")
    assert contract.kind == "contract"
    assert await fee_schedules.charge_for(north.admin, payer.id, "99213", "", NEW_YEAR) is None
