"""The ledger of submissions: each claim version's chain of answers, and what is awaited."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from database.claim_states import facts_of
from database.expected_answers import WAITS, service_date_of, usual, waits_of
from database.session import Session
from domain.calendar import ALARM_DAYS, FilingTerms, filing_alarm, filing_limit
from domain.claims.filing_proof import rule_in_words
from domain.claims.submission import Answer, Link, chain
from domain.edi import WORDS, awaiting
from domain.paging import PAGE, Page, encode_cursor, moment_in, page_size
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.edi.filing_proofs import why_not_provable
from services.edi.submission_views import AwaitedLine, LinkView, SubmissionView

_SUBMISSIONS = """
SELECT v.claim_id, v.version, v.claim_number, v.frequency, v.payer_id, p.name AS payer_name, p.medicare,
    p.timely_filing_days, c.current_version, c.form, c.service_from, c.service_to, c.payer_id AS asked_payer_id,
    b.id AS batch_id, b.reference AS batch_reference, b.file_id, b.remote_name AS file_name, b.interchange_number,
    b.group_number, l.set_number, b.sent_at, k.id AS connection_id, k.name AS connection_name
FROM edi_batch_claims l
JOIN edi_batches b ON b.tenant_id = l.tenant_id AND b.id = l.batch_id
JOIN connections k ON k.tenant_id = b.tenant_id AND k.id = b.connection_id
JOIN claim_versions v ON v.tenant_id = l.tenant_id AND v.claim_id = l.claim_id AND v.version = l.version
JOIN claims c ON c.tenant_id = l.tenant_id AND c.id = l.claim_id
JOIN payers p ON p.tenant_id = v.tenant_id AND p.id = v.payer_id
WHERE l.tenant_id = current_tenant() AND l.claim_id = $1 ORDER BY v.version DESC
"""
# What was said of the claim, of its whole batch (an accepted TA1), and what the payer decided.
_ANSWERS = """
SELECT a.claim_version AS version, a.kind, a.sender, a.verdict, a.category, a.status_code, a.at,
    a.payer_claim_control_number AS control_number, a.file_id, f.remote_name AS file_name
FROM acknowledgements a JOIN edi_files f ON f.tenant_id = a.tenant_id AND f.id = a.file_id
WHERE a.tenant_id = current_tenant() AND a.claim_id = $1
UNION ALL
SELECT l.version, a.kind, a.sender, a.verdict, a.category, a.status_code, a.at, '', a.file_id, f.remote_name
FROM edi_batch_claims l
JOIN acknowledgements a ON a.tenant_id = l.tenant_id AND a.batch_id = l.batch_id AND a.claim_id IS NULL
JOIN edi_files f ON f.tenant_id = a.tenant_id AND f.id = a.file_id
WHERE l.tenant_id = current_tenant() AND l.claim_id = $1
UNION ALL
SELECT coalesce(rc.claim_version, c.current_version), '835', 'payer', 'accepted', 'CLP02 ' || rc.status_code, '', r.created_at,
    rc.payer_claim_control_number, r.file_id, f.remote_name
FROM remittance_claims rc
JOIN claims c ON c.tenant_id = rc.tenant_id AND c.id = rc.claim_id
JOIN remittances r ON r.tenant_id = rc.tenant_id AND r.id = rc.remittance_id
JOIN edi_files f ON f.tenant_id = r.tenant_id AND f.id = r.file_id
WHERE rc.tenant_id = current_tenant() AND rc.claim_id = $1 AND rc.outcome <> 'predetermination'
ORDER BY at
"""
_SERVED = "(CASE WHEN c.form = 'institutional' THEN c.service_to ELSE c.service_from END)"
_LIMIT = f"(CASE WHEN w.medicare THEN {_SERVED} + interval '1 year' ELSE {_SERVED} + w.timely_filing_days END)::date"
# Within one payer, connection and answer the oldest is due first, in the order of an index; the heads of those queues are
# merged. $3 the payer, $4 the connection, $5 the answer, $6 only late, $7 only near the limit, $8 and $9 the cursor.
_AWAITED = f"""
WITH waits AS MATERIALIZED ({WAITS}), due AS (
SELECT w.*, c.*, c.sent_at + w.within AS expected_by FROM (
    SELECT *, make_interval(secs => seconds) AS within FROM waits
    WHERE ($3::uuid IS NULL OR payer_id = $3) AND ($4::uuid IS NULL OR connection_id = $4)
        AND ($5 = '' OR answer = $5)
) AS w
CROSS JOIN LATERAL (
    SELECT c.tenant_id, c.id, c.reference, c.current_version, c.form, c.service_from, c.service_to, c.sent_at,
        c.silent_since, c.charge_cents
    FROM claims c
    WHERE c.tenant_id = current_tenant() AND c.payer_id = w.payer_id AND c.connection_id = w.connection_id
        AND c.awaiting = w.answer
        AND ($8::timestamptz IS NULL OR (c.sent_at, c.id) > ($8 - w.within, $9::uuid))
        AND (NOT $6 OR c.sent_at <= now() - w.within)
        AND (NOT $7 OR (w.answer <> '835' AND {_LIMIT} - {ALARM_DAYS} <= current_date))
    ORDER BY c.sent_at, c.id LIMIT $10
) AS c
ORDER BY expected_by, c.id LIMIT $10)
SELECT due.*, v.claim_number FROM due
JOIN claim_versions v ON v.tenant_id = due.tenant_id AND v.claim_id = due.id AND v.version = due.current_version
ORDER BY due.expected_by, due.id
"""


@door.query(Permission.CLAIMS_VIEW, of="claims")
async def submissions_of(session: Session, claim_id: UUID) -> list[SubmissionView]:
    """Every version of the claim that travelled, newest first, each with its chain of answers."""
    rows = await session.fetch(_SUBMISSIONS, claim_id)
    if not rows:
        return []
    answers = await _answers(session, claim_id)
    within = (await waits_of(session, claim_id)).within
    stored = await session.row(
        "SELECT c.*, v.frequency FROM claims c JOIN claim_versions v ON v.tenant_id = c.tenant_id"
        " AND v.claim_id = c.id AND v.version = c.current_version WHERE c.id = $1",
        claim_id,
    )
    zone = session.actor.time_zone
    waiting, now = awaiting(facts_of(stored)), datetime.now(UTC)
    return [_submission(row, answers[row["version"]], within, waiting, now, zone) for row in rows]


async def _answers(session: Session, claim_id: UUID) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    for row in await session.fetch(_ANSWERS, claim_id):
        told = Answer(
            stage_of(row["kind"], row["sender"]),
            row["verdict"],
            row["at"],
            " ".join(filter(None, (row["category"], row["status_code"]))),
            row["control_number"],
            row["file_id"],
            row["file_name"],
        )
        found[row["version"]].append(told)
        known = any(one.stage == "control_number" for one in found[row["version"]])
        if told.control_number and not known:
            found[row["version"]].append(_number(told))
    return found


def _number(told: Answer) -> Answer:
    """The payer's own number is a link of its own: with it the payer can be asked about the claim."""
    return Answer(
        "control_number", "accepted", told.at, "", told.control_number, told.file_id, told.file_name
    )


def stage_of(kind: str, sender: str) -> str:
    """The stage of the chain that a stored answer belongs to."""
    if kind == "277CA":
        return "payer_277ca" if sender == "payer" else "clearinghouse_277ca"
    return {"TA1": "ta1"}.get(kind, kind)


def _submission(
    row: Any,
    answers: list[Answer],
    within: Mapping[str, timedelta],
    waiting: str,
    now: datetime,
    zone: str,
) -> SubmissionView:
    current = row["version"] == row["current_version"]
    mine = within if row["payer_id"] == row["asked_payer_id"] else {}
    links = chain(row["sent_at"], answers, mine, now, waiting=waiting if current else "")
    terms, served = FilingTerms(row["medicare"], row["timely_filing_days"]), service_date_of(row)
    kept = {name: row[name] for name in SubmissionView.__dataclass_fields__ if name in row.keys()}  # noqa: SIM118
    return SubmissionView(
        **kept,
        current=current,
        filing_limit=filing_limit(served, terms),
        filing_rule=rule_in_words(terms, served, institutional=row["form"] == "institutional"),
        act_by=filing_alarm(served, terms),
        provable=why_not_provable(row["sent_at"], answers, filing_limit(served, terms), zone),
        links=[_link(link) for link in links],
    )


def _link(link: Link) -> LinkView:
    told = link.answer
    return LinkView(
        link.stage,
        link.label,
        link.sender,
        link.state.value,
        link.state.label,
        link.state.tone,
        link.at,
        link.expected_by,
        link.late,
        told.codes if told else "",
        told.control_number if told else "",
        told.file_id if told else None,
        told.file_name if told else "",
        link.answers,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which awaited answers are asked for."""

    answer: str = ""
    payer_id: UUID | None = None
    connection_id: UUID | None = None
    late: bool = False
    near_limit: bool = False


@door.query(Permission.CLAIMS_VIEW)
async def awaited(
    session: Session, wanted: Wanted = Wanted(), *, cursor: str | None = None, limit: int = PAGE
) -> Page[AwaitedLine]:
    """Sent claims that wait for an answer, what is due first first."""
    if wanted.answer and wanted.answer not in WORDS:
        fault = FieldError("answer", "answer.unknown", f"Choose one of: {', '.join(WORDS)}.")
        raise Invalid("answer.unknown", "There is no such answer.", fault.message, fields=(fault,))
    size = page_size(limit)
    rows = await session.fetch(
        _AWAITED,
        *usual(),
        wanted.payer_id,
        wanted.connection_id,
        wanted.answer,
        wanted.late,
        wanted.near_limit,
        *moment_in(cursor),
        size + 1,
    )
    now = datetime.now(UTC)
    lines = [_awaited(row, now) for row in rows[:size]]
    last = lines[-1] if len(rows) > size else None
    return Page(lines, encode_cursor(last.expected_by, last.claim_id) if last else None)


def _awaited(row: Any, now: datetime) -> AwaitedLine:
    limit = filing_limit(service_date_of(row), FilingTerms(row["medicare"], row["timely_filing_days"]))
    near = row["answer"] != "835" and limit - timedelta(days=ALARM_DAYS) <= now.date()
    return AwaitedLine(
        claim_id=row["id"],
        reference=row["reference"],
        claim_number=row["claim_number"],
        payer_id=row["payer_id"],
        payer_name=row["payer_name"],
        connection_id=row["connection_id"],
        connection_name=row["connection_name"],
        answer=row["answer"],
        answer_label=WORDS[row["answer"]],
        sent_at=row["sent_at"],
        expected_by=row["expected_by"],
        late=row["expected_by"] < now,
        filing_limit=limit,
        near_limit=near,
        alarmed=row["silent_since"] is not None,
        charge_cents=row["charge_cents"],
    )
