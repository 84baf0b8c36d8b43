"""Scrubbing: the rules run here, not in the workflow, so that a later rule cannot break a replay."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from temporalio import activity

from activities.claims.messages import ClaimTask, Position
from activities.work import close_items, open_item
from database.care_codes import code_tables
from database.claim_activities import Touch, add_touches
from database.claim_reads import earlier_lines, load_claims
from database.claim_states import ClaimState, lock_claims, store_claims
from database.decision_tables import decide
from database.enrolment_reads import enrolled_for
from database.session import Session, tenant_session
from domain import work
from domain.claims.institutional import AnyClaim, InstitutionalClaim
from domain.claims.model import Claim
from domain.claims.rules import Finding, ScrubContext, holds_claim, scrub
from domain.claims.rules.institutional import scrub_institutional
from domain.claims.states import Event, Step
from domain.rules.claim_facts import finding_of, scrubbing_facts
from domain.tenancy import workflow_actor

WORKFLOW = "ClaimLifecycle"
HELD_BY_RULES = "findings"

# The days of service are those of the lines, or those of an institutional claim's statement.
_CURRENT = """
UPDATE claims SET current_version = $2, charge_cents = v.charge_cents,
    service_from = coalesce(f.statement_from, l.low, claims.service_from),
    service_to = coalesce(f.statement_to, l.high, claims.service_to)
FROM claim_versions v
LEFT JOIN institutional_facts f ON f.tenant_id = v.tenant_id AND f.claim_id = v.claim_id AND f.version = v.version,
    (SELECT min(service_from) AS low, max(service_to) AS high FROM claim_lines WHERE claim_id = $1 AND version = $2) l
WHERE claims.id = $1 AND v.claim_id = $1 AND v.version = $2
"""


@activity.defn
async def scrub_claim(task: ClaimTask) -> Position:
    """Run every rule over one version, store the findings, and hold the claim or let it wait for its release."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        await _take_version(session, state, task.version)
        claim = (await load_claims(session, [(task.claim_id, task.version)]))[task.claim_id, task.version]
        context = await _context(session, state, claim)
        findings = _scrubbed(claim, context)
        findings += await _by_table(session, task, claim, findings, context.today)
        await _store_findings(session, task, findings)
        await _judge(session, state, task, findings)
        await store_claims(session, [state])
        return Position(state.step)


def _scrubbed(claim: AnyClaim, context: ScrubContext) -> tuple[Finding, ...]:
    """The findings of the catalogue that is the claim's."""
    if isinstance(claim, InstitutionalClaim):
        return scrub_institutional(claim, context)
    return scrub(claim, context)


async def _by_table(
    session: Session, task: ClaimTask, claim: AnyClaim, findings: tuple[Finding, ...], today: date
) -> tuple[Finding, ...]:
    """The findings of the tenant's own table, after the built-in ones."""
    facts = scrubbing_facts(claim, findings, today)
    made = await decide(
        session, "scrubbing", facts, default={}, subject_type="claim", subject_id=task.claim_id
    )
    places = (f"Scrubbing table, version {made.version}, row {row}" for row in made.rows)
    return tuple(finding_of(one, place) for one, place in zip(made.values, places, strict=True))


async def _take_version(session: Session, state: ClaimState, version: int) -> None:
    """Make `version` the current one; a claim that was answered before starts a new submission."""
    frequency = await session.value(
        "SELECT frequency FROM claim_versions WHERE claim_id = $1 AND version = $2", state.id, version
    )
    if version != state.version:
        state.submit_again(version, frequency)
        await session.execute(
            _CURRENT,
            state.id,
            version,
        )
    state.coded_at = state.coded_at or datetime.now(UTC)
    state.know(coded=True, held_reason="")
    if state.step is Step.CODING:
        state.happened(Event.CODED)
    elif state.step is not Step.SCRUBBING:
        state.happened(Event.CORRECTED)


async def _context(session: Session, state: ClaimState, claim: AnyClaim) -> ScrubContext:
    numbers = await session.fetch("SELECT claim_number FROM claim_versions WHERE claim_id = $1", state.id)
    accepted = await session.value(
        "SELECT min(a.at) FROM acknowledgements a JOIN claim_versions v ON v.tenant_id = a.tenant_id"
        " AND v.claim_id = a.claim_id AND v.version = a.claim_version"
        " WHERE a.claim_id = $1 AND a.sender = 'payer' AND a.verdict = 'accepted' AND v.rank = $2",
        state.id,
        state.rank,
    )
    zone = ZoneInfo(await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id))
    today = _today(zone)
    months = {line.service_from for line in claim.lines} if isinstance(claim, Claim) else ()
    tables = await code_tables(session, months)
    care_codes = frozenset(code for last, table in tables.items() for code in table.on(last).codes)
    return ScrubContext(
        today=today,
        known_duplicates=await earlier_lines(session, state.id, state.patient_id, claim, care_codes),
        own_claim_numbers=frozenset(row["claim_number"] for row in numbers),
        first_received=accepted.astimezone(zone).date() if accepted else None,
        enrolled=await _enrolled(session, state, claim, today),
        version_number=state.version,
        care_codes=tables,
    )


async def _enrolled(session: Session, state: ClaimState, claim: AnyClaim, today: date) -> bool | None:
    """Whether the payer takes this client's claims of this kind now; None when it asks for no enrolment."""
    transaction = "837I" if isinstance(claim, InstitutionalClaim) else "837P"
    served = await session.value("SELECT service_from FROM claims WHERE id = $1", state.id)
    return await enrolled_for(session, state.client_id, state.payer_id, transaction, today, served)


def _today(zone: ZoneInfo) -> date:
    return datetime.now(zone).date()


async def _store_findings(session: Session, task: ClaimTask, findings: Sequence[Finding]) -> None:
    await session.execute(
        "DELETE FROM claim_findings WHERE claim_id = $1 AND version = $2", task.claim_id, task.version
    )
    await session.copy(
        "claim_findings",
        ("tenant_id", "claim_id", "version", "ordinal", "rule_id", "severity", "field", "message", "citation"),
        [
            (task.tenant_id, task.claim_id, task.version, ordinal, f.rule_id, str(f.severity), f.field, f.message, f.citation)
            for ordinal, f in enumerate(findings, 1)
        ],
    )  # fmt: skip


async def _judge(session: Session, state: ClaimState, task: ClaimTask, findings: Sequence[Finding]) -> None:
    held = holds_claim(tuple(findings))
    await session.execute(
        "UPDATE claim_versions SET scrubbed_at = now(), verdict = $3 WHERE claim_id = $1 AND version = $2",
        task.claim_id,
        task.version,
        "held" if held else "clean",
    )
    errors = sum(finding.severity == "error" for finding in findings)
    key = f"scrub:{task.version}:{'.'.join(sorted({f.rule_id for f in findings}))}"
    if held:
        state.happened(Event.SCRUB_FAILED)
        state.know(held_reason=HELD_BY_RULES)
        summary = f"Scrubbed: {errors} error{'s' if errors != 1 else ''}, held"
        await open_hold(session, state, f"{errors} finding{'s' if errors != 1 else ''}")
    else:
        state.happened(Event.SCRUB_PASSED)
        summary = f"Scrubbed: clean{f', {len(findings)} warnings' if findings else ''}"
        await close_items(session, "claim", state.id, ["hold"])
    await add_touches(session, [Touch(state.id, "scrubbed", summary, key, task.actor_id)])


async def open_hold(session: Session, state: ClaimState, reason: str) -> None:
    """Open the hold's work item: one open at a time, and anew when a version is still held after a decision."""
    await open_item(
        session,
        f"hold:{state.id}:{state.version}",
        work.Kind.HOLD,
        work.title(work.Kind.HOLD, state.reference, reason),
        subject_type="claim",
        subject_id=state.id,
        workflow_id=f"{session.tenant_id}/claim/{state.id}",
        again=True,
    )
