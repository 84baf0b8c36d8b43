"""The money of a claim in one line; every figure opens the ledger lines it was derived from."""

from services.claims.views import ClaimView
from services.remittances.views import LedgerEntry
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
    "adjusted": (("contractual", "written_off"), 1),
    "patient": (("patient",), 1),
    "balance": (("receivable", "patient"), 1),
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


def derivation(claim: ClaimView, entries: list[LedgerEntry], figure: str, zone: str) -> Markup:
    """The ledger lines behind a figure, with their sum."""
    accounts, sign = _ACCOUNTS.get(figure, _ACCOUNTS["balance"])
    title = f"{dict(_FIGURES).get(figure, 'Balance')}: {dollars(_figure(claim, figure))}"
    explanation = p(_EXPLANATIONS.get(figure, _EXPLANATIONS["balance"]), cls="explanation")
    shown = [entry for entry in entries if entry.account in accounts]
    if not shown:
        return window(title, explanation, p("Nothing has been posted for this yet.", cls="muted"))
    columns = [
        Column[LedgerEntry]("Posted", lambda one: moment(one.posted_at, zone), "tight"),
        Column[LedgerEntry]("Account", lambda one: one.account_label),
        Column[LedgerEntry]("From", _source),
        Column[LedgerEntry]("Amount", lambda one: amount(sign * one.amount_cents), "right"),
    ]
    together = dollars(sign * sum(one.amount_cents for one in shown))
    count = f"{len(shown)} ledger {'line' if len(shown) == 1 else 'lines'}, together {together}."
    rows = table.rows(columns, shown, label="Ledger lines")
    return window(title, explanation, rows, p(count, cls="muted", style="margin-top: 8px"), look="large")


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


def _source(entry: LedgerEntry) -> Markup:
    if entry.remittance_id:
        return a(entry.source, href=f"/remittances/{entry.remittance_id}")
    return span(entry.source)
