"""The demo company's forms and fields are there once, and ask what the guide says."""

from typing import Any, cast

from cli.demonstration.forming import FIELDS, write_forms
from cli.demonstration.masters import House
from services.rules import custom_fields, forms
from tests.fixtures.tenancy import TenantFixture


class _House:
    """A company with its administrator."""

    def __init__(self, tenant: TenantFixture) -> None:
        self.tenant = tenant

    async def admin(self) -> Any:
        return self.tenant.admin


async def test_forms_and_fields_are_written_once(north: TenantFixture, south: TenantFixture) -> None:
    house = cast(House, _House(north))
    assert await write_forms(house) and not await write_forms(house)
    assert len(await custom_fields.list_custom_fields(north.admin)) == len(FIELDS)
    standing = [
        (one.line.kind, one.line.number, one.line.drafted) for one in await forms.list_forms(north.admin)
    ]
    assert standing == [("denial", None, True), ("silence", 1, False)]
    assert await forms.list_forms(south.admin) == []
