"""A whole stack with two tenants and their claims, used through the API; what came of them is read past it."""

import asyncio
import itertools
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from cli.stack import Stack
from cli.story.opening import Scene, registered
from cli.story.program import Json, Program
from tests.fixtures.x12_answers import Clp, Payment, era

PATIENCE = 90.0
VICTIMS = ("postgres", "worker", "sandbox")
_CLAIM_NUMBER = re.compile(rb"CLM\*([A-Z0-9]+)\*")


@dataclass
class House:
    """One tenant: its administrator's program, its connection, and a coverage to bill."""

    tenant_id: str
    program: Program
    username: str
    draft: dict[str, Json]
    _days: "itertools.count[int]" = field(default_factory=lambda: itertools.count(10))

    async def claims(self, number: int) -> list[str]:
        """So many clean claims, scrubbed and not released; their ids."""
        room = asyncio.Semaphore(8)

        async def one() -> str:
            day = (datetime.now(UTC).date() - timedelta(days=next(self._days))).isoformat()
            line = {
                "procedure": "99213",
                "charge_cents": 10_000,
                "units": "1",
                "service_from": day,
                "service_to": day,
            }
            async with room:
                return str((await self.program.post("claims", self.draft | {"lines": [line]}))["id"])

        return list(await asyncio.gather(*(one() for _ in range(number))))

    async def release(self, claim_ids: list[str]) -> list[Json]:
        """Release them; the outcome of each."""
        return list(await self.program.post("claims/release", {"claim_ids": claim_ids}))


@dataclass
class Platform:
    """The stack, its two tenants, and a look past every gate."""

    stack: Stack
    first: House
    second: House
    owner_url: str
    random: random.Random

    async def rows(self, sql: str, *args: Any) -> list[Any]:
        """What the owner of the database sees."""
        owner = await asyncpg.connect(self.owner_url)
        try:
            return list(await owner.fetch(sql, *args))
        finally:
            await owner.close()

    async def all_at(self, claim_ids: list[str], *steps: str) -> None:
        """Return once every claim stands at one of these steps."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            found = await self.rows(
                "SELECT step, count(*) FROM claims WHERE id = ANY($1::uuid[]) GROUP BY step", claim_ids
            )
            if {row["step"] for row in found} <= set(steps):
                return
            assert asyncio.get_running_loop().time() < deadline, (found, await self._in_the_way())
            await asyncio.sleep(0.2)

    async def _in_the_way(self) -> list[Any]:
        """What might explain that claims do not move: batches, connections in trouble, incidents, messages on their way,
        and what the servers said last. A worker whose last words are of ending, and that still has a pid, hangs."""
        said = [f"{name} (pid {self.stack.pid(name)}): {self._last_words(name)}" for name in VICTIMS]
        stored = [
            await self.rows(sql)
            for sql in (
                "SELECT status, created_at, sent_at FROM edi_batches ORDER BY id DESC LIMIT 3",
                "SELECT name, last_error FROM connections WHERE last_error <> ''",
                "SELECT title FROM work_items WHERE kind IN ('incident', 'connection') AND status = 'open'",
                "SELECT name, attempts, next_attempt_at, now() FROM outbox WHERE delivered_at IS NULL LIMIT 5",
            )
        ]
        return stored + said

    def _last_words(self, name: str, lines: int = 15) -> str:
        """The end of a log without the frames of tracebacks."""
        said = self.stack.log(name).read_text("utf-8", "replace").splitlines()
        return "\n".join(["", *[one[:240] for one in said if not one.startswith(" ")][-lines:]])

    async def kill(self, name: str, within: float) -> None:
        """kill -9 at a random moment, and wait until it serves again."""
        await asyncio.sleep(self.random.uniform(0, within))
        self.stack.kill(name)
        await self.stack.serving(name)

    def mailbox(self, house: House, folder: str) -> Path:
        """A folder of the tenant's mailbox, as it lies on the partner's disk."""
        return self.stack.data / "sandbox" / "homes" / house.username / folder

    def submitted(self, house: House) -> list[str]:
        """CLM01 of every claim in every file that reached the partner."""
        files = sorted(self.mailbox(house, "inbound").glob("*.x12"))
        return [number.decode() for file in files for number in _CLAIM_NUMBER.findall(file.read_bytes())]

    async def pay(self, house: House, claim_ids: list[str], strangers: int, trace: str) -> int:
        """Leave an 835 in the mailbox that pays these claims and many that were never sent; the cents it pays."""
        found = await self.rows(
            "SELECT claim_number FROM claim_versions WHERE claim_id = ANY($1::uuid[]) ORDER BY claim_number",
            claim_ids,
        )
        ours = [Clp(row["claim_number"], 10_000, 8_000, cas=(("CO", "45", 2_000),)) for row in found]
        others = [Clp(f"NO{trace}{number:06d}", 5_000, 5_000) for number in range(strangers)]
        payment = Payment(tuple(ours + others), trace=trace)
        part = self.mailbox(house, "outbound") / f"835_{trace}.edi.part"
        part.write_bytes(era(payment))
        part.rename(part.with_suffix(""))
        return payment.stated


async def furnished(http: httpx.AsyncClient, port: int, subdomain: str) -> House:
    """A tenant registered, signed in, and able to bill one patient whose claims the partner pays in full."""
    scene = Scene(http, port)
    email = f"ada@{subdomain}.example"
    made = await registered(scene, f"{subdomain.title()} Billing", subdomain, email, "Ada Lovell")
    program = await scene.signed_in(subdomain, email)
    (connection,) = (await program.get("connections"))["items"]
    client = await program.post("clients", {
        "name": "Lantern Street Clinic", "npi": "1234567893", "tax_id": "791204490", "taxonomy": "207Q00000X",
        "line1": "1 Lantern Street", "city": "Boston", "state": "MA", "postal_code": "021081204",
        "contact_name": "Rosa Field", "phone": "6175550166",
    })  # fmt: skip
    payer = await program.post("payers", {"name": "Lantern Mutual", "payer_id": "LANT1"})
    patient = await program.post("patients", {
        "client_id": client["id"], "last_name": "Marlow", "first_name": "Robin", "birth_date": "1971-03-09", "sex": "F",
        "line1": "7 Quay Lane", "city": "Boston", "state": "MA", "postal_code": "02108",
    })  # fmt: skip
    coverage = await program.post(
        "coverages", {"patient_id": patient["id"], "payer_id": payer["id"], "member_id": "LNT550000"}
    )
    draft = {
        "client_id": client["id"],
        "patient_id": patient["id"],
        "coverage_id": coverage["id"],
        "diagnoses": ["E11.9"],
    }
    return House(made["tenant_id"], program, connection["username"], draft)
