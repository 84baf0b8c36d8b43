"""What practices pay for care coordination: terms from a month on. What was set before stays for the months before."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from database.care_codes import priceable_codes
from database.session import Session
from domain.care.invoicing import BASES, Basis, Terms, terms_faults
from policies.permissions import Permission
from services import door
from services.care.invoice_views import today_of
from services.clientele.checks import Faults

IN_FORCE = """
SELECT DISTINCT ON (client_id) * FROM care_terms WHERE tenant_id = current_tenant() AND since <= $1
ORDER BY client_id, since DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """Terms of a practice from a month on (any day of it). `basis` is programme, code, charges, payments, or none for a
    practice that is no longer invoiced; `rates` are cents by programme or code, `basis_points` hundredths of a per cent
    of charges or payments."""

    since: date
    basis: str
    rates: dict[str, int] = field(default_factory=dict)
    basis_points: int = 0
    minimum_cents: int = 0
    due_days: int = 30


@dataclass(frozen=True, slots=True)
class TermsView:
    """One row of a practice's terms; `in_force` those that hold this month."""

    id: UUID
    client_id: UUID
    since: date
    basis: str
    basis_label: str
    rates: dict[str, int]
    basis_points: int
    minimum_cents: int
    due_days: int
    in_force: bool = False


@door.query(Permission.INVOICES_VIEW, of="clients")
async def list_terms(session: Session, client_id: UUID) -> list[TermsView]:
    """A practice's terms, the latest first."""
    rows = await session.fetch(
        "SELECT * FROM care_terms WHERE tenant_id = current_tenant() AND client_id = $1 ORDER BY since DESC, id DESC"
        " LIMIT 100",
        client_id,
    )
    now = await _in_force(session, client_id)
    return [_view(row, row["id"] == now) for row in rows]


@door.query(Permission.INVOICES_VIEW)
async def priced_codes(session: Session) -> list[str]:
    """The codes of care that terms may give an amount: those of this month and of versions published for later."""
    return list(await priceable_codes(session, await today_of(session)))


@door.command(Permission.INVOICES_MANAGE, of="clients")
async def set_terms(session: Session, client_id: UUID, facts: TermsFacts) -> TermsView:
    """Say what a practice pays from a month on. Invoices that were issued keep the terms they were issued under."""
    terms = checked(facts, await priceable_codes(session, min(facts.since, await today_of(session))))
    row = await session.row(
        "INSERT INTO care_terms (tenant_id, client_id, since, basis, rates, basis_points, minimum_cents, due_days, set_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *",
        session.tenant_id,
        client_id,
        facts.since.replace(day=1),
        terms.basis.value,
        json.dumps(dict(terms.rates)),
        terms.basis_points,
        terms.minimum_cents,
        terms.due_days,
        session.actor.user_id,
    )
    return _view(row, row["id"] == await _in_force(session, client_id))


def checked(facts: TermsFacts, codes: Iterable[str]) -> Terms:
    """The terms, or the refusal that names each fault; `codes` are those that may be given an amount."""
    faults = Faults("care_terms")
    faults.one_of("basis", facts.basis, list(BASES), f"Choose one of: {', '.join(BASES)}.")
    if not 2020 <= facts.since.year <= 2100:
        faults.add("since", "date.impossible", "Enter a month from 2020 on.")
    faults.refuse()
    basis = Basis(facts.basis)
    share = basis in (Basis.CHARGES, Basis.PAYMENTS)
    priced = basis in (Basis.PROGRAMME, Basis.CODE)
    rates: Mapping[str, int] = {name: cents for name, cents in facts.rates.items() if cents} if priced else {}
    terms = Terms(basis, rates, facts.basis_points if share else 0, facts.minimum_cents, facts.due_days)
    faults.take(terms_faults(terms, codes))
    if max([*terms.rates.values(), terms.minimum_cents], default=0) > 100_000_000:
        faults.add("rates", "rates.too_large", "Enter at most 1,000,000 dollars.")
    faults.refuse()
    return terms


def terms_of(row: Any) -> Terms:
    """A row of care_terms for the domain."""
    return Terms(
        Basis(row["basis"]),
        json.loads(row["rates"]),
        row["basis_points"],
        row["minimum_cents"],
        row["due_days"],
    )


async def _in_force(session: Session, client_id: UUID) -> UUID | None:
    """The terms that hold today."""
    found: UUID | None = await session.value(
        "SELECT id FROM care_terms WHERE tenant_id = current_tenant() AND client_id = $1 AND since <= $2"
        " ORDER BY since DESC, id DESC LIMIT 1",
        client_id,
        await today_of(session),
    )
    return found


def _view(row: Any, in_force: bool) -> TermsView:
    same = ("id", "client_id", "since", "basis", "basis_points", "minimum_cents", "due_days")
    return TermsView(
        **{name: row[name] for name in same},
        basis_label=BASES[Basis(row["basis"])],
        rates=json.loads(row["rates"]),
        in_force=in_force,
    )
