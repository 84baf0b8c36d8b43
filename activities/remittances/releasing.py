"""Releasing a quarantined payment: posted exactly as its file says, by somebody who may and says why."""

import asyncio
from typing import Any
from uuid import UUID

from activities.edi.gathering import BODY
from activities.remittances.headers import difference
from activities.remittances.posting import post_transaction, posted_before
from activities.work import close_items
from database.session import Session
from domain import work
from domain.refusals import Conflict
from domain.remittances.balance import INCOMPLETE, prove
from domain.x12.decode_835 import read_835
from domain.x12.facts_835 import Transaction835

REASON = "remittances.release_reason"

_RELEASE = """
UPDATE remittances SET status = 'posted', released_by = $2, released_at = now(), release_reason = $3, difference_cents = $4
WHERE id = $1
"""


async def release_remittance(session: Session, remittance_id: UUID, reason: str) -> int:
    """Post what stands in quarantine; the number of claims told. Cash is BPR02, and what the claims and the provider
    level do not explain waits on `unmatched` under the remittance's own id."""
    row = await must_be_releasable(session, remittance_id)
    transaction = await transaction_of(session, row["file_id"], row["ordinal"])
    sealed = (await session.key()).seal(REASON, reason.encode())
    await session.execute(_RELEASE, remittance_id, session.actor.user_id, sealed, difference(transaction))
    told = await post_transaction(session, remittance_id, transaction)
    await close_items(
        session, "remittance", remittance_id, [work.Kind.QUARANTINE], decision="released", by=session.actor.user_id
    )  # fmt: skip
    return told


async def must_be_releasable(session: Session, remittance_id: UUID) -> Any:
    """The remittance, locked, when it stands in quarantine and can be posted as its file says; else why not."""
    row = await session.row("SELECT * FROM remittances WHERE id = $1 FOR UPDATE", remittance_id)
    if row["status"] != "quarantined":
        raise Conflict(
            "remittance.not_quarantined",
            "This payment does not stand in quarantine.",
            "Reload to see what became of it.",
        )
    if await posted_before(session, row["posting_key"]) is not None:
        raise Conflict(
            "remittance.posted_already",
            "This payment was posted from another file.",
            "Finish the work item: there is nothing left to release.",
        )
    _refuse_incomplete(await transaction_of(session, row["file_id"], row["ordinal"]))
    return row


async def transaction_of(session: Session, file_id: UUID, ordinal: int) -> Transaction835:
    """The transaction set that a remittance was made from, read again from the file as it came."""
    sealed = await session.value("SELECT body FROM edi_files WHERE id = $1", file_id)
    body = await asyncio.to_thread((await session.key()).open, BODY, sealed)
    return await asyncio.to_thread(
        lambda: next(one for one in read_835(body) if one.header.st_ordinal == ordinal)
    )


def _refuse_incomplete(transaction: Transaction835) -> None:
    if any(finding.rule == INCOMPLETE for finding in prove(transaction)):
        raise Conflict(
            "remittance.cut_off",
            "This file is cut off: nobody knows what the rest of it says.",
            "Ask the payer or the clearinghouse to send it again.",
        )
