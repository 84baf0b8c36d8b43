"""The form of what a practice pays, and terms in one line."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from domain.care.invoicing import BASES, Basis, rate_names
from domain.refusals import FieldError
from services.care.terms import TermsFacts, TermsView
from ui.care.invoices import month_of
from ui.page import Event, reject
from ui.parts.forms import field, group
from ui.parts.markup import Markup
from ui.parts.money import cents_of, dollars, plain


def rate_fields(
    basis: Basis,
    codes: Iterable[str],
    known: TermsView | None,
    typed: dict[str, object],
    errors: dict[str, str],
) -> Markup:
    """The amounts of one basis; empty is nothing. `codes` are those that may be given one."""
    kept = known.rates if known and known.basis == basis.value else {}
    fields = [
        field(
            f"rate_{name}",
            name.upper(),
            typed.get(f"rate_{name}", plain(kept[name]) if name in kept else ""),
            unit="$",
            errors={f"rate_{name}": errors["rates"]} if number == 0 and "rates" in errors else None,
        )
        for number, name in enumerate(rate_names(basis, codes))
    ]
    return group(BASES[basis], *fields)


def terms_facts(event: Event, codes: Iterable[str]) -> TermsFacts:
    """What was typed, amounts in cents."""
    basis, since = event.text("basis"), month_of(event.text("since"))
    faults: list[FieldError | None] = []
    rates: dict[str, int] = {}
    for name in rate_names(Basis(basis), codes) if basis in set(Basis) else ():
        if text := event.text(f"rate_{name}"):
            rates[name], fault = cents_of(text, f"rate_{name}")
            faults.append(fault)
    minimum, fault = cents_of(event.text("minimum") or "0", "minimum")
    points, wrong = _points(event.text("per_cent"))
    missing = None if since else FieldError("since", "month.unknown", "Choose a month.")
    days = event.text("due_days")
    due_days = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else -1
    reject(*faults, fault, wrong, missing)
    return TermsFacts(since or date(2020, 1, 1), basis, rates, points, minimum, due_days)


def _points(text: str) -> tuple[int, FieldError | None]:
    """Hundredths of a per cent; at most two decimals."""
    try:
        share = Decimal(text.strip() or "0") * 100
    except InvalidOperation:
        share = Decimal("0.1")
    if share != share.to_integral_value() or not 0 <= share <= 10_000:
        return 0, FieldError("per_cent", "per_cent.invalid", "Enter a share such as 12.5, at most 100.")
    return int(share), None


def priced(one: TermsView) -> str:
    """Terms in one line."""
    if one.basis == Basis.NOTHING:
        return "Not invoiced"
    if one.basis_points:
        told = f"{one.basis_points / 100:g}% of {one.basis}"
    else:
        told = ", ".join(f"{name.upper()} {dollars(cents)}" for name, cents in one.rates.items())
    least = f", at least {dollars(one.minimum_cents)} a month" if one.minimum_cents else ""
    return f"{told}{least}; within {one.due_days} days"
