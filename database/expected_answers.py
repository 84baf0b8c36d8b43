"""How soon each partner's answers are expected, and which claims wait for one.

The schema itself is `sql/74_documents.sql`; which of several limits counts is said in `_WAITS` alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID as Identifier

from piccolo.columns import UUID, BigInt, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.session import Session
from domain.edi import EXPECTED_WITHIN


class ExpectedAnswerRow(Table, tablename="expected_answers", db=ENGINE):
    tenant_id = UUID(default=None)
    subject_type = Text()
    subject_id = UUID(primary_key=True, default=None)
    answer = Text()
    samples = Integer(default=0)
    percentile_seconds = BigInt(null=True, default=None)
    learned_seconds = BigInt(null=True, default=None)
    learned_at = Timestamptz(null=True, default=None)
    own_seconds = BigInt(null=True, default=None)
    own_reason = Text(default="")
    own_by = UUID(null=True, default=None)
    own_at = Timestamptz(null=True, default=None)


# One row for each payer, connection and answer. The nearest word counts: the tenant's own for the payer, for the
# connection, for everything; else what was learned; else the usual. $1 and $2 are the usual limits' names and seconds.
WAITS = """
SELECT p.id AS payer_id, p.name AS payer_name, p.medicare, p.timely_filing_days,
    k.id AS connection_id, k.name AS connection_name, u.answer,
    coalesce(ep.own_seconds, ek.own_seconds, (t.settings -> 'expected_answer_seconds' ->> u.answer)::numeric,
             ep.learned_seconds, ek.learned_seconds, u.seconds)::double precision AS seconds
FROM tenants t
CROSS JOIN payers p
CROSS JOIN connections k
CROSS JOIN unnest($1::text[], $2::bigint[]) AS u (answer, seconds)
LEFT JOIN expected_answers ep ON ep.tenant_id = p.tenant_id AND ep.subject_type = 'payer' AND ep.subject_id = p.id
    AND ep.answer = u.answer
LEFT JOIN expected_answers ek ON ek.tenant_id = k.tenant_id AND ek.subject_type = 'connection'
    AND ek.subject_id = k.id AND ek.answer = u.answer
WHERE t.id = current_tenant() AND p.tenant_id = t.id AND k.tenant_id = t.id
"""
# A claim that was never handed to a connection is asked about, too: then the connection has nothing to say.
_WAITS_OF_CLAIM = """
SELECT u.answer, c.form, c.service_from, c.service_to, p.medicare, p.timely_filing_days,
    (coalesce(ep.own_seconds, ek.own_seconds, (t.settings -> 'expected_answer_seconds' ->> u.answer)::numeric,
              ep.learned_seconds, ek.learned_seconds, u.seconds) * 1000000)::bigint AS microseconds
FROM claims c
JOIN tenants t ON t.id = c.tenant_id
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
CROSS JOIN unnest($2::text[], $3::bigint[]) AS u (answer, seconds)
LEFT JOIN expected_answers ep ON ep.tenant_id = c.tenant_id AND ep.subject_type = 'payer' AND ep.subject_id = c.payer_id
    AND ep.answer = u.answer
LEFT JOIN expected_answers ek ON ek.tenant_id = c.tenant_id AND ek.subject_type = 'connection'
    AND ek.subject_id = c.connection_id AND ek.answer = u.answer
WHERE c.tenant_id = current_tenant() AND c.id = $1
"""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a claim's answers may take, and the facts from which its filing limit follows."""

    within: Mapping[str, timedelta]
    service_date: date
    medicare: bool
    timely_filing_days: int


def usual() -> tuple[list[str], list[int]]:
    """The usual limits as the two arrays that the queries above take."""
    return list(EXPECTED_WITHIN), [int(within.total_seconds()) for within in EXPECTED_WITHIN.values()]


async def waits_of(session: Session, claim_id: Identifier) -> Waits:
    """What counts for one claim as it stands with its payer and connection now."""
    rows = await session.fetch(_WAITS_OF_CLAIM, claim_id, *usual())
    within = {row["answer"]: timedelta(microseconds=row["microseconds"]) for row in rows}
    return Waits(within, service_date_of(rows[0]), rows[0]["medicare"], rows[0]["timely_filing_days"])


def service_date_of(row: Any) -> date:
    """From which day a claim's filing limit counts: From of a professional claim, Through of an institutional one."""
    found: date = row["service_to"] if row["form"] == "institutional" else row["service_from"]
    return found
