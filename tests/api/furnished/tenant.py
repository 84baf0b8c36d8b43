"""What a furnished tenant is: its rows by name, and the word that tells them from another tenant's."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from tests.fixtures.tenancy import TenantFixture


@dataclass
class Furnished:
    """Ids by the names of path and body parameters, and the word that is in every name of this tenant's rows."""

    tenant: TenantFixture
    mark: str
    ids: dict[str, UUID] = field(default_factory=dict)

    async def add(self, admin: httpx.AsyncClient, name: str, address: str, body: dict[str, Any]) -> None:
        """Make a record through the API and keep its id under this name."""
        answer = await admin.post(address, json=body)
        assert answer.is_success, f"{address}: {answer.text}"
        told = answer.json()
        self.ids[name] = UUID((told if "id" in told else told["line"])["id"])
