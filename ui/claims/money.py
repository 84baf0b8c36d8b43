"""The money of a claim in one line; every figure opens the ledger lines it was derived from."""

from services.claims.views import ClaimView, LedgerLine
from ui.parts import table
from ui.parts.dialogs import window
from ui.parts.markup import Markup, a, button, div, p, small, span
from ui.parts.money import amount, dollars
from ui.parts.table import Column
from ui.parts.times import moment

_FIGURES = (
    ("charge", "Charged"),
    ("paid", "Paid"),
    ("adjusted", "Adjusted"),
    ("patient", "Patient"),
    ("balance", "Balance"),
)
# Which accounts of the double-entry ledger a figure sums, and with which sign they count for it.
_ACCOUNTS: dict[str, tuple[tuple[str, ...], int]] = {
    "charge": (("revenue",), -1),
    "paid": (("cash",), 1),
    "adjusted": (("contractual", "denied"), 1),
    "patient": (("patient",), 1),
    "balance": (("receivable", "patient"), 1),
}
_WORDS = {
    "receivable": "Receivable (payer)",
    "revenue": "Revenue",
    "cash": "Cash",
    "contractual": "Contractual adjustment",
    "denied": "Denied",
    "patient": "Patient",
    "provider_level": "Provider level",
    "unmatched": "Unmatched",
}


def line(claim: ClaimView) -> Markup:
    """Charged, paid, adjusted, patient, balance."""
    cells = [
        button(
            small(words),
            span(dollars(_figure(claim, key)), cls="figure"),
            type="button",
            data_do="show_money",
            data_figure=key,
            title="Show how this was derived",
        )
        for key, words in _FIGURES
    ]
    return div(*cells, cls="moneyline", aria_label="Money")


def derivation(claim: ClaimView, figure: str, zone: str) -> Markup:
    """The ledger lines behind a figure, with their sum."""
    accounts, sign = _ACCOUNTS.get(figure, _ACCOUNTS["balance"])
    words = dict(_FIGURES).get(figure, "Balance")
    shown = [entry for entry in claim.ledger if entry.account in accounts]
    columns = [
        Column[LedgerLine]("Posted", lambda one: moment(one.posted_at, zone), "tight"),
        Column[LedgerLine]("Account", lambda one: _WORDS.get(one.account, one.account)),
        Column[LedgerLine]("From", lambda one: _source(claim, one)),
        Column[LedgerLine]("Amount", lambda one: amount(sign * one.amount_cents), "right"),
    ]
    total = dollars(_figure(claim, figure))
    explanation = p(_EXPLANATIONS.get(figure, ""), cls="explanation")
    if not shown:
        return window(
            f"{words}: {total}", explanation, p("Nothing has been posted for this yet.", cls="muted")
        )
    total_line = p(
        f"{len(shown)} ledger {'line' if len(shown) == 1 else 'lines'}, together {dollars(sign * sum(one.amount_cents for one in shown))}.",
        cls="muted",
    )
    return window(
        f"{words}: {total}",
        explanation,
        table.rows(columns, shown, label="Ledger lines"),
        total_line,
        look="large",
    )


_EXPLANATIONS = {
    "charge": "What the service lines come to. It enters the ledger when the claim is first sent.",
    "paid": "Every payment posted from remittances, reversals taken off.",
    "adjusted": "What the contract or a denial takes off, by group and reason code.",
    "patient": "The patient's share as the payer states it (group PR).",
    "balance": "Charged minus paid minus adjusted: what is open with the payer and the patient.",
}


def _figure(claim: ClaimView, key: str) -> int:
    return {
        "charge": claim.charge_cents,
        "paid": claim.paid_cents,
        "adjusted": claim.adjusted_cents,
        "patient": claim.patient_cents,
    }.get(key, claim.balance_cents)


def _source(claim: ClaimView, entry: LedgerLine) -> Markup:
    for one in claim.adjudications:
        if one.remittance_id == entry.posting_id:
            return a(f"Remittance {one.trace}", href=f"/remittances/{one.remittance_id}")
    return span("The claim's charge" if entry.posting_id == claim.id else "Posting")
