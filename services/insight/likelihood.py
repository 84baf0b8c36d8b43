"""How likely a claim is denied, said before it is sent, with the reasons and how good such sayings were."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from activities.insight import model_from
from database.session import Session
from domain.insight.features import factors_of, particular
from domain.insight.likelihood import Likelihood, Measure, Model, Reason
from policies.permissions import Permission
from services import door

MOST_SCORED = 500

_UNSENT = """
SELECT k.id, k.reference, k.status, k.payer_id, k.client_id, k.charge_cents, k.service_from, v.diagnoses,
    p.name AS payer_name, current_date - k.service_from AS days,
    (SELECT array_agg(l.procedure) FROM claim_lines l
     WHERE l.tenant_id = v.tenant_id AND l.claim_id = v.claim_id AND l.version = v.version) AS procedures
FROM claims k
JOIN claim_versions v ON v.tenant_id = k.tenant_id AND v.claim_id = k.id AND v.version = k.current_version
JOIN payers p ON p.tenant_id = k.tenant_id AND p.id = k.payer_id
WHERE k.tenant_id = current_tenant() AND k.closed_at IS NULL AND v.submitted_at IS NULL AND v.frequency = '1'
"""
_NEWEST = "SELECT * FROM denial_models WHERE tenant_id = current_tenant() ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class ForetoldReason:
    """A particular (payer, procedure, diagnosis, client or delay) with its denials, beside what is usual there."""

    kind: str
    name: str
    denied: int
    decided: int
    usual: float
    effect: float


@dataclass(frozen=True, slots=True)
class Foretold:
    """The chance that a claim is denied, between 0 and 1, with its reasons; the payer's own rate stands first."""

    claim_id: UUID
    reference: str
    payer_name: str
    service_from: date
    charge_cents: int
    chance: float
    reasons: list[ForetoldReason]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How the last months were foretold by what was known before. `useful` says whether chances are shown at all.

    `top_denied` of `top_claims` are the denials among the tenth of claims that seemed riskiest.
    """

    learned_at: datetime | None
    first_month: str
    last_month: str
    claims: int
    denied: int
    brier: float | None
    brier_plain: float | None
    top_claims: int
    top_denied: int
    useful: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """The unsent claims likeliest to be denied, first, and how far to trust that."""

    accuracy: Accuracy
    claims: list[Foretold]


@door.query(Permission.CLAIMS_VIEW)
async def likely_denials(session: Session) -> Forecast:
    """The newest unsent claims, likeliest to be denied first; none while the history does not bear it."""
    found = await session.row(_NEWEST)
    accuracy = _accuracy(found)
    if not accuracy.useful:
        return Forecast(accuracy, [])
    model = model_from(json.loads(found["model"]))
    rows = await session.fetch(f"{_UNSENT} ORDER BY k.id DESC LIMIT {MOST_SCORED}")
    claims = sorted((_foretold(model, row) for row in rows), key=lambda one: -one.chance)
    return Forecast(accuracy, claims[:100])


@door.query(Permission.CLAIMS_VIEW, of="claims")
async def likelihood_of(session: Session, claim_id: UUID) -> Forecast:
    """The same for one claim: no claim in the answer once it was sent, or while the history does not bear it."""
    found = await session.row(_NEWEST)
    accuracy = _accuracy(found)
    row = await session.row(f"{_UNSENT} AND k.id = $1", claim_id) if accuracy.useful else None
    if row is None:
        return Forecast(accuracy, [])
    return Forecast(accuracy, [_foretold(model_from(json.loads(found["model"])), row)])


def _foretold(model: Model, row: Any) -> Foretold:
    factors = factors_of(
        row["payer_id"], row["client_id"], row["procedures"] or (), row["diagnoses"], row["days"]
    )
    said: Likelihood = model.of(factors)
    return Foretold(
        claim_id=row["id"],
        reference=row["reference"],
        payer_name=row["payer_name"],
        service_from=row["service_from"],
        charge_cents=row["charge_cents"],
        chance=said.chance,
        reasons=[_reason(one, row["payer_name"]) for one in said.reasons],
    )


def _reason(one: Reason, payer_name: str) -> ForetoldReason:
    name = {"payer": payer_name, "client": "this client"}.get(one.kind) or particular(one.key)
    return ForetoldReason(one.kind, name, one.denied, one.decided, one.usual, one.effect)


def _accuracy(row: Any) -> Accuracy:
    if row is None:
        return Accuracy(None, "", "", 0, 0, None, None, 0, 0, False)
    if row["measure"] is None:
        return Accuracy(
            row["learned_at"], row["first_month"], row["last_month"], 0, 0, None, None, 0, 0, False
        )
    measured = Measure(**json.loads(row["measure"]))
    return Accuracy(
        learned_at=row["learned_at"],
        first_month=row["first_month"],
        last_month=row["last_month"],
        claims=measured.claims,
        denied=measured.denied,
        brier=measured.brier,
        brier_plain=measured.brier_plain,
        top_claims=measured.top_claims,
        top_denied=measured.top_denied,
        useful=measured.useful,
    )
