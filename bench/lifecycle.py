"""Whole claims from released to paid, beside bare workflows on the same Temporal server.

A stack of its own as in production: durable PostgreSQL, Temporal on a file, the worker and the practice clearinghouse
as processes. The clearinghouse answers at once, batches gather for no time, and the mailbox is looked into twice a second.
A claim counts when it is paid, its process has followed that up and has ended.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from activities import courier
from activities.edi.messages import ConnectionInput
from activities.ports import Ports, install
from cli.house import master_key
from cli.stack import Stack
from database import session as database
from domain.tenancy import Actor, workflow_actor
from integrations.clearinghouse import HttpPracticeDesk
from integrations.payments import FilePayments
from integrations.temporal import connect
from services.claims import capture
from services.claims.views import ClaimDraft, LineDraft
from services.clientele import clients, coverages, patients, payers
from services.clientele.clients import ClientFacts
from services.clientele.coverages import CoverageFacts
from services.clientele.patients import PatientFacts
from services.clientele.payers import PayerFacts
from services.tenancy import registration, sign_in
from settings import Settings

ROUNDS = 5
CLAIMS = 100
AT_ONCE = courier.AT_ONCE
LOOK_SECONDS = 0.5
LEAST_RATIO = 0.25
PASSWORD = "blue harbor lantern 42"


@workflow.defn(sandboxed=False)
class Bare:
    """Starts and ends. Like the product's worker without the SDK's sandbox, so that both cost the same there."""

    @workflow.run
    async def run(self) -> None:
        """Nothing."""


@dataclass
class Tenant:
    """Whose claims are measured."""

    actor: Actor
    connection_id: UUID
    client_id: UUID
    payer_id: UUID
    patients: int = 0


def run() -> dict[str, Any]:
    """Alternate rounds of bare workflows and of whole claims; medians of each."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        bare, whole = asyncio.run(_measure(Path(folder)))
    ratio = median(whole) / median(bare)
    return {
        "bench": "lifecycle",
        "figures": {
            "claims_per_second": round(median(whole), 2),
            "bare_workflows_per_second": round(median(bare), 2),
            "ratio": round(ratio, 3),
            "rounds": ROUNDS,
            "claims_per_round": CLAIMS,
        },
        "holds": {f"ratio_at_least_{LEAST_RATIO}": ratio >= LEAST_RATIO},
    }


async def _measure(folder: Path) -> tuple[list[float], list[float]]:
    settings = {"BATCH_SECONDS": "0", "POLL_SECONDS": "3600", "LOG_LEVEL": "WARNING"}
    async with AsyncExitStack() as opened:
        stack = await opened.enter_async_context(
            Stack(folder, environment=settings, roles=frozenset({"sandbox", "worker"}))
        )
        temporal = await _open(stack)
        opened.push_async_callback(database.stop)
        tenant = await _tenant()
        await opened.enter_async_context(Worker(temporal, task_queue="bare", workflows=[Bare]))
        bare, whole = [], []
        await _bare(temporal)  # the first ones warm everybody up
        for _ in range(ROUNDS):
            claim_ids = await _ready_claims(tenant)
            bare.append(CLAIMS / await _timed(_bare(temporal)))
            whole.append(CLAIMS / await _timed(_paid(temporal, tenant, claim_ids)))
        courier.start(None)
        install(None)
        return bare, whole


async def _open(stack: Stack) -> Client:
    settings = Settings.from_environment(stack.variables())
    key = master_key(settings)
    await database.start(stack.database_url, key, max_size=settings.database_pool_size)
    temporal = await connect(stack.temporal_address, key)
    install(Ports(FilePayments(stack.data / "customers.jsonl"), HttpPracticeDesk(stack.sandbox_control_url)))
    courier.start(temporal)
    return temporal


async def _tenant() -> Tenant:
    """A tenant by the front door: registered, signed in, with the least it needs to bill."""
    asked = await registration.register(
        request_key=str(uuid4()),
        company="Bench Billing",
        subdomain="bench",
        plan="pro",
        kind="billing",
        admin_email="ada@bench-billing.com",
        admin_name="Ada Bench",
        password=PASSWORD,
    )

    async def ready() -> bool:
        return (await registration.registration(asked.id)).status == "ready"

    await _until(ready)
    token = (await sign_in.sign_in("ada@bench-billing.com", PASSWORD, "bench")).token
    actor = await sign_in.actor_for(token, "bench")
    client = await clients.add_client(
        actor,
        ClientFacts("Hill Family Practice", "1234567893", "123456789", "207Q00000X", "12 Hill Road", "Dayton", "OH",
                    "454021234", phone="9375550100"),
    )  # fmt: skip
    payer = await payers.add_payer(actor, PayerFacts(name="Practice Mutual", payer_id="PM001"))
    (connection,) = await _rows(actor, "SELECT id FROM connections")
    return Tenant(actor, connection["id"], client.id, payer.id)


async def _bare(temporal: Client) -> None:
    async def one() -> None:
        await temporal.execute_workflow(Bare.run, id=f"{uuid4()}/bare/{uuid4()}", task_queue="bare")

    await _side_by_side(one() for _ in range(CLAIMS))


async def _ready_claims(tenant: Tenant) -> list[UUID]:
    """New clean claims of a new patient, scrubbed, each waiting for its release."""
    patient_id, coverage_id = await _patient(tenant)

    async def one(number: int) -> UUID:
        return (await capture.create(tenant.actor, _draft(tenant, patient_id, coverage_id, number))).id

    made = await _side_by_side(one(number) for number in range(CLAIMS))
    await _until(lambda: _all_at(tenant, "ready", made))
    return made


async def _patient(tenant: Tenant) -> tuple[UUID, UUID]:
    """A patient whose claims the practice clearinghouse pays in full, and the coverage."""
    tenant.patients += 1
    patient = await patients.add_patient(
        tenant.actor,
        PatientFacts(client_id=tenant.client_id, last_name="Doe", first_name="Jane", sex="F",
                     birth_date=date(1950 + tenant.patients, 1, 31), line1="7 Oak Street", city="Dayton", state="OH",
                     postal_code="45402"),
    )  # fmt: skip
    facts = CoverageFacts(patient.id, tenant.payer_id, member_id="ABC12300")
    return patient.id, (await coverages.add_coverage(tenant.actor, facts)).id


def _draft(tenant: Tenant, patient_id: UUID, coverage_id: UUID, number: int) -> ClaimDraft:
    """Two services on a day of its own: a second visit on the same day would be held as a duplicate."""
    day = datetime.now(UTC).date() - timedelta(days=10 + number)
    lines = tuple(
        LineDraft(code, cents, Decimal(1), day, day) for code, cents in (("99213", 10_000), ("83036", 6_000))
    )
    return ClaimDraft(tenant.client_id, patient_id, coverage_id, lines, ("E119",))


async def _paid(temporal: Client, tenant: Tenant, claim_ids: list[UUID]) -> None:
    """Release them, and wait until the last one is paid and its process has ended."""
    looking = asyncio.create_task(_keep_looking(temporal, tenant))
    outcomes = await capture.release_many(tenant.actor, claim_ids)
    assert all(one.done for one in outcomes), outcomes
    await _until(lambda: _all_at(tenant, "closed", claim_ids))
    looking.cancel()


async def _keep_looking(temporal: Client, tenant: Tenant) -> None:
    asked = ConnectionInput(tenant.actor.tenant_id, tenant.connection_id)
    while True:
        look = f"{tenant.actor.tenant_id}/look/{uuid4()}"
        await temporal.execute_workflow("ConnectionPoller", asked, id=look, task_queue="edi")
        await asyncio.sleep(LOOK_SECONDS)


async def _all_at(tenant: Tenant, step: str, claim_ids: list[UUID]) -> bool:
    """Whether none is anywhere else; it stops at the first that is."""
    sql = "SELECT 1 FROM claims WHERE tenant_id = current_tenant() AND id = ANY($1) AND step <> $2 LIMIT 1"
    return not await _rows(tenant.actor, sql, claim_ids, step)


async def _rows(actor: Actor, sql: str, *args: Any) -> list[Any]:
    async with database.tenant_session(workflow_actor(actor.tenant_id, "bench")) as session:
        return await session.fetch(sql, *args)


async def _side_by_side(steps: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(step: Coroutine[Any, Any, Any]) -> Any:
        async with room:
            return await step

    return await asyncio.gather(*(one(step) for step in steps))


async def _until(holds: Callable[[], Awaitable[bool]], seconds: float = 120.0) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.05)


async def _timed(step: Awaitable[None]) -> float:
    began = time.perf_counter()
    await step
    return time.perf_counter() - began
