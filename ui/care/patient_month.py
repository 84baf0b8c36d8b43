"""One patient's month as it was closed: lines, what stands against it, packet, claim, and every close of it."""

from policies.permissions import Permission as P
from services.care import month_patients
from services.care.month_views import (
    MonthCharge,
    MonthClaimLine,
    MonthFinding,
    MonthRevision,
    PatientMonthView,
)
from ui.care.words import clock
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, div, li, ol, p, small, span
from ui.parts.money import amount
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import ago, day, moment
from ui.work.history import who_did


@page("/care/months/patients/{patient_month_id}")
class PatientMonth(Page):
    """The page of one patient's month."""

    title = "Patient's month"
    nav = "care"
    permission = P.CARE_BILLING
    watches = frozenset({"care_months", "work_items", "claims"})

    one: PatientMonthView

    @property
    def name(self) -> str:
        """Whose month it is."""
        return f"{self.one.line.account_number}, {self.one.month:%B %Y}" if self.loaded else self.title

    async def load(self) -> None:
        self.one = await month_patients.get_patient_month(self.actor, self.id("patient_month_id"))

    def body(self) -> Markup:
        one, line = self.one, self.one.line
        crumbs = (
            ("Month-end", "/care/months"),
            (f"{one.month:%B %Y}", f"/care/months/{one.month:%Y-%m}"),
        )
        names = dict.fromkeys(charge.practitioner_name for charge in one.lines)
        told = (line.account_number, line.client_name, " and ".join(names), f"close no. {one.revision}")
        under = " · ".join(filter(None, told))
        found = [self._finding(each) for each in (*one.findings, *one.warnings)]
        left = div(self._replaced(), found, self._lines(), self._revisions())
        right = div(self._counted(), card("What happened", self._history()))
        return div(
            head(
                (line.patient_name, chip(line.outcome_label, line.tone)),
                self._links(),
                self._next(),
                under=under,
                crumbs=crumbs,
            ),
            div(left, right, cls="columns"),
        )

    def _replaced(self) -> Child:
        """Whether a later close stands in the place of this one."""
        latest = next((one for one in self.one.revisions if one.current), None)
        if latest is None or latest.id == self.one.line.id:
            return None
        words = f"Close no. {latest.revision} stands in its place; this is how it was."
        return notice("warn", "This close is superseded.", words, link("See it", _place(latest), key="l"))

    def _next(self) -> Child:
        item = self.one.line.work_item_id
        return link("Decide", f"/work?tab=all&item={item}", look="filled", key="w") if item else None

    def _links(self) -> list[Child]:
        line = self.one.line
        return [
            line.packet_id
            and link("Evidence packet", f"/documents/{line.packet_id}", key="p", target="_blank"),
            *claim_links(line.claims),
            link("Minutes", f"/care/billing/{line.patient_id}?month={self.one.month:%Y-%m}", key="m"),
            self.may(P.CARE_VIEW)
            and line.enrolment_id
            and link("Patient in care", f"/care/{line.enrolment_id}?month={self.one.month:%Y-%m}"),
        ]

    def _finding(self, found: MonthFinding) -> Markup:
        tone = "info" if found.accepted else "warn"
        said = "A person let it stand. " if found.accepted else ""
        return notice(tone, found.label, f"{found.words} {said}{found.what_to_do}".strip())

    def _lines(self) -> Markup:
        if not self.one.lines:
            return card("Lines and charges", p("No code is reached: nothing is billed.", cls="faint"))
        two = len({one.programme for one in self.one.lines}) > 1
        columns = [
            Column[MonthCharge]("Code", lambda one: span(one.code, cls="mono"), "tight"),
            Column[MonthCharge]("Units", lambda one: str(one.units), "right tight"),
            *([Column[MonthCharge]("Billed by", _billed_by, "clip")] if two else []),
            Column[MonthCharge]("Served on", lambda one: day(one.served_on), "wide"),
            Column[MonthCharge]("Charge", lambda one: amount(one.charge_cents), "right tight"),
        ]
        return card(
            "Lines and charges",
            table.rows(columns, self.one.lines, key=lambda one: one.code, label="Lines and charges"),
            p("Together ", amount(self.one.line.charge_cents), cls="pad right"),
            look="flush",
        )

    def _counted(self) -> Markup:
        facts = [(one.upper(), clock(seconds)) for one, seconds in self.one.counted.items()]
        return card(
            "Counted time",
            table.facts(*facts, ("Entries that count", str(self.one.entries)), look="one"),
            small(f"Code table {self.one.table_version}", cls="faint") if self.one.table_version else None,
        )

    def _revisions(self) -> Markup:
        columns = [
            Column[MonthRevision]("Close", _close, "tight"),
            Column[MonthRevision]("Outcome", lambda one: chip(one.outcome_label, one.tone), "wide"),
            Column[MonthRevision]("Computed", lambda one: moment(one.computed_at, self.zone), "tight"),
            Column[MonthRevision](
                "Charge", lambda one: amount(one.charge_cents, quiet_zero=True), "right tight"
            ),
            Column[MonthRevision]("Claim", _claims, "tight"),
            Column[MonthRevision]("Packet", _packet, "tight"),
        ]
        rows = table.rows(
            columns, self.one.revisions, href=_place, key=lambda one: one.id, label="Closes of this month"
        )
        return card("Closes of this month", rows, look="flush")

    def _history(self) -> Markup:
        rows = [
            li(
                p(one.label),
                one.said and p(one.said, cls="muted"),
                small(who_did(one.actor_name), " · ", ago(one.at, self.zone)),
                cls="info",
            )
            for one in self.one.history
        ]
        return ol(rows, cls="timeline") if rows else p("Nothing had to be decided.", cls="faint")


def claim_links(claims: list[MonthClaimLine]) -> list[Child]:
    """A way to each claim that stands, with its programme where there are two."""
    standing = [one for one in claims if not one.taken_back]
    two = len(standing) > 1
    return [
        link(
            f"Claim {one.reference}{f' ({one.programme.upper()})' if two else ''}",
            f"/claims/{one.id}",
            key="" if number else "o",
        )
        for number, one in enumerate(standing)
    ]


def _billed_by(one: MonthCharge) -> Child:
    return span(one.practitioner_name, small(f" · {one.programme.upper()}"))


def _place(one: MonthRevision) -> str:
    return f"/care/months/patients/{one.id}"


def _close(one: MonthRevision) -> Child:
    return div(f"no. {one.revision}", not one.current and div(small("superseded", cls="faint")))


def _claims(one: MonthRevision) -> Child:
    links = [
        div(a(each.reference, href=f"/claims/{each.id}"), each.taken_back and small(" taken back"))
        for each in one.claims
    ]
    return div(links) if links else None


def _packet(one: MonthRevision) -> Child:
    if one.packet_id is None:
        return None
    paper = a("PDF", href=f"/documents/{one.packet_id}", target="_blank")
    return div(paper, div(a("how far it holds", href=f"/care/packets/{one.packet_id}")))
