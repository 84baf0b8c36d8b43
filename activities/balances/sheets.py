"""Everything that a patient's statement shows, gathered from claims, remittances, the ledger and the practice."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from database.clientele_phi import open_person
from database.session import Session
from domain.balances.shares import Share, ageing
from domain.balances.statement_sheet import PrintedClaim, PrintedLine, PrintedStatement
from domain.balances.statements import StatementRules
from domain.clientele import printed_zip

_PATIENT = """
SELECT p.person, p.account_number, c.name, c.line1, c.line2, c.city, c.state, c.postal_code, c.phone FROM patients p
JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id WHERE p.id = $1
"""
# Lines as they were billed, with what the payers' answers say of each (reversals cancel themselves out).
_LINES = """
SELECT l.claim_id, l.number, l.procedure, l.service_from, l.charge_cents, coalesce(r.paid, 0)::bigint AS paid,
    coalesce(r.adjusted, 0)::bigint AS adjusted, coalesce(r.share, 0)::bigint AS share
FROM claims c
JOIN claim_lines l ON l.tenant_id = c.tenant_id AND l.claim_id = c.id AND l.version = c.current_version
LEFT JOIN LATERAL (
    SELECT sum(t.paid_cents) AS paid,
        sum((SELECT coalesce(sum(a.amount_cents) FILTER (WHERE a.group_code <> 'PR'), 0) FROM adjustments a
            WHERE a.tenant_id = t.tenant_id AND a.remittance_claim_id = t.remittance_claim_id
            AND a.line_ordinal = t.ordinal)) AS adjusted,
        sum((SELECT coalesce(sum(a.amount_cents) FILTER (WHERE a.group_code = 'PR'), 0) FROM adjustments a
            WHERE a.tenant_id = t.tenant_id AND a.remittance_claim_id = t.remittance_claim_id
            AND a.line_ordinal = t.ordinal)) AS share
    FROM remittance_claims rc
    JOIN remittance_lines t ON t.tenant_id = rc.tenant_id AND t.remittance_claim_id = rc.id
    WHERE rc.tenant_id = c.tenant_id AND rc.claim_id = c.id AND t.claim_line = l.number
        AND rc.outcome <> 'predetermination') r ON true
WHERE c.tenant_id = current_tenant() AND c.id = ANY($1::uuid[]) ORDER BY l.claim_id, l.number
"""
_CLAIMS = """
SELECT c.id, c.charge_cents, coalesce(string_agg(DISTINCT p.name, ', '), '') AS insurers,
    (SELECT coalesce(sum(a.amount_cents), 0)::bigint FROM patient_allocations a
        JOIN patient_transactions t ON t.tenant_id = a.tenant_id AND t.id = a.transaction_id
        WHERE a.tenant_id = c.tenant_id AND a.claim_id = c.id AND t.kind <> 'write_off') AS paid_by_patient,
    (SELECT coalesce(sum(a.amount_cents), 0)::bigint FROM patient_allocations a
        JOIN patient_transactions t ON t.tenant_id = a.tenant_id AND t.id = a.transaction_id
        WHERE a.tenant_id = c.tenant_id AND a.claim_id = c.id AND t.kind = 'write_off') AS forgiven,
    (SELECT coalesce(sum(e.amount_cents) FILTER (WHERE e.account = 'cash'), 0)::bigint FROM ledger_entries e
        WHERE e.tenant_id = c.tenant_id AND e.claim_id = c.id) AS cash
FROM claims c
LEFT JOIN remittance_claims rc ON rc.tenant_id = c.tenant_id AND rc.claim_id = c.id
LEFT JOIN remittances r ON r.tenant_id = rc.tenant_id AND r.id = rc.remittance_id
LEFT JOIN LATERAL (SELECT r.payer_name AS name UNION SELECT y.name FROM payers y
    WHERE y.tenant_id = c.tenant_id AND y.id = c.payer_id AND r.id IS NULL) p ON p.name <> ''
WHERE c.tenant_id = current_tenant() AND c.id = ANY($1::uuid[]) GROUP BY c.tenant_id, c.id, c.charge_cents
"""


async def printed(
    session: Session,
    patient_id: UUID,
    shares: Sequence[Share],
    credit_cents: int,
    number: int,
    on: date,
    rules: StatementRules,
) -> PrintedStatement:
    """The statement of these shares as it is printed."""
    row = await session.row(_PATIENT, patient_id)
    person, _ = open_person(await session.key(), row["person"])
    ids = [share.claim_id for share in shares]
    lines: dict[UUID, list[Any]] = defaultdict(list)
    for line in await session.fetch(_LINES, ids):
        lines[line["claim_id"]].append(line)
    claims = {one["id"]: one for one in await session.fetch(_CLAIMS, ids)}
    home = person.address
    street = (home.line1, home.line2, f"{home.city}, {home.state} {printed_zip(home.postal_code)}")
    return PrintedStatement(
        practice=(row["name"], row["line1"], row["line2"], f"{row['city']}, {row['state']} {printed_zip(row['postal_code'])}"),
        practice_phone=row["phone"],
        patient=(f"{person.first_name} {person.middle_name} {person.last_name}".replace("  ", " "), *street),
        account_number=row["account_number"],
        number=number,
        of=rules.most_statements,
        statement_on=on,
        due_on=on + timedelta(days=rules.due_days),
        claims=tuple(_claim(share, claims[share.claim_id], lines[share.claim_id]) for share in shares),
        credit_cents=credit_cents,
        balance_cents=sum(share.cents for share in shares) - credit_cents,
        ageing_cents=ageing(shares, credit_cents, on),
    )  # fmt: skip


def _claim(share: Share, claim: Any, lines: Sequence[Any]) -> PrintedClaim:
    """The lines as the payers answered them. When they answered the claim as a whole, one line says so instead."""
    paid = claim["paid_by_patient"] + claim["forgiven"]
    gave = share.cents + paid
    answered = [_line(line) for line in lines]
    if sum(line.share_cents for line in answered) != gave:
        insurers = claim["cash"] - claim["paid_by_patient"]
        answered = [
            PrintedLine(line["procedure"], line["service_from"], line["charge_cents"], 0, 0, 0)
            for line in lines
        ]
        rest = claim["charge_cents"] - insurers - gave
        whole = PrintedLine("All services together", share.service_from, 0, insurers, rest, gave)
        answered.append(whole)
    return PrintedClaim(share.reference, claim["insurers"], tuple(answered), gave, paid, share.cents)


def _line(line: Any) -> PrintedLine:
    return PrintedLine(
        line["procedure"],
        line["service_from"],
        line["charge_cents"],
        line["paid"],
        line["adjusted"],
        line["share"],
    )
