"""A patient's month for billing: minutes, codes, evidence and claim. What was written about the patient is not here."""

from datetime import date, timedelta

from policies.permissions import Permission as P
from services.care import billing
from services.care.billing import BilledClaim, BilledTime, BillingMonth
from ui.care.moments import month_asked
from ui.care.month import minutes, way
from ui.care.tabs import care_tabs
from ui.care.words import began, clock, source_chip
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.money import dollars
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import day, exact


@page("/care/billing/{patient_id}")
class CareBilling(Page):
    """The page of one patient's month for whoever bills it."""

    title = "Care for billing"
    nav = "care"
    permission = P.CARE_BILLING
    watches = frozenset({"care_time_entries", "care_months"})

    one: BillingMonth

    @property
    def name(self) -> str:
        """The account and the month: a name does not belong into the browser's history."""
        return f"{self.one.account_number}, {self.one.month:%B %Y}" if self.loaded else self.title

    async def load(self) -> None:
        asked = month_asked(self.query.get("month", ""))
        self.one = await billing.billing_month(self.actor, self.id("patient_id"), *asked)

    def body(self) -> Markup:
        one = self.one
        title = (one.patient_name, chip(one.outcome_label, one.tone))
        under = f"{one.month:%B %Y} · account {one.account_number} · {one.client_name}"
        findings = [notice("bad" if each.blocks else "warn", each.message) for each in one.findings]
        left = div(card("Codes", minutes(self.one)), card("Time", self._entries(), look="flush"))
        right = div(card("Evidence", self._evidence()), card("Enrolled", self._enrolled()))
        return div(
            head(title, *self._ways(), under=under, crumbs=(("Month-end", "/care/months"),)),
            care_tabs(self.actor, "/care/months"),
            *findings,
            div(left, right, cls="columns"),
        )

    def _ways(self) -> list[Child]:
        first: date = self.one.month
        after = (first + timedelta(days=32)).replace(day=1)
        ways = [
            way("Month before", self.here, first - timedelta(days=1)),
            way("Month after", self.here, after),
        ]
        if self.may(P.CLAIMS_VIEW):
            two = len(self.one.claims) > 1
            for number, claim in enumerate(self.one.claims):
                words = f"Open the claim{f' for {claim.programme.upper()}' if two else ''}"
                look, key = ("", "") if number else ("filled", "c")
                ways.append(link(words, f"/claims/{claim.id}", look=look, key=key))
        return ways

    def _evidence(self) -> Markup:
        one = self.one
        if one.packet is None:
            return p("The packet is made when the month is closed.", cls="faint")
        opener: Child = "Evidence packet"
        if self.may(P.DOCUMENTS_VIEW):
            opener = a(
                "Evidence packet",
                href=f"/documents/{one.packet.document_id}",
                target="_blank",
                rel="noopener",
            )
        return table.facts(
            ("Document", opener),
            ("Kept", exact(one.packet.kept_at, self.zone)),
            ("Revision", str(one.revision or "–")),
            ("Charged", dollars(one.charge_cents)),
            *self._claims(),
            ("SHA-256", span(one.packet.sha256, cls="mono")),
            ("Checked", a("see how far it holds", href=f"/care/packets/{one.packet.document_id}"))
            if self.may(P.DOCUMENTS_VIEW)
            else None,
        )

    def _claims(self) -> list[tuple[str, Child]]:
        two = len(self.one.claims) > 1
        return [
            (f"Claim for {one.programme.upper()}" if two else "Claim", self._claim(one))
            for one in self.one.claims
        ] or [("Claim", "none")]

    def _claim(self, claim: BilledClaim) -> Child:
        words: Child = claim.reference
        if self.may(P.CLAIMS_VIEW):
            words = a(claim.reference, href=f"/claims/{claim.id}")
        return span(words, " ", chip(claim.status_label, claim.tone))

    def _enrolled(self) -> Markup:
        if not self.one.enrolled:
            return p("In no programme during this month.", cls="faint")
        facts = [
            (
                each.programme.upper(),
                span(
                    each.practitioner_name,
                    small(f" · {each.coordinator_name or 'nobody yet'} · consent ", day(each.consented_on)),
                    small(f" · care plan {each.plan_version or 'missing'}"),
                    each.ends_on and small(" · until ", day(each.ends_on)),
                ),
            )
            for each in self.one.enrolled
        ]
        return table.facts(*facts)

    def _entries(self) -> Markup:
        if not self.one.entries:
            return p("No time was recorded in this month.", cls="faint pad")
        zone = self.one.zone
        columns = [
            Column[BilledTime]("Began", lambda one: began(one.starts_at, zone), "tight"),
            Column[BilledTime]("Time", _time, "right tight"),
            Column[BilledTime]("Spent on", lambda one: one.activity_label, "clip"),
            Column[BilledTime]("By", lambda one: one.staff_name, "clip"),
            Column[BilledTime]("Recorded", _source, "tight"),
            Column[BilledTime]("Counts", _fate, "wide wrap"),
        ]
        return table.rows(columns, self.one.entries, key=lambda one: one.id, label="Time entries")


def _time(one: BilledTime) -> Markup:
    """How long; struck through where it no longer stands."""
    return span(clock(one.seconds), cls="struck" if one.superseded or one.void else None)


def _source(one: BilledTime) -> Child:
    return chip("Void", "neutral") if one.void else source_chip(one.source, one.source_label)


def _fate(one: BilledTime) -> Child:
    if one.superseded or one.void:
        return small("taken back" if one.void else "corrected or taken back", cls="faint")
    return small("; ".join(f"{clock(piece.seconds)} {piece.words}" for piece in one.pieces) or "–")
