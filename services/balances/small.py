"""Small balances: found by the tenant's limit, written off by a person, one or many, with the outcome of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from activities.approvals.opening import fresh_key, request_approval
from activities.balances.writing_off import Owing, give_up, owing_of
from database.approval_limits import limit_of
from database.balance_reads import shares_of
from database.clientele_phi import open_person
from database.session import Session
from domain.approvals.limits import LimitKind, levels_for
from domain.balances.shares import why_not_yet
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Invalid, Refusal
from domain.tenancy import Actor
from policies.permissions import Permission
from services import door
from services.balances.rules import rules_of
from services.balances.views import SmallBalance
from services.clientele import checks
from services.clientele.patient_rows import full_name

MOST_AT_ONCE = 500
WAITS = "approval.waits"
_SMALL = """
SELECT c.id, c.patient_id FROM claims c WHERE c.tenant_id = current_tenant() AND c.patient_cents BETWEEN 1 AND $1
    AND c.step IN ('patient_balance', 'settled', 'closed') AND ($2::uuid IS NULL OR (c.patient_id, c.id) > ($2, $3::uuid))
ORDER BY c.patient_id, c.id LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class WriteOffOutcome:
    """What came of one claim. Not done with the code `approval.waits`: somebody else was asked."""

    claim_id: UUID
    done: bool
    code: str = ""
    message: str = ""


@door.query(Permission.BALANCES_VIEW, phi=True)
async def small_balances(
    session: Session, *, cursor: str | None = None, limit: int = PAGE
) -> Page[SmallBalance]:
    """Shares up to the tenant's limit where every payer has answered."""
    size = page_size(limit)
    after = decode_cursor(cursor, 2) if cursor else [None, None]
    rules = await rules_of(session)
    rows = await session.fetch(_SMALL, rules.small_balance_cents, *_ids(after), size + 1)
    shown = rows[:size]
    found = await shares_of(session, {row["patient_id"] for row in shown})
    names = await _names(session, [row["patient_id"] for row in shown])
    items = [
        SmallBalance(
            share.claim_id,
            share.reference,
            row["patient_id"],
            names[row["patient_id"]],
            share.cents,
            share.since,
        )
        for row in shown
        for share in found.get(row["patient_id"], [])
        if share.claim_id == row["id"] and share.cents > 0 and not why_not_yet(share)
    ]
    following = encode_cursor(shown[-1]["patient_id"], shown[-1]["id"]) if len(rows) > size else None
    return Page(items, following)


@door.command(Permission.BALANCES_MANAGE, of="claims")
async def write_off_share(session: Session, claim_id: UUID, reason: str) -> WriteOffOutcome:
    """Give up what the patient owes of a claim. Above the tenant's limit it waits until somebody else has approved it."""
    why = checks.reason_of(reason)
    share = await owing_of(session, claim_id)
    own = (await rules_of(session)).small_balance_cents
    levels = levels_for(await limit_of(session, LimitKind.PATIENT_WRITE_OFF, own), share.cents)
    if not levels:
        await give_up(session, share, why)
        return WriteOffOutcome(claim_id, True)
    reference = await _ask(session, share, levels, why)
    return WriteOffOutcome(claim_id, False, WAITS, f"Waits for the approval {reference}.")


async def _ask(session: Session, share: Owing, levels: int, reason: str) -> str:
    """Ask somebody else; the approval's reference."""
    asker = session.actor.user_id
    assert asker is not None  # only people and their tokens hold permissions
    approval_id = await request_approval(
        session,
        key=await fresh_key(session, f"patient_write_off:{share.claim_id}"),
        kind="write_off",
        subject_type="claim",
        subject_id=share.claim_id,
        summary=f"{share.reference}, write off {share.cents / 100:,.2f} of the patient's share",
        requester_id=asker,
        levels=levels,
        amount_cents=share.cents,
        reason=reason,
        effect="write_off_share",
    )
    reference: str = await session.value("SELECT reference FROM approvals WHERE id = $1", approval_id)
    return reference


@door.bulk(Permission.BALANCES_MANAGE)
async def write_off_many(actor: Actor, claim_ids: Sequence[UUID], reason: str) -> list[WriteOffOutcome]:
    """Give up a selection, each claim on its own, with the outcome of each."""
    if len(claim_ids) > MOST_AT_ONCE:
        raise Invalid("bulk.too_many", f"At most {MOST_AT_ONCE} claims at once.", "Do them in portions.")
    checks.reason_of(reason)
    outcomes = []
    for claim_id in dict.fromkeys(claim_ids):
        try:
            outcomes.append(await write_off_share(actor, claim_id, reason))
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            outcomes.append(WriteOffOutcome(claim_id, False, refusal.code, refusal.title))
    return outcomes


async def _names(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, str]:
    key = await session.key()
    rows = await session.fetch(
        "SELECT id, person FROM patients WHERE id = ANY($1::uuid[])", list(patient_ids)
    )
    return {row["id"]: full_name(open_person(key, row["person"])[0]) for row in rows}


def _ids(after: Sequence[object]) -> tuple[UUID | None, UUID | None]:
    try:
        first, second = (UUID(str(one)) if one else None for one in after)
    except ValueError:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None
    return first, second
