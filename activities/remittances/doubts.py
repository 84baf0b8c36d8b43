"""What of a posting a person must look at: payments without a claim, lines that fit none for certain, broken balances."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from activities.remittances.rows import Posting
from activities.work import Opening, open_items
from database.session import Session
from domain import work
from domain.claims.line_matching import LineMatch
from domain.remittances.balance import BalanceFinding
from domain.x12.facts_835 import PaymentHeader

LINES = "remittance_lines"


async def ask_about_quarantine(
    session: Session, remittance_id: UUID, header: PaymentHeader, findings: Iterable[BalanceFinding]
) -> None:
    """One item for the payment, with how many equations are off and by how much."""
    errors = [finding for finding in findings if finding.severity == "error"]
    cents = max((abs(finding.difference_cents) for finding in errors), default=0)
    reason = f"{len(errors)} equation{'s' if len(errors) != 1 else ''} off, by up to {cents / 100:.2f}"
    await _ask(session, f"quarantine:{remittance_id}", work.Kind.QUARANTINE, header.trace, reason,
               "remittance", remittance_id)  # fmt: skip


async def ask_about_correction(session: Session, remittance_id: UUID, header: PaymentHeader) -> None:
    """A balanced file of a payment that was released out of balance came: what it says differently nobody has posted."""
    reason = "its corrected file came after it was released; compare the two"
    await _ask(session, f"corrected:{remittance_id}", work.Kind.QUARANTINE, header.trace, reason,
               "remittance", remittance_id)  # fmt: skip


async def ask_about_unmatched(
    session: Session, posting: Posting, header: PaymentHeader, netted: Collection[UUID]
) -> None:
    """An item for each CLP that belongs to no claim, left out those that its reversal, or what it reverses, answers."""
    openings = [
        Opening(
            f"unmatched:{posting.ids[claim.ordinal]}",
            work.Kind.UNMATCHED,
            work.title(
                work.Kind.UNMATCHED,
                f"Remittance {header.trace}",
                f"{claim.paid_cents / 100:.2f} for a claim that was not sent from here",
            ),
            "remittance_claim",
            posting.ids[claim.ordinal],
        )
        for claim in posting.claims
        if claim.ordinal not in posting.matches and posting.ids[claim.ordinal] not in netted
    ]
    await open_items(session, openings)


async def ask_about_lines(
    session: Session, posting: Posting, header: PaymentHeader, lines: Mapping[int, Mapping[int, LineMatch]]
) -> None:
    """An item for each claim of ours with a service whose line is not certain."""
    openings = []
    for claim in posting.claims:
        doubtful = sum(not one.position for one in lines.get(claim.ordinal, {}).values())
        if doubtful and posting.moves_its_claim(claim):
            identifier = posting.ids[claim.ordinal]
            reason = f"{doubtful} line{'s' if doubtful != 1 else ''} not certain"
            title = work.title(work.Kind.MATCH, f"Remittance {header.trace}", reason)
            openings.append(Opening(f"lines:{identifier}", work.Kind.MATCH, title, LINES, identifier))
    await open_items(session, openings)


async def _ask(
    session: Session, key: str, kind: work.Kind, trace: str, reason: str, subject: str, subject_id: UUID
) -> None:
    title = work.title(kind, f"Remittance {trace}", reason)
    await open_items(session, [Opening(key, kind, title, subject, subject_id)])
