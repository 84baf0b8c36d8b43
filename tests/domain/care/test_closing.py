"""What a close has left behind it, the ids that it makes, and what its claims charge."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain.care.closing import Event, Step, claim_id, patient_month_id, visited
from domain.care.codes import STANDARD
from domain.care.entries import Programme
from domain.care.exceptions import BilledEnrolment, MonthFacts
from domain.care.minutes import reckon
from domain.care.month_claims import claims_of
from tests.domain.care.months import DR_CHO, NOVEMBER, month_of, spent

TENANT, PATIENT, OCTOBER = UUID(int=1), UUID(int=2), date(2026, 10, 1)
FROZEN = datetime(2026, 11, 3, 6, 0, 0, 250_000, UTC)


@pytest.mark.parametrize(
    ("step", "events", "left"),
    [
        (Step.FREEZING, (), []),
        (Step.COMPUTING, (Event.FROZEN,), ["freezing"]),
        (Step.EXCEPTIONS, (Event.EXCEPTIONS_FOUND,), ["freezing", "computing"]),
        (Step.CLOSED, (Event.SETTLED,), ["freezing", "computing"]),
        (Step.CLOSED, (Event.EXCEPTIONS_FOUND, Event.SETTLED), ["freezing", "computing", "exceptions"]),
        (Step.REOPENED, (Event.EXCEPTIONS_FOUND,), ["freezing", "computing", "exceptions"]),
        (Step.REOPENED, (Event.SETTLED,), ["freezing", "computing", "closed"]),
    ],
)
def test_a_close_has_left_the_steps_that_it_was_in(
    step: Step, events: tuple[Event, ...], left: list[str]
) -> None:
    assert visited(step, events) == left


def test_a_patient_month_and_its_claims_have_the_same_ids_in_every_release() -> None:
    one = patient_month_id(TENANT, PATIENT, OCTOBER, 1)
    assert one == UUID("02e6e03b-d1d0-501f-a95b-60fc8af11007")
    assert claim_id(FROZEN, one) == UUID("01a19ffe-37fa-7329-bc81-8ddc8164b25d")
    assert claim_id(FROZEN, one, 1) == UUID("01a19ffe-37fa-7063-ab46-5ec6abe892d0")


def test_every_tenant_patient_month_and_revision_has_ids_of_its_own() -> None:
    made = {
        patient_month_id(TENANT, PATIENT, OCTOBER, 1),
        patient_month_id(PATIENT, TENANT, OCTOBER, 1),
        patient_month_id(TENANT, TENANT, OCTOBER, 1),
        patient_month_id(TENANT, PATIENT, date(2025, 10, 1), 1),
        patient_month_id(TENANT, PATIENT, OCTOBER, 2),
    }
    assert (
        len(made) == 5 and len({claim_id(FROZEN, one, number) for one in made for number in range(3)}) == 15
    )


def test_claims_of_a_later_close_come_after_those_of_an_earlier_one() -> None:
    later = FROZEN + timedelta(milliseconds=1)
    ids = [claim_id(moment, UUID(int=number)) for moment in (FROZEN, later) for number in range(9)]
    assert max(ids[:9]) < min(ids[9:])
    assert {(one.version, one.int >> 80) for one in ids[:9]} == {(7, int(FROZEN.timestamp() * 1000))}


@pytest.mark.parametrize(
    ("fees", "charges"),
    [
        ({"99490": 6500, "99439": 5000}, [6500, 10_000]),
        ({"99490": 6500}, [6500, 0]),
        ({}, [0, 0]),
        (None, [0, 0]),
    ],
)
def test_a_claim_charges_each_unit_and_nothing_for_what_has_no_fee(
    fees: dict[str, int] | None, charges: list[int]
) -> None:
    facts = MonthFacts(NOVEMBER.last, True, True, (BilledEnrolment("ccm", DR_CHO, None),), None, fees)
    (claim,) = claims_of(reckon([spent(0, 3600)], month_of(Programme.CCM), STANDARD), facts)
    assert [line.charge_cents for line in claim.lines] == charges
    assert (claim.practitioner_id, claim.diagnoses) == (DR_CHO, ()), "without a plan there are none"
