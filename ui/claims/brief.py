"""A claim in a few lines, beside the work item that is about it."""

from policies.permissions import Permission as P
from services.claims.views import ClaimView
from ui.claims import findings
from ui.page import Page
from ui.parts.chips import claim_chip
from ui.parts.markup import Markup, a, div, span
from ui.parts.money import dollars
from ui.parts.table import facts
from ui.parts.times import day

# Next actions of a claim that are made in its form.
CORRECTIONS = frozenset({"correct", "correct_and_resend", "replace"})


def brief(claim: ClaimView, page: Page) -> Markup:
    """Who, how much, and what is wrong."""
    patient = (
        a(claim.patient_name, href=f"/patients/{claim.patient_id}")
        if page.may(P.PATIENTS_VIEW)
        else claim.patient_name
    )
    pairs = facts(
        ("Claim", span(claim.reference, " ", claim_chip(claim.status, claim.status_label, claim.tone))),
        ("Patient", patient),
        ("Payer", claim.payer_name),
        ("Served", day(claim.service_from)),
        ("Charged", dollars(claim.charge_cents)),
        ("Paid", dollars(claim.paid_cents)),
        ("Balance", dollars(claim.balance_cents)),
        ("Denied with", _codes(claim)) if _codes(claim) else None,
        look="one",
    )
    errors = [finding for finding in claim.findings if finding.severity == "error"]
    return div(pairs, findings.notes(errors, where=True) if claim.status == "held" else None)


def _codes(claim: ClaimView) -> str:
    """Group and reason codes of the latest remittance, without what the contract takes off."""
    if not claim.adjudications:
        return ""
    latest = claim.adjudications[-1]
    return ", ".join(
        f"{one.group_code}-{one.reason_code} {dollars(one.amount_cents)}" for one in latest.adjustments
    )
