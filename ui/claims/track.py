"""Where a claim stands in its process, what happened to it, what others wrote, and what its partners answered."""

from typing import TYPE_CHECKING

from policies.permissions import Permission as P
from services.claims.views import AcknowledgementView, ActivityView, AdjudicationView, ClaimView
from ui.parts.cards import card
from ui.parts.chips import chip, status_chip
from ui.parts.diagrams import where_it_stands
from ui.parts.markup import Markup, a, div, li, ol, p, small, span, strong
from ui.parts.money import dollars
from ui.parts.states import shown
from ui.parts.times import ago, day
from ui.work.history import PRODUCT, who_did
from ui.work.notes import note_form, note_list

if TYPE_CHECKING:
    from ui.claims.detail import Claim

_TONES = (
    ("reject", "bad"),
    ("denied", "bad"),
    ("held", "warn"),
    ("hold", "warn"),
    ("silen", "warn"),
    ("quarantin", "bad"),
    ("paid", "ok"),
    ("accept", "ok"),
    ("settled", "ok"),
    ("closed", "ok"),
)
_SENDERS = {"clearinghouse": "Clearinghouse", "payer": "Payer", "translator": "Translator"}
_OUTCOMES = {
    "paid": ("Paid", "ok"),
    "underpaid": ("Underpaid", "warn"),
    "partially_denied": ("Partly denied", "warn"),
    "denied": ("Denied", "bad"),
    "reversed": ("Reversed", "warn"),
}


def diagram(claim: ClaimView) -> Markup:
    """The process, drawn by Mermaid and coloured by the theme."""
    words = f"Process of {claim.reference}: {claim.status_label}"
    return where_it_stands(claim.diagram, words, "claim", claim.id)


def timeline(claim: ClaimView, zone: str) -> Markup:
    """Every touch, newest first."""
    if not claim.activities:
        return card("What happened", p("Nothing yet.", cls="faint"))
    return card("What happened", ol([_activity(one, zone) for one in claim.activities], cls="timeline"))


def _activity(one: ActivityView, zone: str) -> Markup:
    who, told = who_did(one.actor_name), f"{one.kind} {one.summary}".lower()
    tone = next((tone for part, tone in _TONES if part in told), "info" if who != PRODUCT else "")
    return li(p(one.summary), small(who, " · ", ago(one.at, zone)), cls=tone or None)


def notes(page: "Claim") -> Markup:
    """Notes of people, and the field for another."""
    return card(
        "Notes",
        shown(page.notes, lambda found: note_list(found, page.zone)),
        note_form(page.may(P.NOTES_ADD), str(page.claim.id), count=page.noted),
    )


def answers(claim: ClaimView, zone: str) -> Markup:
    """Acknowledgements and remittances, as they came."""
    if not claim.acknowledgements and not claim.adjudications:
        return card(
            "Answers",
            p("Acknowledgements (999, 277CA) and remittances (835) appear here as they come.", cls="faint"),
        )
    lines = [_acknowledgement(one, zone) for one in claim.acknowledgements]
    lines += [_adjudication(one) for one in claim.adjudications]
    return card("Answers", div(lines, cls="stack"))


def _acknowledgement(one: AcknowledgementView, zone: str) -> Markup:
    codes = " ".join(code for code in (one.category, one.status_code) if code)
    return div(
        div(
            strong(a(one.kind, href=f"/files/{one.file_id}")),
            " ",
            status_chip(one.verdict),
            " ",
            span(codes, cls="faint mono"),
        ),
        small(
            _SENDERS.get(one.sender, one.sender),
            f" · version {one.version} · ",
            ago(one.at, zone),
            cls="faint",
        ),
    )


def _adjudication(one: AdjudicationView) -> Markup:
    words, tone = _OUTCOMES.get(one.outcome, (one.outcome.replace("_", " "), "neutral"))
    codes = ", ".join(
        f"{adjustment.group_code}-{adjustment.reason_code} {dollars(adjustment.amount_cents)}"
        for adjustment in one.adjustments
    )
    return div(
        div(
            strong(a(f"835 {one.trace}", href=f"/remittances/{one.remittance_id}")),
            " ",
            chip(words, tone),
            " ",
            span(dollars(one.paid_cents), cls="figure"),
        ),
        small(day(one.payment_date), codes and f" · {codes}", cls="faint"),
    )
