"""The form of a patient's payment: how much, how, and, where somebody chooses, for which claims."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.balances.allocation import METHODS
from services.balances.views import PatientAccount
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, summary_of
from ui.parts.markup import Markup, div, p
from ui.parts.money import dollars, plain

MOST_CLAIMS = 12


def payment_window(
    view: PatientAccount, typed: Mapping[str, Any], errors: Mapping[str, str], today: date
) -> Markup:
    """The dialog with what was typed before, or with what is owed."""
    chosen = _claims(view, typed, errors)
    words = "Left empty, the oldest service is paid first; what is left stays as credit."
    return form_window(
        "Take a payment",
        "pay",
        "Take the payment",
        summary_of(errors),
        _money(view, typed, errors, today),
        chosen and p(words, cls="muted", style="margin: 12px 0"),
        div(chosen, cls="fields"),
        look="large",
    )


def _money(view: PatientAccount, typed: Mapping[str, Any], errors: Mapping[str, str], today: date) -> Markup:
    due = max(view.balance_cents, 0)
    amount = typed.get("amount_cents", plain(due) if due else "")
    reference = "check number or the terminal's reference; never a card's number"
    return div(
        field("amount_cents", "Amount", amount, unit="$", required=True, errors=errors, autofocus=True),
        choice("method", "How", METHODS.items(), typed.get("method", "check"), errors=errors, required=True),
        field("reference", "Reference", typed.get("reference", ""), errors=errors, hint=reference),
        field(
            "received_on",
            "Received on",
            typed.get("received_on", today.isoformat()),
            kind="date",
            required=True,
            errors=errors,
        ),
        cls="fields",
    )


def _claims(view: PatientAccount, typed: Mapping[str, Any], errors: Mapping[str, str]) -> list[Markup]:
    owed = [one for one in view.shares if one.share_cents > 0]
    return [
        field(
            f"claim_{one.claim_id}",
            f"{one.reference}, {dollars(one.share_cents)} owed",
            typed.get(f"claim_{one.claim_id}", ""),
            unit="$",
            errors=errors,
        )
        for one in owed[:MOST_CLAIMS]
    ]
