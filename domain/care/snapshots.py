"""What was computed of a patient's month, as it is kept with each close of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.care.month_claims import BilledLine, MonthClaim, claim_from, claim_kept


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counted seconds by programme, the claims, the codes of what stood against billing with the words where the code alone
    does not say all, the codes of what is only to be known, and what it was computed from."""

    counted: Mapping[str, int]
    claims: tuple[MonthClaim, ...] = ()
    findings: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    table_version: str = ""
    entry_ids: tuple[UUID, ...] = ()
    plan_versions: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[BilledLine, ...]:
        """The lines of all its claims."""
        return tuple(line for claim in self.claims for line in claim.lines)

    @property
    def charge_cents(self) -> int:
        """The sum of the lines."""
        return sum(claim.charge_cents for claim in self.claims)


def kept(snapshot: Snapshot) -> dict[str, object]:
    """A snapshot as JSON."""
    return {
        "counted": dict(snapshot.counted),
        "claims": [claim_kept(one) for one in snapshot.claims],
        "findings": list(snapshot.findings),
        "words": dict(snapshot.words or {}),
        "table_version": snapshot.table_version,
        "entry_ids": [str(one) for one in snapshot.entry_ids],
        "plan_versions": list(snapshot.plan_versions),
        "warnings": list(snapshot.warnings),
    }


def snapshot_of(body: Mapping[str, Any]) -> Snapshot:
    """A snapshot from JSON; an empty one of a month that was not computed."""
    return Snapshot(
        dict(body.get("counted") or {}),
        tuple(_claims(body)),
        tuple(body.get("findings") or ()),
        dict(body.get("words") or {}),
        body.get("table_version") or "",
        tuple(UUID(one) for one in body.get("entry_ids") or ()),
        tuple(body.get("plan_versions") or ()),
        tuple(body.get("warnings") or ()),
    )


def _claims(body: Mapping[str, Any]) -> list[MonthClaim]:
    if "claims" in body:
        return [claim_from(one) for one in body["claims"]]
    # Releases before kept the one claim of a month without its programme, beside what was computed.
    return [claim_from(body)] if body.get("lines") else []
