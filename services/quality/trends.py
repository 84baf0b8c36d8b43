"""How accuracy goes, by person, payer, month and kind of error, and who needs training in what. Counts are pooled."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from database.session import Session
from domain.quality.accuracy import TARGET, Counted, accuracy, needs_training, surely_below
from domain.quality.checklist import CATEGORY_WORDS, Category
from domain.quality.process import COUNTED
from domain.rates import Rate
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.quality.views import Accuracies, RateView, accuracies_of, counted_of, rate_view

By = Literal["person", "payer", "month"]
_KEYS = {
    "person": ("e.id::text", "e.name"),
    "payer": ("p.id::text", "p.name"),
    "month": ("to_char(a.period_to, 'YYYY-MM')", "to_char(a.period_to, 'YYYY-MM')"),
}
_FROM = """
FROM qa_audit_claims q JOIN qa_audits a ON a.tenant_id = q.tenant_id AND a.id = q.audit_id
JOIN users e ON e.id = a.employee_id JOIN claims c ON c.tenant_id = q.tenant_id AND c.id = q.claim_id
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
WHERE q.tenant_id = current_tenant() AND q.reviewed_at IS NOT NULL AND a.state = ANY($1) AND a.outcome <> 'cancelled'
    AND a.period_to >= current_date - make_interval(months => $2) AND ($3::uuid IS NULL OR a.employee_id = $3)
    AND ($4::uuid IS NULL OR c.payer_id = $4)
"""
_SUMS = """count(*) AS claims, count(*) FILTER (WHERE q.claim_wrong) AS claims_wrong, sum(q.codes) AS codes,
    sum(q.codes_wrong) AS codes_wrong, sum(q.cents)::bigint AS cents, sum(q.cents_wrong)::bigint AS cents_wrong"""
# A claim has an error of a category when a finding of it stands that is more than an observation.
_WITH_ERROR = """count(*) FILTER (WHERE EXISTS (SELECT 1 FROM qa_findings f WHERE f.tenant_id = q.tenant_id
    AND f.audit_claim_id = q.id AND f.reader = 'first' AND f.withdrawn_at IS NULL AND f.severity <> 'observation'
    AND f.category = '{}'))"""
_NAMES = """
SELECT coalesce((SELECT u.name FROM users u JOIN memberships m ON m.user_id = u.id WHERE m.tenant_id = current_tenant()
    AND u.id = $1), '') AS person, coalesce((SELECT name FROM payers WHERE id = $2), '') AS payer
"""
_CATEGORIES = ", ".join(f"{_WITH_ERROR.format(one.value)} AS {one.value}_wrong" for one in Category)


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The pooled accuracies of a person, a payer or a month. `key` is the id, or the month; `right` are the claims without
    an error of the category asked for."""

    key: str
    name: str
    claims: int
    accuracies: Accuracies
    right: RateView | None = None


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """Claims without an error of a category."""

    category: str
    label: str
    right: RateView


@dataclass(frozen=True, slots=True)
class Trends:
    """Accuracies over the months asked for, by what was asked for, all together, and by category of error; of the person
    and the payer named."""

    by: By
    months: int
    whole: Accuracies
    claims: int
    lines: list[TrendLine]
    categories: list[CategoryLine]
    of_person: str = ""
    of_payer: str = ""


@dataclass(frozen=True, slots=True)
class TrainingNeed:
    """Somebody under the target in a category. `sure` when even the upper end of the interval is below it."""

    employee_id: UUID
    name: str
    category: str
    label: str
    right: RateView
    sure: bool


@dataclass(frozen=True, slots=True)
class TrainingNeeds:
    """Who needs training in what; `target` is the share of claims without an error."""

    target: float
    months: int
    needs: list[TrainingNeed]


@door.query(Permission.AUDITS_PLAN)
async def trends(
    session: Session,
    by: By = "person",
    months: int = 12,
    employee_id: UUID | None = None,
    payer_id: UUID | None = None,
    category: str = "",
) -> Trends:
    """Accuracy by person, payer or month of the period audited, and by category of error; of one person, one payer or both.

    With a `category` every line says how many claims have no error of it.
    """
    _checked(months)
    if category and category not in set(Category):
        raise _wrong("category", f"Choose one of: {', '.join(Category)}.")
    key, name = _KEYS[by]
    asked = (list(COUNTED), months, employee_id, payer_id)
    order = "1 DESC" if by == "month" else "2"
    rows = await session.fetch(
        f"SELECT {key} AS key, {name} AS name, {_SUMS}, {_CATEGORIES} {_FROM} GROUP BY 1, 2 ORDER BY {order} LIMIT 500",
        *asked,
    )
    total = await session.row(f"SELECT {_SUMS}, {_CATEGORIES} {_FROM}", *asked)
    return Trends(
        by, months, accuracies_of(counted_of(total)), total["claims"],
        [_line(row, Category(category) if category else None) for row in rows],
        [CategoryLine(one.value, CATEGORY_WORDS[one], rate_view(_right(total, one))) for one in Category],
        *await session.row(_NAMES, employee_id, payer_id),
    )  # fmt: skip


@door.query(Permission.AUDITS_PLAN)
async def training_needs(
    session: Session, months: int = 12, target_percent: int = int(TARGET * 100)
) -> TrainingNeeds:
    """People whose claims without an error of a category are under the target, the certain ones first."""
    return TrainingNeeds(target_percent / 100, months, await needs_of(session, months, target_percent))


async def needs_of(session: Session, months: int, target_percent: int) -> list[TrainingNeed]:
    """The needs, inside a session that may ask for them."""
    _checked(months)
    if not 1 <= target_percent <= 100:
        raise _wrong("target_percent", "Enter 1 to 100.")
    target = target_percent / 100
    rows = await session.fetch(
        f"SELECT e.id, e.name, count(*) AS claims, {_CATEGORIES} {_FROM} GROUP BY e.id, e.name ORDER BY e.name",
        list(COUNTED),
        months,
        None,
        None,
    )
    needs = [
        TrainingNeed(
            row["id"], row["name"], one.value, CATEGORY_WORDS[one], rate_view(_right(row, one)),
            surely_below(_right(row, one), target),
        )
        for row in rows
        for one in Category
        if needs_training(_right(row, one), target)
    ]  # fmt: skip
    needs.sort(key=lambda one: (not one.sure, one.right.share or 0.0, one.name))
    return needs


def _line(row: Any, category: Category | None) -> TrendLine:
    right = rate_view(_right(row, category)) if category else None
    return TrendLine(row["key"], row["name"], row["claims"], accuracies_of(counted_of(row)), right)


def _right(row: dict[str, int], category: Category) -> Rate:
    return accuracy(Counted(row["claims"], row[f"{category.value}_wrong"])).claims


def _checked(months: int) -> None:
    if not 1 <= months <= 60:
        raise _wrong("months", "Enter 1 to 60.")


def _wrong(field: str, words: str) -> Invalid:
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"quality.{field}", "This cannot be shown so.", words, fields=(fault,))
