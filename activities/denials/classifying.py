"""After settling: every denied payment gets its class, deadline and playbook, in the transaction that posted it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.denials.recommending import Judged, recommended
from database.claim_states import ClaimState
from database.denial_reads import own_codes, own_levels, own_playbooks
from database.session import Session
from domain.calendar import filing_limit
from domain.claims.model import Payer
from domain.claims.states import Outcome
from domain.denials import playbooks
from domain.denials.codes import Code, CodeRow, Verdict, judge
from domain.denials.levels import Level, level_of, window_ends
from domain.denials.status import DenialStatus, status_of
from domain.remittances.outcome import is_denial
from domain.x12.facts_835 import Adjustment

# A payment that is short without a denied line is work too, when it left its claim at denial.
_NEW = """
SELECT rc.id, rc.claim_id, rc.claim_version, coalesce(r.payment_date, r.created_at::date) AS decided_on,
    v.payer_id, p.payer_id AS payer_number, p.medicare, p.appeal_days, p.timely_filing_days,
    CASE c.form WHEN 'institutional' THEN c.service_to ELSE c.service_from END AS served,
    (SELECT coalesce(sum(l.amount_cents), 0) FROM ledger_entries l WHERE l.tenant_id = c.tenant_id
        AND l.claim_id = c.id AND l.account = 'receivable')::bigint AS open_cents
FROM remittance_claims rc
JOIN remittances r ON r.tenant_id = rc.tenant_id AND r.id = rc.remittance_id
JOIN claims c ON c.tenant_id = rc.tenant_id AND c.id = rc.claim_id
JOIN claim_versions v ON v.tenant_id = rc.tenant_id AND v.claim_id = rc.claim_id AND v.version = rc.claim_version
JOIN payers p ON p.tenant_id = rc.tenant_id AND p.id = v.payer_id
WHERE rc.tenant_id = current_tenant() AND rc.claim_id = ANY($1::uuid[]) AND rc.status_code NOT IN ('22', '25')
  AND (rc.outcome IN ('denied', 'partially_denied') OR (c.step = 'denial' AND rc.id = (
        SELECT n.id FROM remittance_claims n WHERE n.tenant_id = rc.tenant_id AND n.claim_id = rc.claim_id
        AND n.status_code NOT IN ('22', '25') ORDER BY n.id DESC LIMIT 1)))
  AND NOT EXISTS (SELECT 1 FROM denials d WHERE d.tenant_id = rc.tenant_id AND d.remittance_claim_id = rc.id)
ORDER BY rc.id
"""
# Claim by claim through the index, whatever the planner believes of tables that were filled a moment ago.
_ADJUSTMENTS = """
SELECT a.remittance_claim_id, a.line_ordinal, a.group_code, a.reason_code, a.amount_cents,
    rc.remarks || coalesce(l.remarks, '{}') AS remarks
FROM unnest($1::uuid[]) AS w (id)
CROSS JOIN LATERAL (SELECT * FROM remittance_claims r WHERE r.tenant_id = current_tenant() AND r.id = w.id OFFSET 0) rc
CROSS JOIN LATERAL (SELECT * FROM adjustments o WHERE o.tenant_id = current_tenant() AND o.remittance_claim_id = w.id OFFSET 0) a
LEFT JOIN LATERAL (SELECT s.remarks FROM remittance_lines s WHERE s.tenant_id = current_tenant()
    AND s.remittance_claim_id = w.id AND s.ordinal = a.line_ordinal OFFSET 0) l ON true
ORDER BY a.remittance_claim_id, a.ordinal
"""
_SUPERSEDE = """
UPDATE denials SET status = 'superseded', updated_at = now()
WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[]) AND status <> 'recovered'
"""
_RECOVERED = """
UPDATE denials SET status = 'recovered', updated_at = now()
WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[]) AND status <> 'superseded'
"""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tenant's own rows of every table of denials, and its day."""

    codes: list[CodeRow]
    playbooks: list[playbooks.Playbook]
    levels: list[Level]
    today: date


async def classify(session: Session, states: Collection[ClaimState]) -> int:
    """Classify what is denied and not yet classified of these claims; the number of new denials. An older denial of the
    same claim is then denied again, or recovered when the claim was paid."""
    if not states:
        return 0
    by_claim = {state.id: state for state in states}
    found = await session.fetch(_NEW, list(by_claim))
    denied = {row["claim_id"] for row in found}
    # Paid without a new denial: the money of the older one came.
    paid = [state.id for state in states if state.facts.outcome is Outcome.PAID and state.id not in denied]
    if paid:
        await session.execute(_RECOVERED, paid)
    if not found:
        return 0
    await session.execute(_SUPERSEDE, list(denied))
    await _store(session, found, by_claim)
    return len(found)


async def today_of(session: Session) -> date:
    """The tenant's own calendar day."""
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id)
    return datetime.now(ZoneInfo(zone)).date()


async def _store(session: Session, found: list[Any], states: dict[UUID, ClaimState]) -> None:
    tables = Tables(
        await own_codes(session),
        await own_playbooks(session),
        await own_levels(session),
        await today_of(session),
    )
    adjustments: dict[UUID, list[Any]] = defaultdict(list)
    for row in await session.fetch(_ADJUSTMENTS, [row["id"] for row in found]):
        if is_denial(Adjustment(row["group_code"], row["reason_code"], row["amount_cents"])):
            adjustments[row["remittance_claim_id"]].append(row)
    newest = {row["claim_id"]: row["id"] for row in found}
    ids = await session.fetch("SELECT uuidv7() AS id FROM generate_series(1, $1)", len(found))
    judged = [
        _judged(made["id"], row, adjustments[row["id"]], tables) for made, row in zip(ids, found, strict=True)
    ]
    denials: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    for one in await recommended(session, judged):
        latest = newest[one.row["claim_id"]] == one.row["id"]
        status = _status(states[one.row["claim_id"]]) if latest else DenialStatus.SUPERSEDED
        denials.append((session.tenant_id, one.id, *_denial(one, status)))
        lines += _lines(session.tenant_id, one.id, adjustments[one.row["id"]], one.verdict)
    await session.copy("denials", _DENIAL, denials)
    await session.copy("denial_lines", _LINE, lines)


def _code(row: Any) -> Code:
    return Code(row["group_code"], row["reason_code"], row["amount_cents"], tuple(row["remarks"]))


def _status(state: ClaimState) -> DenialStatus:
    return status_of(state.step, state.facts, state.closed_reason) or DenialStatus.OPEN


_DENIAL = (
    "tenant_id", "id", "claim_id", "claim_version", "remittance_claim_id", "payer_id", "class_code", "preventable",
    "codes", "warnings", "amount_cents", "decided_on", "appeal_by", "file_by", "deadline", "route", "playbook", "steps",
    "priority", "status",
)  # fmt: skip
_LINE = (
    "tenant_id", "denial_id", "ordinal", "line_ordinal", "group_code", "reason_code", "remarks", "amount_cents",
    "class_code", "preventable", "code_row",
)  # fmt: skip


def _judged(identifier: UUID, row: Any, told: Iterable[Any], tables: Tables) -> Judged:
    """What a refusal is, with the playbook of its class and the days until which it can be answered."""
    verdict = judge((_code(one) for one in told), tables.codes, tables.today)
    playbook = playbooks.in_force(verdict.klass, tables.playbooks, tables.today)
    payer = Payer(
        "", "", timely_filing_days=row["timely_filing_days"], medicare=row["medicare"], appeal_days=row["appeal_days"]
    )  # fmt: skip
    cents = sum(one.code.cents for one in verdict.codes) or row["open_cents"]
    appeal_by = _appeal_by(row, tables)
    return Judged(
        identifier, row, verdict, playbook, cents, appeal_by, filing_limit(row["served"], payer), tables.today
    )


def _denial(one: Judged, status: DenialStatus) -> tuple[Any, ...]:
    row, verdict = one.row, one.verdict
    return (
        row["claim_id"], row["claim_version"], row["id"], row["payer_id"], verdict.klass.value, verdict.preventable,
        list(one.codes), list(verdict.warnings), one.cents, row["decided_on"], one.appeal_by, one.file_by, one.deadline,
        one.playbook.route.value, one.playbook.id, list(one.playbook.steps), one.priority, status.value,
    )  # fmt: skip


def _appeal_by(row: Any, tables: Tables) -> date:
    level = level_of(
        1, tables.levels, payer_id=str(row["payer_id"]), medicare=row["medicare"], day=tables.today
    )
    if level is None:
        return row["decided_on"]  # type: ignore[no-any-return]
    return window_ends(row["decided_on"], level, row["appeal_days"])


def _lines(
    tenant_id: UUID, denial_id: UUID, told: Iterable[Any], verdict: Verdict
) -> Iterable[tuple[Any, ...]]:
    for ordinal, (row, one) in enumerate(zip(told, verdict.codes, strict=True), 1):
        yield (
            tenant_id, denial_id, ordinal, row["line_ordinal"], row["group_code"], row["reason_code"], row["remarks"],
            row["amount_cents"], one.klass.value, one.preventable, one.row,
        )  # fmt: skip
