"""Money as people read it: integer cents to dollars and back, never through a float."""

from decimal import Decimal, InvalidOperation

from domain.refusals import FieldError
from ui.parts.markup import Markup, span


def dollars(cents: int) -> str:
    """`$1,234.50`; a negative amount has a true minus sign."""
    sign = "−" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def amount(cents: int | None, *, quiet_zero: bool = False) -> Markup:
    """An amount for a table cell; an absent one is a dash."""
    if cents is None:
        return span("–", cls="faint")
    return span(dollars(cents), cls="figure faint" if quiet_zero and cents == 0 else "figure")


def plain(cents: int) -> str:
    """`1234.50`, as a person types it into a field."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def decimal(cents: int | None) -> Decimal | None:
    """Dollars with two decimals, as the cell of a list that leaves; nothing stays nothing."""
    return None if cents is None else Decimal(cents).scaleb(-2)


def cents_of(typed: str, field: str) -> tuple[int, FieldError | None]:
    """Cents of a typed amount such as `1,234.5` or `$80`; zero and the fault when it is none."""
    fault = FieldError(field, "amount.invalid", "Enter an amount in dollars, such as 125.00.")
    try:
        value = Decimal(typed.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        return 0, fault
    if not value.is_finite() or abs(value) >= 10**9 or value != value.quantize(Decimal("0.01")):
        return 0, fault
    return int(value * 100), None
