"""What appeals come to: overturn rates by class, payer and level, each with its interval."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from database.session import Session
from domain.denials.classes import label_of
from domain.rates import Rate
from policies.permissions import Permission
from services import door

By = Literal["class", "payer", "level"]

# A level that was withdrawn was never decided, so it is not rated.
_SUMS = """
SELECT {key} AS key, {words} AS words, count(*)::int AS decided,
    count(*) FILTER (WHERE o.outcome = 'overturned')::int AS overturned,
    count(*) FILTER (WHERE o.outcome = 'partially_overturned')::int AS partly,
    sum(o.amount_cents)::bigint AS amount_cents, sum(o.recovered_cents)::bigint AS recovered_cents
FROM appeal_outcomes o JOIN payers p ON p.tenant_id = o.tenant_id AND p.id = o.payer_id
WHERE o.tenant_id = current_tenant() AND o.outcome <> 'withdrawn'
  AND ($1::uuid IS NULL OR o.payer_id = $1) AND ($2 = '' OR o.class_code = $2)
GROUP BY 1, 2 ORDER BY count(*) DESC, 1
"""
_GROUPS: dict[str, tuple[str, str]] = {
    "class": ("o.class_code", "o.class_code"),
    "payer": ("o.payer_id::text", "p.name"),
    "level": ("o.level::text", "o.level_label"),
}


@dataclass(frozen=True, slots=True)
class OutcomeRate:
    """Decided levels of a group. Rates are between 0 and 1 with a 95 % interval (Wilson); None: nothing to rate.

    `overturned` counts full ones only; `words` says the rate, or that there is nothing to rate.
    """

    key: str
    label: str
    decided: int
    overturned: int
    partly: int
    amount_cents: int
    recovered_cents: int
    rate: float | None
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class OverturnRates:
    """All decided levels together, and group by group, the largest first."""

    total: OutcomeRate
    groups: list[OutcomeRate]


@door.query(Permission.CLAIMS_VIEW)
async def overturn_rates(
    session: Session, by: By = "class", *, payer_id: UUID | None = None, class_code: str = ""
) -> OverturnRates:
    """Overturn rates of the tenant's appeals, by class, payer or level, of one payer or class when it is named."""
    key, words = _GROUPS[by]
    rows = await session.fetch(_SUMS.format(key=key, words=words), payer_id, class_code)
    groups = [_rate(row["key"], label_of(row["words"]), row) for row in rows]
    return OverturnRates(_total(rows), groups)


def _rate(key: str, label: str, row: Any) -> OutcomeRate:
    rate = Rate(row["overturned"], row["decided"])
    return OutcomeRate(
        key,
        label,
        row["decided"],
        row["overturned"],
        row["partly"],
        row["amount_cents"],
        row["recovered_cents"],
        rate.share,
        rate.low,
        rate.high,
        rate.words,
    )


def _total(rows: list[Any]) -> OutcomeRate:
    names = ("decided", "overturned", "partly", "amount_cents", "recovered_cents")
    return _rate("all", "All appeals", {name: sum(row[name] for row in rows) for name in names})
