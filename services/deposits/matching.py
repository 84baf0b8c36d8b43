"""Matching by a person: what a deposit may pay, the match, and taking it back with a reason."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from activities.deposits.matching import Matching, settle, store_matches, watch_deposits
from database.deposit_reads import WAITING_PAYMENTS, WAITING_REMITTANCES, lock_deposits
from database.session import Session
from domain.deposits.matching import Money, suggestions
from domain.refusals import Conflict, NotFound
from policies.permissions import Permission
from services import door
from services.clientele import checks
from services.deposits.catalogue import view
from services.deposits.entry import open_deposit
from services.deposits.views import WORDS_COLUMN, Candidate

MOST_AT_ONCE = 100
MOST_NEAR = 20
NEAR_DAYS = 30
_PAYMENT_WINDOW = "p.received_on BETWEEN $1::date - 45 AND $1::date + 7"
_THESE = f"SELECT w.id, w.payment_cents AS cents FROM ({WAITING_REMITTANCES}) w WHERE w.id = ANY($1::uuid[])"
_THESE_PAYMENTS = (
    f"SELECT w.id, w.amount_cents AS cents FROM ({WAITING_PAYMENTS}) w WHERE w.id = ANY($1::uuid[])"
)


@door.query(Permission.DEPOSITS_VIEW, of="deposits", phi=True)
async def candidates_for(session: Session, deposit_id: UUID) -> list[Candidate]:
    """Remittances and patients' payments that the deposit may pay, likeliest first; what waits near its day after them."""
    row = await session.row("SELECT * FROM deposits WHERE id = $1", deposit_id)
    words = (await session.key()).open_json(WORDS_COLUMN, row["words"])
    deposit = Money(
        row["id"],
        row["trace"],
        row["amount_cents"] - row["matched_cents"],
        row["deposited_on"],
        words["payer_name"] + " " + words["description"],
        row["payer_identifier"],
        row["method"],
    )
    waiting = {one["id"]: one for one in await session.fetch(WAITING_REMITTANCES)}
    judged = suggestions(deposit, [_money(one) for one in waiting.values()])
    found = [_candidate(waiting[one.key], one.score, list(one.reasons)) for one in judged]
    told = {one.key for one in judged}
    near = [one for key, one in waiting.items() if key not in told and _part_of(deposit, one)]
    found += [_candidate(one, 0, []) for one in near[:MOST_NEAR]]
    payments = await session.fetch(f"{WAITING_PAYMENTS} AND {_PAYMENT_WINDOW}", row["deposited_on"])
    found += [_payment(one, deposit.cents) for one in payments]
    return sorted(found, key=lambda one: -one.score)[:30]


@door.answering(Permission.DEPOSITS_MANAGE, view, of="deposits")
async def match_deposit(
    session: Session,
    deposit_id: UUID,
    remittance_ids: Sequence[UUID] = (),
    transaction_ids: Sequence[UUID] = (),
) -> UUID:
    """Say what a deposit pays: remittances, patients' payments, or both, as a lockbox deposit does.

    Each must still wait for its money, and together they must not come to more than the deposit.
    """
    await lock_deposits(session)
    row = await open_deposit(session, deposit_id)
    if row["status"] not in ("unmatched", "partial"):
        raise Conflict("deposit.status", "The deposit is matched already.", "Undo its match first.")
    chosen = await _chosen(session, deposit_id, remittance_ids, transaction_ids)
    total = row["matched_cents"] + sum(one.amount_cents for one in chosen)
    if abs(total) > abs(row["amount_cents"]):
        raise Conflict(
            "deposit.too_much",
            f"Together they come to {total / 100:,.2f}, but {row['amount_cents'] / 100:,.2f} was deposited.",
            "Choose those that this deposit pays; what the bank withheld is a matter for the payer or the bank.",
        )
    await store_matches(session, chosen, "person", session.actor.user_id)
    await watch_deposits(session)
    return deposit_id


@door.answering(Permission.DEPOSITS_MANAGE, view, of="deposits")
async def undo_match(session: Session, deposit_id: UUID, match_id: UUID, reason: str) -> UUID:
    """Take a match back with a reason; both sides wait again."""
    why = checks.reason_of(reason)
    await lock_deposits(session)
    await open_deposit(session, deposit_id)
    undone = await session.execute(
        "UPDATE deposit_matches SET undone_at = now(), undone_by = $3, undone_reason = $4"
        " WHERE deposit_id = $1 AND id = $2 AND undone_at IS NULL",
        deposit_id,
        match_id,
        session.actor.user_id,
        (await session.key()).seal("deposit_matches.undone_reason", why.encode()),
    )
    if not undone:
        raise NotFound(
            "not_found",
            "This deposit has no such match.",
            "It may have been undone meanwhile: reload the page.",
        )
    await settle(session, deposit_id)
    return deposit_id


async def _chosen(
    session: Session, deposit_id: UUID, remittance_ids: Sequence[UUID], transaction_ids: Sequence[UUID]
) -> list[Matching]:
    wanted = len(set(remittance_ids)) + len(set(transaction_ids))
    if not 1 <= wanted <= MOST_AT_ONCE:
        raise Conflict("deposit.nothing_chosen", "Choose what the deposit pays.", "At most 100 at once.")
    remittances = await session.fetch(_THESE, list(remittance_ids))
    payments = await session.fetch(_THESE_PAYMENTS, list(transaction_ids))
    if len(remittances) + len(payments) != wanted:
        raise Conflict(
            "deposit.not_waiting",
            "One of these does not wait for money any more.",
            "It was matched meanwhile, or it is not yours. Reload and choose again.",
        )
    return [
        *(Matching(deposit_id, row["cents"], remittance_id=row["id"]) for row in remittances),
        *(Matching(deposit_id, row["cents"], transaction_id=row["id"]) for row in payments),
    ]


def _money(row: Any) -> Money[UUID]:
    return Money(
        row["id"],
        row["trace"],
        row["payment_cents"],
        row["payment_date"],
        row["payer_name"],
        row["payer_identifier"],
    )


def _part_of(deposit: Money[UUID], row: Any) -> bool:
    """Whether it may be one of several that a deposit pays together, as a lockbox does: smaller, and near the day."""
    near = deposit.on is not None and abs((row["due_from"] - deposit.on).days) <= NEAR_DAYS
    return near and 0 < row["payment_cents"] < deposit.cents


def _candidate(row: Any, score: int, reasons: list[str]) -> Candidate:
    return Candidate(
        "remittance",
        row["id"],
        f"Remittance {row['trace']}",
        row["payer_name"],
        row["payment_cents"],
        row["payment_date"],
        score,
        reasons,
    )


def _payment(row: Any, open_cents: int) -> Candidate:
    same = row["amount_cents"] == open_cents
    label = f"Patient {row['kind']}, {row['method']} {row['reference']}".strip()
    return Candidate(
        "payment",
        row["id"],
        label,
        "",
        row["amount_cents"],
        row["received_on"],
        35 if same else 5,
        ["The amount is the same"] if same else [],
    )
