"""How the tenant stands: the figures of the navigation and of the overview, bounded so that size never slows them."""

from dataclasses import dataclass
from datetime import datetime

from database.session import Session
from domain.claims.states import Status
from policies.permissions import Permission as P
from services import door

MOST = 999

# How people ask for claims: each group is a filter of the list and a figure of the overview.
GROUPS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "to_do": (
        "Needs work",
        (
            Status.DRAFT,
            Status.CODING,
            Status.HELD,
            Status.REJECTED_999,
            Status.REJECTED_CLEARINGHOUSE,
            Status.REJECTED_PAYER,
            Status.DENIED,
            Status.PARTIALLY_DENIED,
            Status.UNDERPAID,
        ),
    ),
    "held": ("Held", (Status.DRAFT, Status.CODING, Status.HELD)),
    "on_the_way": (
        "On the way",
        (
            Status.READY,
            Status.BATCHED,
            Status.SENT,
            Status.ACCEPTED_999,
            Status.ACCEPTED_CLEARINGHOUSE,
            Status.ACCEPTED_PAYER,
            Status.APPEALED,
            Status.CORRECTED,
            Status.SECONDARY,
            Status.REVERSED,
        ),
    ),
    "rejected": (
        "Rejected",
        (Status.REJECTED_999, Status.REJECTED_CLEARINGHOUSE, Status.REJECTED_PAYER),
    ),
    "denied": ("Denied", (Status.DENIED, Status.PARTIALLY_DENIED, Status.UNDERPAID)),
    "paid": ("Paid", (Status.PAID, Status.PATIENT_RESPONSIBILITY)),
    "closed": ("Closed", (Status.CLOSED, Status.VOIDED)),
}


@dataclass(frozen=True, slots=True)
class NavigationCounts:
    """What the menu shows beside its entries, each counted up to `most` + 1 only; 0 where the asker may not look."""

    mine: int = 0
    available: int = 0
    overdue: int = 0
    held: int = 0
    on_the_way: int = 0
    quarantined: int = 0
    rejected_files: int = 0
    in_care: int = 0
    closing: int = 0  # months of care
    taking: int = 0  # sheets being taken in
    most: int = MOST
    kind: str = "billing"  # of company


@dataclass(frozen=True, slots=True)
class StatusFigure:
    """How many claims stand at a status and what they come to, in cents."""

    status: str
    label: str
    tone: str
    claims: int
    charge_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The tenant at a glance. Amounts in cents; `paid_30_days` are payments posted in the last thirty days."""

    statuses: list[StatusFigure]
    paid_30_days: int
    payments_30_days: int
    charged_30_days: int
    claims_30_days: int
    first_claim_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    permissions: tuple[P, ...]  # any of them
    condition: str  # FROM what WHERE what


_OPEN = "work_items WHERE tenant_id = current_tenant() AND status = 'open'"
_AWAKE = "(follow_up_at IS NULL OR follow_up_at <= now())"
_FIGURES = (
    _Figure("mine", (P.WORK_VIEW,), f"{_OPEN} AND owner_id = $1 AND {_AWAKE}"),
    _Figure(
        "available", (P.WORK_VIEW,), f"{_OPEN} AND owner_id IS NULL AND {_AWAKE} AND permission = ANY($2)"
    ),
    _Figure("overdue", (P.WORK_VIEW,), f"{_OPEN} AND owner_id = $1 AND {_AWAKE} AND due_at < now()"),
    _Figure("held", (P.CLAIMS_VIEW,), "claims WHERE tenant_id = current_tenant() AND status = 'held'"),
    _Figure("on_the_way", (P.CLAIMS_VIEW,), "claims WHERE tenant_id = current_tenant() AND status = ANY($3)"),
    # Quarantine and rejected files are settled by their work items, so those are what is counted.
    _Figure("quarantined", (P.REMITTANCES_VIEW,), f"{_OPEN} AND kind IN ('quarantine', 'unmatched')"),
    _Figure("rejected_files", (P.EDI_VIEW,), f"{_OPEN} AND kind = 'file'"),
    _Figure(
        "closing",
        (P.CARE_BILLING,),
        "care_months WHERE tenant_id = current_tenant() AND step IN ('freezing', 'computing')",
    ),
    _Figure(
        "taking",
        (P.CARE_MANAGE, P.PATIENTS_MANAGE, P.WORKFORCE_MANAGE),
        "sheet_imports WHERE tenant_id = current_tenant() AND status = 'taking'",
    ),
    _Figure("in_care", (P.CARE_VIEW, P.CARE_BILLING), "care_enrolments WHERE tenant_id = current_tenant()"),
)
_BY_STATUS = """
SELECT status, count(*) AS claims, coalesce(sum(charge_cents), 0)::bigint AS charge_cents,
       -- What was withdrawn or voided keeps its charge on record, but nobody owes it.
       coalesce(sum(charge_cents - paid_cents - adjusted_cents) FILTER (WHERE closed_at IS NULL), 0)::bigint AS balance_cents
FROM claims WHERE tenant_id = current_tenant() GROUP BY status
"""
_LATELY = """
SELECT (SELECT coalesce(sum(payment_cents), 0)::bigint FROM remittances
        WHERE tenant_id = current_tenant() AND status = 'posted' AND created_at > now() - interval '30 days') AS paid,
       (SELECT count(*) FROM remittances
        WHERE tenant_id = current_tenant() AND status = 'posted' AND created_at > now() - interval '30 days') AS payments,
       coalesce(sum(charge_cents) FILTER (WHERE created_at > now() - interval '30 days'), 0)::bigint AS charged,
       count(*) FILTER (WHERE created_at > now() - interval '30 days') AS claims,
       min(created_at) AS first
FROM claims WHERE tenant_id = current_tenant()
"""


@door.query(None)
async def navigation(session: Session) -> NavigationCounts:
    """The menu's figures for the asker, without what their roles do not show."""
    actor = session.actor
    asked = [figure for figure in _FIGURES if any(actor.may(one) for one in figure.permissions)]
    kind = "(SELECT kind FROM tenants WHERE id = current_tenant()) AS kind"
    counts = "".join(
        f", (SELECT count(*) FROM (SELECT 1 FROM {figure.condition} LIMIT {MOST + 1}) counted) AS {figure.name}"
        for figure in asked
    )
    row = await session.row(
        f"WITH asker AS (SELECT $1::uuid, $2::text[], $3::text[]) SELECT {kind}{counts}",
        actor.user_id,
        sorted(actor.permissions),
        [str(status) for status in GROUPS["on_the_way"][1]],
    )
    return NavigationCounts(**dict(row))


@door.query(P.CLAIMS_VIEW)
async def overview(session: Session) -> Overview:
    """Where the claims stand and what came in lately."""
    rows = {row["status"]: row for row in await session.fetch(_BY_STATUS)}
    lately = await session.row(_LATELY)
    return Overview(
        statuses=[_status(status, rows[status]) for status in Status if status in rows],
        paid_30_days=lately["paid"],
        payments_30_days=lately["payments"],
        charged_30_days=lately["charged"],
        claims_30_days=lately["claims"],
        first_claim_at=lately["first"],
    )


def _status(status: Status, row: object) -> StatusFigure:
    figures = dict(row)  # type: ignore[call-overload]
    return StatusFigure(
        str(status),
        status.label,
        status.tone,
        figures["claims"],
        figures["charge_cents"],
        figures["balance_cents"],
    )
