"""What a table of scrubbing is asked about a claim: codes, cents, days and numbers, nothing that names a patient."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from domain.claims.institutional import AnyClaim, InstitutionalClaim
from domain.claims.model import Claim
from domain.claims.rules import Finding, Severity

_SEVERITIES = {"hold": Severity.ERROR, "warn": Severity.WARNING}


def scrubbing_facts(claim: AnyClaim, findings: Iterable[Finding], today: date) -> dict[str, Any]:
    """The facts of the table of scrubbing; `today` is the practice's calendar day."""
    days = claim.days
    payer = claim.coverage.payer
    return {
        "payer_id": payer.payer_id,
        "filing_code": payer.claim_filing_code,
        "medicare": payer.medicare,
        "rank": claim.coverage.order,
        "client_npi": claim.billing.npi,
        "frequency": claim.frequency,
        "charge_cents": claim.charge_cents,
        "highest_line_cents": max((line.charge_cents for line in claim.lines), default=0),
        "lines": len(claim.lines),
        "units": _plain(sum((line.units for line in claim.lines), Decimal(0))),
        "procedures": _distinct(line.procedure for line in claim.lines),
        "diagnoses": _distinct(claim.diagnoses),
        "modifiers": _distinct(one for line in claim.lines for one in line.modifiers),
        "authorization": bool(claim.prior_authorization),
        "service_from": days[0] if days else None,
        "service_to": days[1] if days else None,
        "days_since_service": (today - days[1]).days if days else None,
        "built_in": _distinct(finding.rule_id for finding in findings),
        **(_institutional(claim) if isinstance(claim, InstitutionalClaim) else _professional(claim)),
    }


def finding_of(answers: dict[str, Any], place: str) -> Finding:
    """A row's answers as a finding. `place` names table, version and row where the row gives no citation."""
    return Finding(
        answers["id"],
        _SEVERITIES[answers["severity"]],
        answers.get("field", "claim"),
        answers["message"],
        answers.get("citation", place),
    )


def _professional(claim: Claim) -> dict[str, Any]:
    return {
        "form": "professional",
        "rendering_npi": claim.rendering.npi if claim.rendering else None,
        "referring": claim.referring is not None,
        "places_of_service": _distinct(line.place_of_service for line in claim.lines),
        "revenue_codes": [],
        "facility_code": None,
    }


def _institutional(claim: InstitutionalClaim) -> dict[str, Any]:
    facts = claim.facts
    return {
        "form": "institutional",
        "rendering_npi": facts.rendering.npi if facts.rendering else None,
        "referring": facts.referring is not None,
        "places_of_service": [],
        "revenue_codes": _distinct(line.revenue_code for line in facts.lines),
        "facility_code": facts.facility_code or None,
    }


def _plain(units: Decimal) -> int | float:
    return int(units) if units == units.to_integral_value() else float(units)


def _distinct(codes: Iterable[str]) -> list[str]:
    """Each code once, in the order of the claim; empty ones are left out."""
    return list(dict.fromkeys(one for one in codes if one))
