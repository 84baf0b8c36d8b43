"""Subscription billing: what onboarding asks of a payment provider, and a stand-in that keeps a ledger in a file."""

import asyncio
import fcntl
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class PaymentRefused(Exception):
    """The provider says no for good. `code` is the provider's reason; asking again changes nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PaymentsUnavailable(Exception):
    """The provider does not answer; asking again later may work."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is billed. `reference` is our tenant's id."""

    reference: str
    name: str
    email: str
    plan: str


class PaymentProvider(Protocol):
    """A provider such as Stripe. Every call may be repeated: the same key means the same customer."""

    async def open_customer(self, request_key: str, customer: Customer) -> str:
        """Make the customer, or find the one made with this key; its id at the provider.

        Raises PaymentRefused for good and PaymentsUnavailable for now."""
        ...

    async def find_customer(self, request_key: str) -> str:
        """The id of the customer made with this key, or an empty string."""
        ...

    async def close_customer(self, customer_id: str) -> None:
        """Stop billing a customer; closing one that is closed or unknown does nothing."""
        ...


class FilePayments:
    """A working provider without a provider: customers are lines of JSON in one file, the last line of an id counts."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def open_customer(self, request_key: str, customer: Customer) -> str:
        """Append the customer unless a line with its id is there."""
        identifier = _identifier(request_key)
        facts = {"reference": customer.reference, "name": customer.name, "email": customer.email}
        line = {"id": identifier, "status": "open", "plan": customer.plan, **facts}
        await asyncio.to_thread(self._append, line)
        return identifier

    async def find_customer(self, request_key: str) -> str:
        """Look for a line with the id that follows from the key."""
        identifier = _identifier(request_key)
        return identifier if identifier in await self.customers() else ""

    async def close_customer(self, customer_id: str) -> None:
        """Append the end of the customer."""
        if customer_id in await self.customers():
            await asyncio.to_thread(self._append, {"id": customer_id, "status": "closed"})

    async def customers(self) -> dict[str, dict[str, Any]]:
        """Every customer by id, as the last line about it says."""
        return await asyncio.to_thread(self._read)

    def _append(self, line: dict[str, Any]) -> None:
        """Under a lock of the operating system: several workers may share the file."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a+", encoding="utf-8") as ledger:
            fcntl.flock(ledger, fcntl.LOCK_EX)
            known = self._read().get(line["id"], {})
            if known.get("status") != line["status"]:
                ledger.write(json.dumps({**known, **line}) + "\n")
                ledger.flush()
                os.fsync(ledger.fileno())

    def _read(self) -> dict[str, dict[str, Any]]:
        if not self._file.exists():
            return {}
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return {line["id"]: line for line in map(json.loads, lines)}


def _identifier(request_key: str) -> str:
    return "cus_" + hashlib.sha256(request_key.encode()).hexdigest()[:24]
