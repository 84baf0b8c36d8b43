"""How soon answers are expected: the usual limits, a tenant's own, and nobody else's."""

import pytest

from domain.refusals import Invalid, NotAllowed
from services.tenancy.expected_answers import expect_answers_within, expected_answers
from tests.fixtures.tenancy import TenantFixture


async def test_a_tenant_sets_its_own_limits_and_the_other_keeps_the_usual_ones(
    north: TenantFixture, south: TenantFixture
) -> None:
    usual = await expected_answers(north.admin)
    answered = await expect_answers_within(north.admin, {"999": 60})
    assert answered == usual | {"999": 60}
    assert await expected_answers(north.admin) == answered
    assert await expected_answers(south.admin) == usual


async def test_a_limit_that_is_left_out_goes_back_to_the_usual_one(
    north: TenantFixture, south: TenantFixture
) -> None:
    usual = await expected_answers(north.admin)
    await expect_answers_within(north.admin, {"999": 60, "835": 3600})
    assert await expect_answers_within(north.admin, {"835": 3600}) == usual | {"835": 3600}


@pytest.mark.parametrize("limits", [{"998": 60}, {"999": 1}, {"835": 10**9}])
async def test_a_limit_that_cannot_be_is_refused_at_its_field(
    north: TenantFixture, south: TenantFixture, limits: dict[str, int]
) -> None:
    usual = await expected_answers(north.admin)
    with pytest.raises(Invalid) as refused:
        await expect_answers_within(north.admin, limits)
    assert [fault.field for fault in refused.value.fields] == list(limits)
    assert await expected_answers(north.admin) == usual


async def test_only_who_sets_up_connections_sets_the_limits(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await north.actor("Biller")
    with pytest.raises(NotAllowed):
        await expect_answers_within(biller, {"999": 60})
