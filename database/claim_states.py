"""Where claims stand: read under lock, changed in memory by the domain's table, written back in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from database.denial_states import follow_claims
from database.session import Session
from domain.claims.states import Ack, Event, Facts, FollowUp, Outcome, Step, advance, allowed, status

_READ = """
SELECT c.id, c.reference, c.current_version, c.step, c.visited, c.coded_at, c.held_reason, c.released_at, c.batched_at,
    c.sent_at, c.ack_999, c.ack_clearinghouse, c.ack_payer, c.payer_claim_control_number, c.adjudications, c.outcome,
    c.follow_up, c.closed_at, c.closed_reason, c.silent_since, c.client_id, c.payer_id, c.patient_id, c.connection_id,
    c.charge_cents, c.next_payer_barred, v.frequency, v.rank FROM claims c
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = c.current_version
WHERE c.tenant_id = current_tenant() AND c.id = ANY($1::uuid[])
"""
_LOCK = """
SELECT FROM claims WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
_WRITE = """
UPDATE claims SET status = n.status, step = n.step, visited = n.visited::text[], coded_at = n.coded_at,
    held_reason = n.held_reason, released_at = n.released_at, batched_at = n.batched_at, sent_at = n.sent_at,
    ack_999 = n.ack_999, ack_clearinghouse = n.ack_clearinghouse, ack_payer = n.ack_payer,
    payer_claim_control_number = n.pccn, adjudications = n.adjudications, outcome = n.outcome,
    follow_up = n.follow_up, closed_at = n.closed_at, closed_reason = n.closed_reason,
    silent_since = n.silent_since, paid_cents = coalesce(n.paid, claims.paid_cents),
    adjusted_cents = coalesce(n.adjusted, claims.adjusted_cents),
    patient_cents = coalesce(n.patient, claims.patient_cents), updated_at = now(), version = claims.version + 1
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::timestamptz[],
    $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::int[], $15::text[],
    $16::text[], $17::timestamptz[], $18::text[], $19::timestamptz[], $20::bigint[], $21::bigint[], $22::bigint[])
    AS n (id, status, step, visited, coded_at, held_reason, released_at, batched_at, sent_at, ack_999,
          ack_clearinghouse, ack_payer, pccn, adjudications, outcome, follow_up, closed_at, closed_reason, silent_since,
          paid, adjusted, patient)
WHERE claims.tenant_id = current_tenant() AND claims.id = n.id
"""


@dataclass(slots=True)
class ClaimState:
    """A claim's process and facts, to be changed by the activities of workflows only.

    `rank` is the order of the payer asked now (P, S, T); `next_payer_barred` says that a person wants no further one.
    """

    id: UUID
    reference: str
    version: int
    step: Step
    facts: Facts
    visited: list[Step]
    coded_at: datetime | None
    released_at: datetime | None
    closed_at: datetime | None
    closed_reason: str
    silent_since: datetime | None
    client_id: UUID
    payer_id: UUID
    patient_id: UUID
    connection_id: UUID | None
    charge_cents: int
    rank: str
    next_payer_barred: bool
    changed: bool = field(default=False)
    money: tuple[int, int, int] | tuple[None, None, None] = (None, None, None)
    """Paid, adjusted and patient's cents as the ledger has them, to be written with the rest; None leaves them."""

    def know(self, **facts: Any) -> None:
        """Learn facts of the current submission."""
        self.facts = replace(self.facts, **facts)
        self.changed = True

    def happened(self, event: Event) -> bool:
        """Advance by the transition table. False when the event is out of place here, which a late answer may be."""
        if event not in allowed(self.step):
            return False
        following = advance(self.step, event)
        if following != self.step:
            self.visited.append(self.step)
            self.step = following
        self.changed = True
        return True

    def submit_again(self, version: int, frequency: str) -> None:
        """Forget the answers to the earlier submission: they were about another version."""
        self.version = version
        self.know(
            frequency=frequency,
            held_reason="",
            batched_at=None,
            sent_at=None,
            ack_999=None,
            ack_clearinghouse=None,
            ack_payer=None,
            outcome=None,
            follow_up=None,
        )
        self.silent_since = None


async def lock_claims(session: Session, ids: Iterable[UUID]) -> dict[UUID, ClaimState]:
    """The states of these claims, locked until the transaction ends, always in the order of their ids."""
    wanted = sorted(set(ids))
    # No key of a claim ever changes: whoever only refers to it, as rows of a posting do, need not wait for this lock, and
    # two postings for one claim that did so already do not wait for each other. Locked first and read then: whoever is
    # waited for may make another version the current one, and a join that was looked up before would find none.
    await session.execute(_LOCK, wanted)
    return {row["id"]: _state(row) for row in await session.fetch(_READ, wanted)}


async def read_claims(session: Session, ids: Iterable[UUID]) -> dict[UUID, ClaimState]:
    """The same without locking, for showing."""
    return {row["id"]: _state(row) for row in await session.fetch(_READ, list(set(ids)))}


async def store_claims(session: Session, states: Iterable[ClaimState]) -> None:
    """Write back what changed, with the display status derived anew."""
    changed = [state for state in states if state.changed]
    if not changed:
        return
    columns = zip(*(_values(state) for state in changed), strict=True)
    await session.execute(_WRITE, *(list(column) for column in columns))
    await follow_claims(session, changed)
    for state in changed:
        state.changed = False


def _values(state: ClaimState) -> tuple[Any, ...]:
    facts = state.facts
    return (
        state.id,
        status(facts).value,
        state.step.value,
        "{" + ",".join(step.value for step in state.visited) + "}",
        state.coded_at,
        facts.held_reason,
        state.released_at,
        facts.batched_at,
        facts.sent_at,
        facts.ack_999,
        facts.ack_clearinghouse,
        facts.ack_payer,
        facts.payer_claim_control_number,
        facts.adjudications,
        facts.outcome.value if facts.outcome else "",
        facts.follow_up.value if facts.follow_up else "",
        state.closed_at,
        state.closed_reason,
        state.silent_since,
        *state.money,
    )


def facts_of(row: Any) -> Facts:
    """The domain's facts from a row of `claims` joined with its version's `frequency`."""
    return Facts(
        captured=True,
        coded=row["coded_at"] is not None,
        held_reason=row["held_reason"],
        released=row["released_at"] is not None,
        batched_at=row["batched_at"],
        sent_at=row["sent_at"],
        ack_999=Ack(row["ack_999"]) if row["ack_999"] else None,
        ack_clearinghouse=Ack(row["ack_clearinghouse"]) if row["ack_clearinghouse"] else None,
        ack_payer=Ack(row["ack_payer"]) if row["ack_payer"] else None,
        payer_claim_control_number=row["payer_claim_control_number"],
        adjudications=row["adjudications"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        follow_up=FollowUp(row["follow_up"]) if row["follow_up"] else None,
        closed=row["closed_at"] is not None,
        frequency=row["frequency"],
    )


def _state(row: Any) -> ClaimState:
    return ClaimState(
        id=row["id"],
        reference=row["reference"],
        version=row["current_version"],
        step=Step(row["step"]),
        facts=facts_of(row),
        visited=[Step(step) for step in row["visited"]],
        coded_at=row["coded_at"],
        released_at=row["released_at"],
        closed_at=row["closed_at"],
        closed_reason=row["closed_reason"],
        silent_since=row["silent_since"],
        client_id=row["client_id"],
        payer_id=row["payer_id"],
        patient_id=row["patient_id"],
        connection_id=row["connection_id"],
        charge_cents=row["charge_cents"],
        rank=row["rank"],
        next_payer_barred=row["next_payer_barred"],
    )
