"""The proof of a payment's balance, and what it says line by line."""

from services.remittances.views import EquationView, ProofFinding, RemittanceAdjustment, ServiceLine
from ui.parts import table
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, b, code, div, p, small, span
from ui.parts.money import amount, dollars
from ui.parts.table import Column

_LEVELS = {"line": "Every line", "claim": "Every claim", "transaction": "The payment"}


def equation(one: EquationView) -> Markup:
    """One balance with its sums."""
    terms = span(
        f"{one.left_label} ",
        b(dollars(one.left_cents)),
        " − ",
        f"{one.less_label} ",
        b(dollars(one.less_cents)),
        " = ",
        f"{one.right_label} ",
        b(dollars(one.right_cents)),
        cls="terms",
    )
    what = _LEVELS.get(one.level, one.level)
    count = f"{what}: {one.count} checked" if one.level != "transaction" else what
    holds = (
        chip("holds", "ok")
        if one.holds
        else chip(
            f"{apart(one.difference_cents)} apart" if one.difference_cents else f"{one.failing} do not hold",
            "bad",
        )
    )
    return div(
        div(small(count, cls="faint"), holds, cls="row", style="width: 100%; justify-content: space-between"),
        terms,
        cls="equation",
    )


def finding(one: ProofFinding) -> Markup:
    """One equation that does not hold, and where."""
    place = f"Claim {one.claim_ordinal}" if one.claim_ordinal else "Payment"
    place += f", line {one.line_ordinal}" if one.line_ordinal else ""
    where = f"{place}, segment {one.segment_number}: "
    return div(code(one.rule), span(span(where, cls="faint"), in_words(one)), cls=f"finding {one.severity}")


def in_words(one: ProofFinding) -> str:
    """The equation with its cents, as people read amounts."""
    left = "Claims paid less provider level" if one.level == "transaction" else "Charged less adjusted"
    states = {"line": "the line says paid", "claim": "the claim says paid", "transaction": "the payment is"}
    told = f"{left} comes to {dollars(one.expected_cents)}, but {states.get(one.level, 'it says')} {dollars(one.stated_cents)}"
    return f"{told}: {apart(one.difference_cents)} apart."


def lines(found: list[ServiceLine]) -> Child:
    """The lines of a claim as the payer paid them."""
    if not found:
        return None
    columns = [
        Column[ServiceLine](
            "Procedure", lambda one: span(b(one.procedure), " ", " ".join(one.modifiers)), "tight"
        ),
        Column[ServiceLine]("Our line", _our_line, "tight"),
        Column[ServiceLine]("Adjustments", lambda one: _codes(one.adjustments)),
        Column[ServiceLine]("Charged", lambda one: amount(one.charge_cents), "right"),
        Column[ServiceLine]("Paid", lambda one: amount(one.paid_cents), "right"),
    ]
    return div(table.rows(columns, found, label="Lines"), style="margin-top: 12px")


def _our_line(one: ServiceLine) -> Child:
    if not one.claim_line:
        return span("–", cls="faint", title=one.matched_by_label)
    return span(str(one.claim_line), title=f"{one.matched_by_label}, {one.match_confidence} % sure")


def adjustments(found: list[RemittanceAdjustment]) -> Child:
    """What was adjusted at claim level."""
    return p(small("At claim level: "), _codes(found), style="margin-top: 8px") if found else None


def _codes(found: list[RemittanceAdjustment]) -> Child:
    if not found:
        return span("none", cls="faint")
    return [
        span(
            f"{one.group_code}-{one.reason_code} {dollars(one.amount_cents)}",
            title=one.group_label,
            cls="chip neutral",
            style="margin-right: 4px",
        )
        for one in found
    ]


def apart(value: int) -> str:
    """How far an equation is off."""
    return dollars(abs(value))
