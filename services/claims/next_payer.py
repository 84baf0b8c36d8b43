"""Whether the next payer of a claim can be billed now, and why not."""

from dataclasses import dataclass
from typing import Any

from activities.claims.coordinating import NEXT_COVERAGE
from database.coordination_reads import adjudications
from database.session import Session
from domain.claims import adjudicated
from domain.claims.cob import nobody_follows
from domain.claims.process import Event, Step, allowed
from domain.refusals import Conflict, Refusal


@dataclass(frozen=True, slots=True)
class NextPayer:
    """Who comes after the payer asked now; `refusal` empty: it can be billed. `name` empty: nobody follows."""

    name: str
    refusal: str


async def next_payer_of(session: Session, row: Any) -> NextPayer:
    """The next payer of a claim, and why it cannot be billed. `row` is the claim's, with `rank` of its version."""
    if not row["adjudications"] and row["follow_up"] != "secondary":
        return NextPayer("", "No payer has decided on this claim.")
    following = await session.row(NEXT_COVERAGE, row["id"], row["rank"])
    refusal = await why_not_billed_on(session, row)
    return NextPayer(
        following["payer_name"] if following else "",
        f"{refusal.title} {refusal.what_to_do}" if refusal else "",
    )


async def why_not_billed_on(session: Session, row: Any) -> Refusal | None:
    """Why the next payer cannot be billed now; None when it can. `row` is the claim's, with `rank` of its version."""
    if row["closed_at"] is not None:
        return Conflict(
            "claim.closed", "This claim is closed.", "Reopen the claim before billing the next payer."
        )
    rank = row["rank"]
    found = await adjudications(session, row["id"], rank)
    if row["follow_up"] == "secondary" or adjudicated.forwarded(found):
        return Conflict(
            "cob_forwarded",
            "The payer has forwarded the claim to the next payer itself.",
            "Wait for the next payer's remittance; a second claim would be a duplicate.",
        )
    if adjudicated.net(found) is None or Event.NEXT_PAYER_BILLED not in allowed(Step(row["step"])):
        return Conflict("cob_not_now", "This payer has not decided on the claim.", "Wait for its remittance.")
    if await session.row(NEXT_COVERAGE, row["id"], rank) is None:
        return nobody_follows()
    return None
