"""Giving up what a patient owes of one claim, at once or once it was approved."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.balances.posting import Transaction, lock_patient, post
from database.balance_reads import shares_of
from database.session import Session
from domain.balances.shares import why_not_yet
from domain.refusals import Conflict


@dataclass(frozen=True, slots=True)
class Owing:
    """A share that can be given up now; its patient is locked."""

    claim_id: UUID
    patient_id: UUID
    reference: str
    cents: int


async def owing_of(session: Session, claim_id: UUID) -> Owing:
    """What the patient owes of the claim, or why it cannot be given up."""
    patient_id: UUID = await session.value("SELECT patient_id FROM claims WHERE id = $1", claim_id)
    await lock_patient(session, patient_id)
    shares = (await shares_of(session, [patient_id])).get(patient_id, [])
    share = next((one for one in shares if one.claim_id == claim_id and one.cents > 0), None)
    if share is None:
        raise Conflict("write_off.nothing", "Nothing is owed here any more.", "Nothing more is needed.")
    if hold := why_not_yet(share):
        raise Conflict("write_off.too_early", f"Not yet: {hold}.", "Wait until every payer has answered.")
    return Owing(claim_id, patient_id, share.reference, share.cents)


async def give_up(session: Session, one: Owing, reason: str) -> None:
    """Post the write-off of the whole share."""
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()")
    today = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    await post(
        session,
        Transaction(
            one.patient_id, "write_off", one.cents, [(one.claim_id, one.cents)], today, reason=reason
        ),
    )


async def write_off_share(session: Session, claim_id: UUID, reason: str, *, expected: int | None) -> None:
    """Give up what was approved. Another amount than the approved one is refused: nobody has decided on that."""
    one = await owing_of(session, claim_id)
    if one.cents != expected:
        raise Conflict(
            "write_off.changed", "Another amount is owed by now.", "Ask again for what is owed now."
        )
    await give_up(session, one, reason)
