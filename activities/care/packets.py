"""Evidence packets: the facts of a patient's month gathered, rendered beside the program, and kept once for ever.

The close of a month calls the three one after the other: `gather` and `keep` each in a session, `rendered` in none.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from activities.care.reckoning import MonthKey
from database import documents
from database.care_packets import in_force
from database.care_plans import PlanInForce, plans_in_force
from database.care_reads import SAID
from database.clientele_phi import open_insured, open_person
from database.clientele_reads import coverage_on
from database.crypto import TenantKey
from database.session import Session
from domain.care.minutes import Reckoning
from domain.care.packet import (
    CONTENT,
    PacketBefore,
    PacketClaim,
    PacketConsent,
    PacketEntry,
    PacketFacts,
    PacketFinding,
    PacketLine,
    PacketPatient,
    PacketPiece,
    PacketPlan,
    PacketPractice,
    PacketProgramme,
    rule_of,
)
from domain.care.packet_sheet import packet_sheet
from domain.care.plan import ELEMENTS
from domain.refusals import Conflict
from integrations import pdf_processes
from integrations.pdf import Archival

KIND = "care_packet"
KEPT = "care.packets.keep"
"""What the audit trail calls it; the entry holds the SHA-256 of the bytes."""

_SUBJECT = """
SELECT t.name AS tenant, c.id AS client_id, c.name AS practice, c.npi, p.account_number, p.person, v.subscriber,
    y.name AS payer, (SELECT name FROM users WHERE id = $2) AS asked_by
FROM patients p
JOIN tenants t ON t.id = p.tenant_id
JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
LEFT JOIN coverages v ON v.tenant_id = p.tenant_id AND v.id = $3
LEFT JOIN payers y ON y.tenant_id = p.tenant_id AND y.id = v.payer_id
WHERE p.tenant_id = current_tenant() AND p.id = $1
"""
# Consents are kept word for word; their words stay sealed where they are, and only what is proven goes into the packet.
_PROGRAMMES = """
SELECT e.id, e.programme, e.conditions, e.complex_decisions, e.consented_on, e.ends_on, d.npi,
    concat_ws(' ', d.first_name, d.last_name) AS practitioner, coalesce(u.name, '') AS coordinator,
    g.said AS given, g.actor_name AS given_to, g.at AS given_at,
    r.said AS revoked, r.actor_name AS revoked_to, r.at AS revoked_at
FROM care_enrolments e
JOIN providers d ON d.tenant_id = e.tenant_id AND d.id = e.practitioner_id
LEFT JOIN users u ON u.id = e.coordinator_id
LEFT JOIN LATERAL (SELECT said, actor_name, at FROM care_enrolment_events x WHERE x.tenant_id = e.tenant_id
    AND x.enrolment_id = e.id AND x.event = 'consented' ORDER BY x.id DESC LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT said, actor_name, at FROM care_enrolment_events x WHERE x.tenant_id = e.tenant_id
    AND x.enrolment_id = e.id AND x.event = 'revoked' ORDER BY x.id DESC LIMIT 1) r ON true
WHERE e.tenant_id = current_tenant() AND e.patient_id = $1 AND e.consented_on IS NOT NULL AND e.consented_on <= $3
    AND (e.ends_on IS NULL OR e.ends_on >= $2) ORDER BY e.id
"""
# What stands in for an entry of the month is told with it wherever it lies, or nobody could replay the minutes.
_WINDOW = "{0}.starts_at < to_timestamp($3) AND ({0}.ends_at > to_timestamp($2) OR {0}.starts_at >= to_timestamp($2))"
_ENTRIES = f"""
SELECT t.id, t.enrolment_id, t.staff_id, t.staff_name, t.credential, t.activity, t.source, t.supersedes, t.void,
    extract(epoch FROM t.starts_at)::bigint AS starts, extract(epoch FROM t.ends_at)::bigint AS ends, t.recorded_at,
    CASE WHEN d.approved THEN u.name END AS approved_by
FROM care_time_entries t
LEFT JOIN care_time_decisions d ON d.tenant_id = t.tenant_id AND d.entry_id = t.id
LEFT JOIN users u ON u.id = d.decided_by
WHERE t.tenant_id = current_tenant() AND t.patient_id = $1 AND ({_WINDOW.format("t")}
    OR EXISTS (SELECT FROM care_time_entries o WHERE o.tenant_id = t.tenant_id AND o.id = t.supersedes
        AND {_WINDOW.format("o")})) ORDER BY t.starts_at, t.id
"""


async def gather(
    session: Session, patient_id: UUID, key: MonthKey, reckoning: Reckoning, *, asked_by: UUID | None = None
) -> PacketFacts:
    """What is known of a patient's month; `asked_by` is the person at whose word it is closed."""
    month = key.month
    coverage = await coverage_on(session, patient_id, month.last)
    asker = asked_by or session.actor.user_id
    subject = await session.row(_SUBJECT, patient_id, asker, coverage and coverage["id"])
    enrolments = await session.fetch(_PROGRAMMES, patient_id, month.first, month.last)
    entries = await session.fetch(_ENTRIES, patient_id, *month.window)
    plans = await plans_in_force(session, [row["id"] for row in enrolments], month.last)
    before = await in_force(session, patient_id, month.first)
    secret = await session.key()
    programmes = tuple(_programme(secret, row) for row in enrolments)
    return PacketFacts(
        tenant=subject["tenant"],
        practice=PacketPractice(subject["client_id"], subject["practice"], subject["npi"], month.zone),
        patient=_patient(secret, patient_id, subject),
        month=month.first,
        programmes=programmes,
        plans=tuple(_plan(one, plan) for one, plan in plans.items()),
        entries=tuple(_entries(entries, reckoning)),
        lines=tuple(_lines(reckoning)),
        findings=tuple(PacketFinding(one.edit.value, one.message, one.blocks) for one in reckoning.findings),
        counted={one.value: seconds for one, seconds in reckoning.counted.items()},
        table_version=reckoning.table_version,
        generated_by=subject["asked_by"] or session.actor.name,
        generated_at=datetime.now(UTC).replace(microsecond=0),
        supersedes=PacketBefore(before["document_id"], before["sha256"].hex(), before["kept_at"])
        if before
        else None,
        claims=_claims(programmes, reckoning),
    )


async def rendered(facts: PacketFacts) -> bytes:
    """The packet as PDF/A-3u with its facts inside. Takes a process for some tenths of a second; hold no session."""
    return await pdf_processes.archived(
        Archival(packet_sheet(facts), facts.content, CONTENT, facts.generated_at)
    )


async def standing(session: Session, facts: PacketFacts) -> UUID | None:
    """The packet in force when it says just this already, so that nothing need be rendered."""
    before = await in_force(session, facts.patient.id, facts.month)
    return before["document_id"] if before and before["substance_sha256"] == facts.substance else None


async def keep(session: Session, facts: PacketFacts, body: bytes) -> UUID:
    """Store a packet in the place of the one before; its document's id, or that of the one in force if it says the same.

    The audit entry of the hash chain holds the SHA-256 of the bytes. Raises `Conflict` when another packet of the month
    was kept since `gather`.
    """
    patient_id = facts.patient.id
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
        f"{session.tenant_id}/care_packet/{patient_id}/{facts.month}",
    )
    before = await in_force(session, patient_id, facts.month)
    if before and before["substance_sha256"] == facts.substance:
        kept: UUID = before["document_id"]
        return kept
    supersedes = before["document_id"] if before else None
    if supersedes != (facts.supersedes.document_id if facts.supersedes else None):
        raise Conflict(
            "care_packet.another_since",
            "Another packet of this month was kept meanwhile.",
            "Gather it again.",
        )
    document_id = await documents.store(
        session,
        kind=KIND,
        subject_type="patient",
        subject_id=patient_id,
        # The name is not sealed: the beginning of the hash tells packets apart and nobody who they are of.
        name=f"care-{facts.month:%Y-%m}-{facts.digest[:12]}.pdf",
        body=body,
        facts={"month": facts.month, "content_sha256": facts.digest, "supersedes": supersedes},
    )
    await _note(session, facts, document_id, supersedes)
    detail = {
        "sha256": sha256(body).hexdigest(),
        "content_sha256": facts.digest,
        "supersedes": supersedes,
    }
    await session.audit(KEPT, "documents", document_id, phi=True, detail=detail)
    return document_id


async def _note(session: Session, facts: PacketFacts, document_id: UUID, supersedes: UUID | None) -> None:
    await session.execute(
        "INSERT INTO care_packets (tenant_id, document_id, client_id, patient_id, month, content_sha256,"
        " substance_sha256, supersedes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        session.tenant_id,
        document_id,
        facts.practice.client_id,
        facts.patient.id,
        facts.month,
        bytes.fromhex(facts.digest),
        facts.substance,
        supersedes,
    )


def _patient(key: TenantKey, patient_id: UUID, row: Any) -> PacketPatient:
    person, _ = open_person(key, row["person"])
    name = " ".join(filter(None, (person.first_name, person.middle_name, person.last_name)))
    member = open_insured(key, row["subscriber"]).member_id if row["subscriber"] else ""
    return PacketPatient(
        patient_id, name, row["account_number"], person.birth_date, row["payer"] or "", member
    )


def _programme(key: TenantKey, row: Any) -> PacketProgramme:
    same = (
        "programme",
        "practitioner",
        "coordinator",
        "conditions",
        "complex_decisions",
        "consented_on",
        "ends_on",
    )
    return PacketProgramme(
        row["id"],
        **{name: row[name] for name in same},
        practitioner_npi=row["npi"],
        consent=_consent(key, row["given"], row["given_to"], row["given_at"]),
        revoked=_consent(key, row["revoked"], row["revoked_to"], row["revoked_at"]),
    )


def _consent(key: TenantKey, sealed: bytes | None, recorded_by: str, at: datetime) -> PacketConsent | None:
    if sealed is None:
        return None
    said = key.open_json(SAID, sealed)
    on = date.fromisoformat(said["on"]) if said.get("on") else None
    points = tuple(said.get("points", ()))
    return PacketConsent(on, said.get("how", ""), said.get("given_by", ""), points, recorded_by, at)


def _plan(enrolment_id: UUID, plan: PlanInForce) -> PacketPlan:
    elements = tuple((label, name in plan.elements) for name, label in ELEMENTS.items())
    return PacketPlan(
        enrolment_id,
        plan.version,
        plan.stored_on,
        plan.review_on,
        plan.complete,
        plan.diagnoses,
        elements,
        plan.in_force_on,
    )


def _entries(rows: Sequence[Any], reckoning: Reckoning) -> Iterable[PacketEntry]:
    pieces: dict[UUID, list[PacketPiece]] = {}
    for one in reckoning.pieces:
        pieces.setdefault(one.entry_id, []).append(PacketPiece(one.starts, one.ends, one.why, one.by))
    same = (
        "id",
        "enrolment_id",
        "staff_id",
        "credential",
        "activity",
        "source",
        "starts",
        "ends",
        "supersedes",
        "void",
    )
    for row in rows:
        yield PacketEntry(
            **{name: row[name] for name in same},
            staff=row["staff_name"],
            recorded=row["recorded_at"],
            approved_by=row["approved_by"] or "",
            pieces=tuple(pieces.get(row["id"], ())),
        )


def _lines(reckoning: Reckoning) -> Iterable[PacketLine]:
    for one in reckoning.lines:
        rule = rule_of(one.code, reckoning.table)
        yield PacketLine(one.code, one.units, one.served_on, one.seconds, rule)


def _claims(programmes: Sequence[PacketProgramme], reckoning: Reckoning) -> tuple[PacketClaim, ...]:
    """Whose claim each code is on, where the month makes more than one."""
    codes: dict[str, list[str]] = {}
    for one in reckoning.lines:
        codes.setdefault(str(reckoning.table.family(one.code)), []).append(one.code)
    if len(codes) < 2:
        return ()
    of = {one.programme: one for one in programmes}
    return tuple(
        PacketClaim(programme, of[programme].practitioner, of[programme].practitioner_npi, tuple(found))
        for programme, found in codes.items()
    )
