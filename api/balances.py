"""Patients' balances: accounts, payments, small balances and statements."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.balances.statements import StatementRules
from domain.paging import Page
from domain.tenancy import Actor
from services.balances import accounts, payments, rules, small, statements
from services.balances.payments import PaymentFacts, RefundFacts
from services.balances.small import WriteOffOutcome
from services.balances.views import BalanceLine, PatientAccount, RunView, SmallBalance


@dataclass(frozen=True, slots=True)
class Payment:
    """A patient's payment. `claims` are ids with cents; without them the oldest service is paid first."""

    amount_cents: int
    method: str
    received_on: date
    reference: str = ""
    claims: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteOffs:
    """Claims whose share of the patient is given up, and why."""

    claim_ids: list[UUID]
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """The date that the statements carry; null for today."""

    statement_on: date | None = None


class Balances(Controller):
    """What patients owe, and their money."""

    path = "/patient-balances"
    tags = ("Patient balances",)

    @get("/")
    async def list_balances(
        self,
        actor: Actor,
        show: str = "",
        client_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[BalanceLine]:
        """Patients who owe or have credit, the largest balance first. Reading it is audited."""
        return await accounts.list_balances(actor, show=show, client_id=client_id, cursor=cursor, limit=limit)

    @get("/{patient_id:uuid}")
    async def patient_account(self, actor: Actor, patient_id: UUID) -> PatientAccount:
        """A patient's account: shares by claim, payments, statements, ageing."""
        return await accounts.patient_account(actor, patient_id)

    @post("/{patient_id:uuid}/payments")
    async def take_payment(self, actor: Actor, patient_id: UUID, data: Payment) -> PatientAccount:
        """Take a payment: cash up, the patient's share down, what is left is credit."""
        claims = payments.chosen_claims(data.claims)
        facts = PaymentFacts(data.amount_cents, data.method, data.received_on, data.reference, claims or None)
        return await payments.take_payment(actor, patient_id, facts)

    @post("/{patient_id:uuid}/payments/{transaction_id:uuid}/reverse", status_code=200)
    async def reverse_payment(
        self, actor: Actor, patient_id: UUID, transaction_id: UUID, data: Reason
    ) -> PatientAccount:
        """Take a payment back, with a reason: new rows, nothing is changed."""
        return await payments.reverse_payment(actor, patient_id, transaction_id, data.reason)

    @post("/{patient_id:uuid}/refunds")
    async def refund_credit(self, actor: Actor, patient_id: UUID, data: RefundFacts) -> PatientAccount:
        """Give credit back to the patient, with a reason."""
        return await payments.refund_credit(actor, patient_id, data)

    @post("/{patient_id:uuid}/apply-credit", status_code=200)
    async def apply_credit(self, actor: Actor, patient_id: UUID) -> PatientAccount:
        """Put the patient's credit on what is owed, the oldest service first."""
        return await payments.apply_credit(actor, patient_id)

    @get("/small")
    async def small_balances(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[SmallBalance]:
        """Shares up to the tenant's limit, where every payer has answered."""
        return await small.small_balances(actor, cursor=cursor, limit=limit)

    @post("/write-off", status_code=200)
    async def write_off_many(self, actor: Actor, data: WriteOffs) -> list[WriteOffOutcome]:
        """Give up shares of claims; the outcome of each. Above the limit it takes whoever decides on remittances."""
        return await small.write_off_many(actor, data.claim_ids, data.reason)

    @post("/claims/{claim_id:uuid}/write-off", status_code=200)
    async def write_off_share(self, actor: Actor, claim_id: UUID, data: Reason) -> WriteOffOutcome:
        """Give up what the patient owes of one claim."""
        return await small.write_off_share(actor, claim_id, data.reason)


class Statements(Controller):
    """Statements to patients: the rules, and the runs that print them."""

    path = "/statements"
    tags = ("Patient balances",)

    @get("/rules")
    async def statement_rules(self, actor: Actor) -> StatementRules:
        """Minimum balance, cycle, number of statements, days to pay, limit of small balances."""
        return await rules.statement_rules(actor)

    @put("/rules")
    async def change_statement_rules(self, actor: Actor, data: StatementRules) -> StatementRules:
        """Replace the rules; a run under way keeps those that it began with."""
        return await rules.change_statement_rules(actor, data)

    @get("/runs")
    async def list_statement_runs(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[RunView]:
        """Runs with their progress, newest first."""
        return await statements.list_statement_runs(actor, cursor=cursor, limit=limit)

    @post("/runs")
    async def start_statements(self, actor: Actor, data: Run) -> RunView:
        """Start a run: everybody who is due gets one statement, nobody two."""
        return await statements.start_statements(actor, data.statement_on)

    @get("/runs/{run_id:uuid}")
    async def get_statement_run(self, actor: Actor, run_id: UUID) -> RunView:
        """One run with its progress."""
        return await statements.get_statement_run(actor, run_id)
