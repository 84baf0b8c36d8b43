"""How soon a tenant expects each answer of its partners before it raises an alarm."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from database.session import Session
from domain.edi import ANSWERED_BY, EXPECTED_WITHIN, WORDS
from domain.refusals import FieldError, Invalid, NotFound
from policies.permissions import Permission
from services import door

SHORTEST_SECONDS, LONGEST_SECONDS = 10, 366 * 86_400


@door.query(Permission.CONNECTIONS_VIEW)
async def expected_answers(session: Session) -> dict[str, int]:
    """Seconds from sending after which each answer is missed: the tenant's own, or else the usual ones."""
    usual = {answer: int(within.total_seconds()) for answer, within in EXPECTED_WITHIN.items()}
    stored = await session.value(
        "SELECT settings->'expected_answer_seconds' FROM tenants WHERE id = current_tenant()"
    )
    return usual | json.loads(stored or "{}")


@door.command(Permission.CONNECTIONS_MANAGE)
async def expect_answers_within(session: Session, seconds: Mapping[str, int]) -> dict[str, int]:
    """Replace the tenant's own limits; an answer that is left out goes back to its usual one."""
    _must_be_sound(seconds)
    await session.execute(
        "UPDATE tenants SET settings = settings || jsonb_build_object('expected_answer_seconds', $1::jsonb)"
        " WHERE id = current_tenant()",
        json.dumps(dict(seconds)),
    )
    usual = {answer: int(within.total_seconds()) for answer, within in EXPECTED_WITHIN.items()}
    return {**usual, **seconds}


def _must_be_sound(seconds: Mapping[str, int]) -> None:
    faults = [
        FieldError(answer, "answer.unknown", f"Choose one of: {', '.join(EXPECTED_WITHIN)}.")
        for answer in seconds
        if answer not in EXPECTED_WITHIN
    ]
    faults += [
        FieldError(answer, "seconds.out_of_range", f"Use {SHORTEST_SECONDS} seconds to a year.")
        for answer, limit in seconds.items()
        if not SHORTEST_SECONDS <= limit <= LONGEST_SECONDS
    ]
    if faults:
        raise Invalid(
            "expected_answers.invalid",
            "These limits cannot be kept.",
            faults[0].message,
            fields=tuple(faults),
        )


# Each partner's own times.

_OF_PARTNERS = """
SELECT e.subject_type AS partner, e.subject_id AS partner_id, coalesce(p.name, k.name, '') AS partner_name, e.answer,
    e.samples, e.percentile_seconds, e.learned_seconds, e.learned_at, e.own_seconds, e.own_reason,
    coalesce(u.name, '') AS own_by_name, e.own_at
FROM expected_answers e
LEFT JOIN payers p ON e.subject_type = 'payer' AND p.tenant_id = e.tenant_id AND p.id = e.subject_id
LEFT JOIN connections k ON e.subject_type = 'connection' AND k.tenant_id = e.tenant_id AND k.id = e.subject_id
LEFT JOIN users u ON u.id = e.own_by
WHERE e.tenant_id = current_tenant()
"""
_ORDER = " ORDER BY e.subject_type, partner_name, e.subject_id, e.answer"
_SAID = """
INSERT INTO expected_answers AS e (tenant_id, subject_type, subject_id, answer, own_seconds, own_reason, own_by, own_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, now())
ON CONFLICT (tenant_id, subject_type, subject_id, answer) DO UPDATE SET own_seconds = excluded.own_seconds,
    own_reason = excluded.own_reason, own_by = excluded.own_by, own_at = excluded.own_at
"""
LONGEST_REASON = 300
_TABLES = {"payer": "payers", "connection": "connections"}


@dataclass(frozen=True, slots=True)
class PartnerAnswer:
    """How long one partner takes for one answer, and how long is waited. Seconds; None where nothing is known or said.

    `source` says why `wait_seconds` counts: own, tenant, learned or usual. `samples` are batches answered in 90 days.
    """

    partner: str
    partner_id: UUID
    partner_name: str
    answer: str
    answer_label: str
    samples: int
    percentile_seconds: int | None
    learned_seconds: int | None
    learned_at: datetime | None
    own_seconds: int | None
    own_reason: str
    own_by_name: str
    own_at: datetime | None
    wait_seconds: int
    source: str


@dataclass(frozen=True, slots=True)
class PartnerLimit:
    """What a tenant says of one partner's answer. `within_seconds` None goes back to what is learned."""

    partner: str
    partner_id: UUID
    answer: str
    within_seconds: int | None
    reason: str = ""


@door.query(Permission.CONNECTIONS_VIEW)
async def answers_of_partners(session: Session) -> list[PartnerAnswer]:
    """What is learned and said of every payer and connection."""
    tenant = await _of_tenant(session)
    return [_partner(row, tenant) for row in await session.fetch(_OF_PARTNERS + _ORDER)]


@door.command(Permission.CONNECTIONS_MANAGE)
async def expect_of_partner(session: Session, limit: PartnerLimit) -> list[PartnerAnswer]:
    """Say how long one payer or connection may take for one answer, with the reason; it counts before what is learned."""
    reason = limit.reason.strip()
    await _must_fit(session, limit, reason)
    await session.execute(
        _SAID,
        limit.partner,
        limit.partner_id,
        limit.answer,
        limit.within_seconds,
        reason if limit.within_seconds else "",
        session.actor.user_id if limit.within_seconds else None,
    )
    tenant = await _of_tenant(session)
    return [_partner(row, tenant) for row in await session.fetch(_OF_PARTNERS + _ORDER)]


@door.command(Permission.CONNECTIONS_MANAGE)
async def learn_now(session: Session) -> None:
    """Learn from the history now instead of tonight, and look at the filing limits."""
    await session.tell(
        "start",
        f"{session.tenant_id}/watch/{uuid4()}",
        "",
        {"tenant_id": session.tenant_id, "at_once": True},
        workflow="SubmissionWatch",
        task_queue="edi",
    )


async def _of_tenant(session: Session) -> dict[str, int]:
    stored = await session.value(
        "SELECT settings->'expected_answer_seconds' FROM tenants WHERE id = current_tenant()"
    )
    found: dict[str, int] = json.loads(stored or "{}")
    return found


def _partner(row: Any, tenant: Mapping[str, int]) -> PartnerAnswer:
    answer = row["answer"]
    known = (
        ("own", row["own_seconds"]),
        ("tenant", tenant.get(answer)),
        ("learned", row["learned_seconds"]),
        ("usual", int(EXPECTED_WITHIN[answer].total_seconds())),
    )
    source, seconds = next((name, value) for name, value in known if value is not None)
    return PartnerAnswer(**dict(row), answer_label=WORDS[answer], wait_seconds=int(seconds), source=source)


async def _must_fit(session: Session, limit: PartnerLimit, reason: str) -> None:
    if limit.partner not in _TABLES:
        fault = FieldError("partner", "partner.unknown", f"Choose one of: {', '.join(_TABLES)}.")
        raise Invalid("expected_answers.invalid", "There is no such partner.", fault.message, fields=(fault,))
    if not await session.value(f"SELECT 1 FROM {_TABLES[limit.partner]} WHERE id = $1", limit.partner_id):
        raise NotFound(
            "not_found",
            "There is nothing here under this id, or it is not yours.",
            "Choose one of your payers or connections.",
        )
    if ANSWERED_BY.get(limit.answer) == "payer" and limit.partner == "connection":
        fault = FieldError(
            "answer", "answer.not_theirs", "A connection answers with the 999 and its own 277CA."
        )
        raise Invalid("expected_answers.invalid", "That answer is a payer's.", fault.message, fields=(fault,))
    if limit.answer not in ANSWERED_BY:
        fault = FieldError("answer", "answer.unknown", f"Choose one of: {', '.join(ANSWERED_BY)}.")
        raise Invalid("expected_answers.invalid", "There is no such answer.", fault.message, fields=(fault,))
    if limit.within_seconds and not SHORTEST_SECONDS <= limit.within_seconds <= LONGEST_SECONDS:
        words = f"Use {SHORTEST_SECONDS} seconds to a year."
        fault = FieldError("within_seconds", "seconds.out_of_range", words)
        raise Invalid("expected_answers.invalid", "This limit cannot be kept.", words, fields=(fault,))
    if limit.within_seconds and not 0 < len(reason) <= LONGEST_REASON:
        fault = FieldError("reason", "reason.missing", f"Say why, in at most {LONGEST_REASON} characters.")
        raise Invalid("expected_answers.invalid", "A reason is needed.", fault.message, fields=(fault,))
