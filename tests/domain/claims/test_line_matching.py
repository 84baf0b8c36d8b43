"""Which line a service of a remittance answers, and how sure that is, sign by sign."""

from dataclasses import dataclass
from datetime import date

import pytest

from domain.claims.line_matching import LineMatch, match_lines, match_services, rank_lines
from domain.x12.facts_835 import Dated, ServicePayment

DAY, NEXT = date(2026, 10, 1), date(2026, 10, 2)


@dataclass(frozen=True)
class Billed:
    """A line of a professional claim."""

    procedure: str = "99213"
    charge_cents: int = 10_000
    service_from: date | None = DAY
    control_number: str = ""
    modifiers: tuple[str, ...] = ("25",)


@dataclass(frozen=True)
class Revenue(Billed):
    """A line of an institutional claim."""

    revenue_code: str = "0450"


def service(ordinal: int = 1, day: date | None = DAY, **facts: object) -> ServicePayment:
    dates = (Dated("472", f"{day:%Y%m%d}", day),) if day else ()
    made = ServicePayment(
        ordinal, 0, "HC", "99213", ("25",), 10_000, 8_000, "", "1", "", "", "", (), (), dates, (), (), ()
    )
    return made._replace(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "one", "match"),
    [
        (Billed(), service(), LineMatch(1, 95, "procedure")),
        (Billed(), service(modifiers=("26",)), LineMatch(1, 85, "procedure")),
        (Billed(), service(charge_cents=-10_000), LineMatch(1, 95, "procedure")),
        (Billed(), service(day=None), LineMatch(1, 95, "procedure")),
        (Billed(service_from=None), service(), LineMatch(1, 95, "procedure")),
        (Billed(), service(procedure="99999", original_procedure="HC:99213:25"), LineMatch(1, 88, "procedure")),
        (Billed(), service(procedure="99999", original_procedure="HC:99214"), LineMatch(0, 55, "")),
        (Billed(procedure="HC1"), service(original_procedure="HC1"), LineMatch(1, 88, "procedure")),
        (Billed(procedure="1"), service(original_procedure="HC:1"), LineMatch(1, 88, "procedure")),
        (Billed(procedure=""), service(original_procedure="HC:"), LineMatch(0, 55, "")),
        (Billed(), service(qualifier="N4", procedure="00002"), LineMatch(1, 82, "procedure")),
        *[
            (Billed(), service(qualifier=qualifier), LineMatch(1, 95, "procedure"))
            for qualifier in ("HC", "HP", "AD", "ER", "IV", "WK")
        ],
        (Billed(), service(charge_cents=5_000), LineMatch(0, 60, "")),
        (Billed(), service(procedure="99214"), LineMatch(0, 55, "")),
        (Billed(), service(day=NEXT), LineMatch(0, 30, "")),
        (Billed(), service(day=NEXT, charge_cents=5_000), LineMatch(0, 30, "")),
        (Billed(), service(day=NEXT, procedure="99214"), LineMatch(0, 30, "")),
        (Billed(), service(charge_cents=5_000, procedure="99214"), LineMatch(0, 0, "")),
        (Billed(), service(day=NEXT, charge_cents=5_000, procedure="99214"), LineMatch(0, 0, "")),
        (Billed(), service(qualifier="N4", charge_cents=5_000), LineMatch(0, 0, "")),
        (Revenue(), service(revenue_code="0450"), LineMatch(1, 95, "procedure")),
        (Revenue(), service(), LineMatch(1, 95, "procedure")),
        (Revenue(), service(qualifier="NU", procedure="0450"), LineMatch(1, 82, "procedure")),
        (Revenue(), service(qualifier="NU", procedure="0300"), LineMatch(0, 55, "")),
        (Revenue(), service(revenue_code="0300"), LineMatch(0, 55, "")),
        (Billed(control_number="L1"), service(control_number=" l1 ", procedure="X"), LineMatch(1, 100, "control_number")),
    ],
)  # fmt: skip
def test_each_sign_has_its_weight_and_nothing_below_the_sure_is_a_match(
    line: Billed, one: ServicePayment, match: LineMatch
) -> None:
    assert match_lines([line], [one]) == {1: match}
    assert match_services([line], [one]) == ({1: 1} if match.position else {})


def test_a_person_stands_before_every_number_and_takes_the_line() -> None:
    lines = [Billed(control_number="L1"), Billed()]
    found = match_lines(lines, [service(control_number="L1"), service(2)], {1: 2})
    assert found == {1: LineMatch(2, 100, "person"), 2: LineMatch(1, 95, "procedure")}


def test_lines_alike_are_taken_in_order_and_one_that_is_left_over_is_told() -> None:
    found = match_lines([Billed(), Billed()], [service(1), service(2), service(3)])
    assert found == {
        1: LineMatch(1, 90, "order"),
        2: LineMatch(2, 95, "procedure"),
        3: LineMatch(0, 0, ""),
    }
    unlike = [Billed(modifiers=("25",)), Billed(procedure="99214")]
    assert match_lines(unlike, [service(qualifier="N4")]) == {1: LineMatch(0, 79, "")}


def test_a_number_that_two_lines_share_or_none_has_names_no_line() -> None:
    shared = [
        Billed(control_number="L1", charge_cents=1),
        Billed("99214", control_number="L1", charge_cents=2),
    ]
    assert match_lines(shared, [service(control_number="L1", charge_cents=3)])[1].position == 0
    nameless = [Billed(charge_cents=1), Billed("99214", charge_cents=2, control_number="L2")]
    assert match_lines(nameless, [service(procedure="X", charge_cents=3)])[1].position == 0


def test_candidates_come_likeliest_first_with_what_speaks_for_each() -> None:
    lines = [
        Billed("99214", 1, NEXT),
        Billed("99214", service_from=NEXT),
        Billed(charge_cents=1),
        Billed(),
        Billed("99214", service_from=None),
    ]
    ranked = rank_lines(lines, service())
    assert [(match.position, match.confidence, match.by) for match, _ in ranked] == [
        (4, 95, "procedure"), (3, 60, "procedure"), (5, 55, "charge"), (2, 30, "charge"),
    ]  # fmt: skip
    assert [len(reasons) for _, reasons in ranked] == [3, 2, 1, 1]
    assert ranked[1][1] == ("the procedure is the same", "the day is the same")
    assert rank_lines([Billed(service_from=None)], service(day=None))[0][1] == (
        "the procedure is the same",
        "the charge is the same",
    )
    (weak,) = rank_lines([Billed(service_from=NEXT)], service(charge_cents=1))
    assert weak[0] == LineMatch(1, 30, "procedure")
