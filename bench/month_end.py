"""A month of care closed with evidence packets and claims, and the packet beside bare WeasyPrint of the same HTML.

The close is the real one: workflows, worker and packets' processes of a stack of its own. For the packet's share both are
timed in turn, one document at a time: bare `HTML(string=…).write_pdf()` of the packet's own HTML with its styles inside,
and what the product needs for a packet: gathered, rendered as PDF/A with its facts, hashed, sealed, stored and audited.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import weasyprint

from activities import courier
from activities.care.packets import gather, keep, rendered
from activities.care.reckoning import MonthKey, month_at, reckoned
from activities.ports import Ports, install
from cli.house import master_key
from cli.stack import Stack
from database import session as database
from database.care_plans import BODY
from database.care_reads import SAID, practice_of
from database.clientele_phi import Insured, seal_insured, seal_person
from database.documents import pages_of
from database.session import Session
from domain.care.enrolment import CONSENT_POINTS
from domain.care.minutes import Reckoning
from domain.care.month import Month
from domain.care.packet import PacketFacts
from domain.care.packet_sheet import packet_sheet
from domain.care.plan import CarePlan, Goal, Intervention, Problem, as_json
from domain.claims.model import Address, Person
from domain.tenancy import Actor, workflow_actor
from integrations import pdf, pdf_processes
from integrations.clearinghouse import HttpPracticeDesk
from integrations.payments import FilePayments
from integrations.temporal import connect
from services.care import months, practices
from services.care.practices import PracticeFacts
from services.clientele import clients, payers, providers
from services.clientele.clients import ClientFacts
from services.clientele.payers import PayerFacts
from services.clientele.providers import ProviderFacts
from services.tenancy import registration, sign_in
from settings import Settings

PATIENTS = 200
PACKETS = 15
ENTRIES = 14
EACH = 300  # patients of one coordinator: as many as find moments of their own in a day
LEAST_SHARE = 0.8
ZONE = "America/Chicago"
PASSWORD = "blue harbor lantern 42"
_PERSON = Person(
    "Doe", "Jane", date(1948, 3, 9), "F", Address("7 Oak Street", "", "Dayton", "OH", "454020001")
)
_KINDS = ("patient_call", "care_plan_review", "medication_management", "provider_coordination")


@dataclass
class Company:
    """Whose month is closed."""

    actor: Actor
    client_id: UUID
    payer_id: UUID
    provider_id: UUID
    month: Month
    before: Month  # of which packets are made one by one, so that the close finds none of its own
    coordinators: list[UUID] = field(default_factory=list)


def run(patients: int = PATIENTS, packets: int = PACKETS) -> dict[str, Any]:
    """So many packets beside bare documents, then one close of so many patients; the share is the median of the pairs'."""
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        seconds, billed, pairs, pages = asyncio.run(_measure(Path(folder), patients, packets))
    share = median(bare / ours for bare, ours in pairs)
    return {
        "bench": "month-end",
        "figures": {
            "patients": patients,
            "billed_with_packet_and_claim": billed,
            "patients_closed_per_second": round(patients / seconds, 2),
            "minutes_for_5000_patients": round(5000 * seconds / patients / 60, 1),
            "pages_of_a_packet": pages,
            "bare_ms_per_packet": round(median(bare for bare, _ in pairs) * 1e3),
            "ours_ms_per_packet": round(median(ours for _, ours in pairs) * 1e3),
            "packets_share_of_bare": round(share, 3),
        },
        "holds": {
            "every patient was billed once, with a packet": billed == patients,
            f"packets_share_at_least_{LEAST_SHARE}": share >= LEAST_SHARE,
        },
    }


async def _measure(
    folder: Path, patients: int, packets: int
) -> tuple[float, int, list[tuple[float, float]], int]:
    async with AsyncExitStack() as opened:
        quiet = {"LOG_LEVEL": "WARNING"}
        stack = await opened.enter_async_context(
            Stack(folder, environment=quiet, roles=frozenset({"sandbox", "worker"}))
        )
        await _open(stack)
        opened.push_async_callback(database.stop)
        opened.callback(pdf_processes.stop)
        company = await _company()
        async with _session(company) as session:
            company.coordinators = await _coordinators(session, 1 + (patients - 1) // EACH)
            made = [await _patient(session, company, number) for number in range(patients)]
        async with _session(company) as session:
            rows = [row for number, whose in enumerate(made) for row in _time(company, number, *whose)]
            await session.copy("care_time_entries", _ENTRY, rows)
        pairs, pages = await _beside_bare(company, [patient for _, patient in made[: packets + 1]])
        seconds, billed = await _closed(company, patients)
        courier.start(None)
        install(None)
        return seconds, billed, pairs, pages


async def _closed(company: Company, patients: int) -> tuple[float, int]:
    """Seconds from the click to the end of the last patient, and how many were billed with a packet and one claim."""
    began = time.perf_counter()
    await months.close_month(company.actor, f"{company.month.first:%Y-%m}")
    async with asyncio.timeout(60 + 10 * patients):
        while True:
            row = (await _rows(company, "SELECT step FROM care_months"))[0]
            if row["step"] in ("closed", "exceptions"):
                break
            await asyncio.sleep(0.2)
    seconds = time.perf_counter() - began
    sql = """SELECT count(DISTINCT k.claim_id) AS n FROM care_patient_months p
        JOIN care_month_claims k ON k.patient_month_id = p.id AND NOT k.taken_back
        WHERE p.outcome = 'billed' AND p.packet_id IS NOT NULL"""
    return seconds, (await _rows(company, sql))[0]["n"]


async def _beside_bare(company: Company, patients: list[UUID]) -> tuple[list[tuple[float, float]], int]:
    """Seconds of bare and ours for each patient, one after the other; the first pair warms both up and does not count."""
    pairs, pages = [], 0
    for patient_id in patients:
        async with _session(company) as session:
            key = month_at(await practice_of(session, company.client_id), company.before.first)
            result = (await reckoned(session, [patient_id], key))[patient_id]
        began = time.perf_counter()
        facts = await _made(company, patient_id, key, result)
        ours = time.perf_counter() - began
        html = _standing_alone(facts)
        began = time.perf_counter()
        body = await asyncio.to_thread(_bare, html)
        pairs.append((time.perf_counter() - began, ours))
        pages = pages_of(body)
    return pairs[1:], pages


async def _made(company: Company, patient_id: UUID, key: MonthKey, result: Reckoning) -> PacketFacts:
    """One packet as the close makes it."""
    async with _session(company) as session:
        facts = await gather(session, patient_id, key, result)
    body = await rendered(facts)
    async with _session(company) as session:
        await keep(session, facts, body)
    return facts


def _bare(html: str) -> bytes:
    body: bytes = weasyprint.HTML(string=html).write_pdf()
    return body


def _standing_alone(facts: PacketFacts) -> str:
    """The same HTML for WeasyPrint alone: the print style and the foot stand inside."""
    styles = f"<style>{pdf.style()}{pdf.foot_of(facts.digest)}</style></head>"
    return packet_sheet(facts).replace("</head>", styles, 1)


async def _open(stack: Stack) -> None:
    settings = Settings.from_environment(stack.variables())
    key = master_key(settings)
    await database.start(stack.database_url, key, max_size=settings.database_pool_size)
    temporal = await connect(stack.temporal_address, key)
    install(Ports(FilePayments(stack.data / "customers.jsonl"), HttpPracticeDesk(stack.sandbox_control_url)))
    courier.start(temporal)


async def _company() -> Company:
    """A care company by the front door, with a practice and its practitioner."""
    asked = await registration.register(
        request_key=str(uuid4()), company="Bench Care", subdomain="bench", plan="pro", kind="care",
        admin_email="ada@bench-care.com", admin_name="Ada Bench", password=PASSWORD,
    )  # fmt: skip
    async with asyncio.timeout(120):
        while (await registration.registration(asked.id)).status != "ready":
            await asyncio.sleep(0.1)
    actor = await sign_in.actor_for(
        (await sign_in.sign_in("ada@bench-care.com", PASSWORD, "bench")).token, "bench"
    )
    facts = ClientFacts("Hill Family Practice", "1234567893", "123456789", "207Q00000X", "12 Hill Road", "Dayton", "OH",
                        "454021234", phone="9375550100")  # fmt: skip
    client = await clients.add_client(actor, facts)
    payer = await payers.add_payer(actor, PayerFacts(name="Medicare Part B", payer_id="MB001"))
    provider = await providers.add_provider(
        actor, ProviderFacts(client.id, "Hill", "Ann", "1987654328", "207Q00000X")
    )
    await practices.save_practice(actor, client.id, PracticeFacts(ZONE))
    last = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)
    earlier = last.replace(day=1) - timedelta(days=1)
    month, before = (Month(one.year, one.month, ZONE) for one in (last, earlier))
    company = Company(actor, client.id, payer.id, provider.id, month, before)
    async with _session(company) as session:
        await _fees(session)
    return company


async def _coordinators(session: Session, number: int) -> list[UUID]:
    rows = await session.fetch(
        "INSERT INTO users (email, name, password_hash) SELECT 'c' || n || '@bench-care.com', 'Coordinator ' || n, '-'"
        " FROM generate_series(1, $1) n RETURNING id",
        number,
    )
    return [row["id"] for row in rows]


async def _fees(session: Session) -> None:
    schedule = await session.value(
        "INSERT INTO fee_schedules (tenant_id, name, effective_from) VALUES ($1, 'Charges', '2020-01-01') RETURNING id",
        session.tenant_id,
    )
    await session.execute_many(
        "INSERT INTO fee_schedule_lines (tenant_id, fee_schedule_id, procedure, amount_cents) VALUES ($1, $2, $3, $4)",
        [(session.tenant_id, schedule, code, cents) for code, cents in (("99490", 6_400), ("99439", 4_800))],
    )


async def _patient(session: Session, company: Company, number: int) -> tuple[UUID, UUID]:
    """One patient in CCM with consent and a complete plan: the ids of enrolment and patient."""
    key, tenant_id = await session.key(), session.tenant_id
    patient: UUID = await session.value(
        "INSERT INTO patients (tenant_id, client_id, account_number, person) VALUES ($1, $2, $3, $4) RETURNING id",
        tenant_id, company.client_id, f"A-{number:05d}", seal_person(key, _PERSON),
    )  # fmt: skip
    await session.execute(
        "INSERT INTO coverages (tenant_id, patient_id, payer_id, subscriber, member_id_index) VALUES ($1, $2, $3, $4, '\\x00')",
        tenant_id, patient, company.payer_id, seal_insured(key, Insured(f"1EG4TE{number:05d}")),
    )  # fmt: skip
    since = company.month.first - timedelta(days=90)
    enrolment: UUID = await session.value(
        "INSERT INTO care_enrolments (tenant_id, client_id, patient_id, programme, practitioner_id, conditions, step,"
        " consented_on, coordinator_id) VALUES ($1, $2, $3, 'ccm', $4, 3, 'active', $5, $6) RETURNING id",
        tenant_id, company.client_id, patient, company.provider_id, since, company.coordinators[number // EACH],
    )  # fmt: skip
    said = {
        "on": since.isoformat(),
        "how": "verbal",
        "given_by": "The patient",
        "points": list(CONSENT_POINTS),
    }
    await session.execute(
        "INSERT INTO care_enrolment_events (tenant_id, enrolment_id, event, step, said, actor_name)"
        " VALUES ($1, $2, 'consented', 'consent', $3, 'Ada Bench')",
        tenant_id, enrolment, key.seal_json(SAID, said),
    )  # fmt: skip
    await session.execute(
        "INSERT INTO care_plans (tenant_id, enrolment_id, patient_id, version, body, complete, stored_on, review_on,"
        " stored_by_name) VALUES ($1, $2, $3, 1, $4, true, $5, $6, 'Ada Bench')",
        tenant_id, enrolment, patient, key.seal_json(BODY, as_json(_PLAN)), since, since + timedelta(days=365),
    )  # fmt: skip
    return enrolment, patient


def _time(company: Company, number: int, enrolment: UUID, patient: UUID) -> Iterator[tuple[Any, ...]]:
    """Entries on as many days of both months; each patient has moments of its own, so that nobody works on two at once."""
    staff_id = company.coordinators[number // EACH]
    for month, day in product((company.month, company.before), range(ENTRIES)):
        starts = month.window[0] + day * 86_400 + number % EACH * 240 + 30
        yield (
            company.actor.tenant_id, enrolment, patient, staff_id, f"Coordinator {1 + number // EACH}", "clinical",
            _KINDS[day % 4], datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(starts + 190 + day, UTC), "live",
            staff_id,
        )  # fmt: skip


_ENTRY = ("tenant_id", "enrolment_id", "patient_id", "staff_id", "staff_name", "credential", "activity", "starts_at", "ends_at",
          "source", "recorded_by")  # fmt: skip
_PLAN = CarePlan(
    (Problem("E119", "Type 2 diabetes"), Problem("I10", "Hypertension"), Problem("N183", "Chronic kidney disease")),
    "fair", "Stable at home",
    (Goal("Walk every day", "HbA1c", "%", "8.4", "at_most", "7.0", date(2027, 1, 31)),),
    "Oriented", "Walks with a cane", "Daily weight",
    (Intervention("Medication review", "Ada Bench", "monthly"),),
    "Reconciled", "Lives with a daughter", "Daughter", "Home health", date(2027, 1, 31),
)  # fmt: skip


def _session(company: Company) -> Any:
    return database.tenant_session(workflow_actor(company.actor.tenant_id, "bench"))


async def _rows(company: Company, sql: str, *args: Any) -> list[Any]:
    async with _session(company) as session:
        found: list[Any] = await session.fetch(sql, *args)
        return found
