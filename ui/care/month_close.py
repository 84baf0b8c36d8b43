"""One month's close: its patients by outcome, what waits for people, and what happened to it."""

from typing import Any
from uuid import UUID

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.care import month_patients, months
from services.care.month_views import FindingCount, MonthView, PatientMonthLine
from ui.care.months import begun_by, running
from ui.care.words import clock
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import card, head
from ui.parts.chips import chip, filter_chip
from ui.parts.diagrams import where_it_stands
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import check, long_text
from ui.parts.markup import Child, Markup, a, div, li, ol, p, small, span
from ui.parts.money import amount, dollars
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.parts.times import ago, moment
from ui.work.history import who_did

_LIST = "/care/months"
_REOPEN = (
    "A manager decides. Once it is approved, time of this month can be changed; then close it again. Packets are"
    " superseded, and claims are corrected only where the result changed."
)


@page("/care/months/{care_month_id}")
class MonthClose(Page):
    """The page of one month."""

    title = "Month-end"
    nav = "care"
    permission = P.CARE_BILLING
    watches = frozenset({"care_months", "work_items", "approvals"})

    one: MonthView
    rows: Rows[PatientMonthLine]

    @property
    def name(self) -> str:
        """Which month it is."""
        return f"{self.one.line.month:%B %Y}" if self.loaded else self.title

    async def load(self) -> None:
        key = self.params["care_month_id"]
        self.one = await months.get_month(self.actor, key)
        self.rows = await month_patients.patients_of_month(
            self.actor, key, **month_filters(self.query), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        line = self.one.line
        under = (
            span("begun ", ago(line.started_at, self.zone), " ", begun_by(line)),
            line.closed_at and span("closed ", moment(line.closed_at, self.zone)),
            line.revision > 1 and f"close no. {line.revision}",
        )
        left = div(self._notices(), self._totals(), self._patients())
        right = div(
            where_it_stands(
                self.one.diagram,
                f"Process of the month: {line.step_label}",
                "care_month",
                line.id or UUID(int=0),
            ),
            self._exceptions(),
            self._warnings(),
            card("What happened", self._history()),
        )
        return div(
            head(
                (f"{line.month:%B %Y}", chip(line.step_label, line.tone), _lock(line.frozen)),
                self._menu(),
                self._next(),
                under=under,
                crumbs=(("Month-end", _LIST),),
            ),
            div(left, right, cls="columns"),
        )

    def _next(self) -> Child:
        line = self.one.line
        if line.approval_id is not None:
            return link(
                f"See {line.approval_reference}", f"/approvals/{line.approval_id}", look="filled", key="o"
            )
        if line.may_close and self.may(P.CARE_CLOSE):
            return action("Close again", "ask_close", look="filled", key="c")
        if line.step == "exceptions":
            return link("Work the exceptions", "/work?kind=care_exception", look="filled", key="w")
        return None

    def _menu(self) -> Child:
        line = self.one.line
        may = self.may(P.CARE_CLOSE) and line.step in ("closed", "exceptions") and line.approval_id is None
        return more(entry("Ask to reopen", "ask_reopen", tone="bad")) if may else None

    def _notices(self) -> list[Child]:
        line = self.one.line
        shown: list[Child] = [running(line)] if line.step in ("freezing", "computing") else []
        if line.approval_id is not None:
            words = f"{line.approval_reference} waits for a manager. Until then the month stays locked."
            shown.append(notice("warn", "Its reopening was asked for.", words))
        if line.step == "reopened":
            words = "Time of this month can be changed. Its packets and claims stay as they are until it is closed again."
            shown.append(notice("warn", "This month is open again.", words))
        return shown

    def _totals(self) -> Markup:
        billed = next((one for one in self.one.outcomes if one.outcome == "billed"), None)
        facts = [
            (one.label, span(f"{one.patients:,}", small(f" · {clock(one.seconds)}") if one.seconds else None))
            for one in self.one.outcomes
        ]
        charges = dollars(billed.charge_cents) if billed else "nothing yet"
        return card(
            "What it came to",
            table.facts(("Patients", f"{self.one.line.total:,}"), *facts, ("Charged", charges)),
        )

    def _patients(self) -> Markup:
        export = export_menu("care-month-patients", self.query, tiny=True, month=self.one.line.key, key="e")
        body = div(div(self._chips(), export, cls="filters"), self._list())
        return card("Patients", body)

    def _chips(self) -> list[Child]:
        chosen, finding = self.query.get("outcome", ""), self.query.get("finding", "")
        chips: list[Child] = [
            filter_chip("All", address(self.here, self.query, outcome="", finding=""), on=not chosen)
        ]
        chips += [
            filter_chip(
                one.label,
                address(self.here, self.query, outcome=one.outcome, finding=""),
                on=chosen == one.outcome,
                count=one.patients,
            )
            for one in self.one.outcomes
        ]
        if finding:
            chips.append(
                filter_chip(
                    _label([*self.one.findings, *self.one.warnings], finding),
                    address(self.here, self.query, finding=""),
                    on=True,
                )
            )
        return chips

    def _list(self) -> Markup:
        if not self.rows.items:
            if self.query.get("outcome") or self.query.get("finding"):
                return empty("No patient matches.", "Take a filter off to see more.")
            return empty("No patients.", "Nobody had consented to a programme or had time in this month.")
        columns = [
            Column[PatientMonthLine](
                "Patient", lambda one: a(one.patient_name, href=_page(one)), "nowrap wide"
            ),
            Column[PatientMonthLine]("Outcome", _outcome, "tight"),
            Column[PatientMonthLine](
                "Counted", lambda one: clock(one.seconds) if one.seconds else "", "right tight"
            ),
            Column[PatientMonthLine]("Codes", _codes, "clip wide"),
            Column[PatientMonthLine]("Charge", _charge, "right tight"),
            Column[PatientMonthLine]("Claim", _claim, "tight optional-column"),
            Column[PatientMonthLine]("Packet", _packet, "tight"),
        ]
        return div(
            table.rows(columns, self.rows.items, href=_page, key=lambda one: one.id, label="Patients"),
            table.pager(self.here, self.query, self.rows.next, len(self.rows.items)),
        )

    def _exceptions(self) -> Child:
        return self._found("Exceptions", self.one.findings, "exception", "warn")

    def _warnings(self) -> Child:
        """What is billed all the same, and is to be known."""
        return self._found("Warnings", self.one.warnings, "", "info")

    def _found(self, title: str, found: list[FindingCount], outcome: str, tone: str) -> Child:
        rows = [
            li(
                p(
                    a(one.label, href=address(self.here, {}, outcome=outcome, finding=one.code)),
                    small(f" · {one.patients:,}"),
                ),
                small(one.what_to_do, cls="faint"),
                cls=tone,
            )
            for one in found
        ]
        return card(title, ol(rows, cls="timeline")) if rows else None

    def _history(self) -> Markup:
        rows = [
            li(
                p(one.label, small(f" · close no. {one.revision}") if one.revision > 1 else None),
                one.said and p(one.said, cls="muted"),
                small(who_did(one.actor_name), " · ", ago(one.at, self.zone)),
                cls="info",
            )
            for one in self.one.history
        ]
        return ol(rows, cls="timeline") if rows else p("Nothing yet.", cls="faint")

    async def do_ask_reopen(self, event: Event) -> None:
        """Ask why the month must be changed."""
        words = long_text("reason", "Why", errors=self.errors, required=True, autofocus=True)
        self.dialog = form_window("Ask to reopen the month", "reopen", "Ask", words, explanation=_REOPEN)

    async def do_reopen(self, event: Event) -> None:
        """Lay it before a manager."""
        await months.ask_reopening(self.actor, self.one.line.key, event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "Asked.", "A manager decides; the month stays locked until then.")

    async def do_ask_close(self, event: Event) -> None:
        """Ask whether claims are to go on by themselves."""
        ticks = (
            check("release", "Send clean claims without a further release", False)
            if self.may(P.CLAIMS_SUBMIT)
            else None
        )
        said = "Every patient is computed anew; claims are corrected only where the result changed."
        self.dialog = form_window("Close the month again", "close_again", "Close", ticks, explanation=said)

    async def do_close_again(self, event: Event) -> None:
        """Begin the next revision."""
        await months.close_month(self.actor, self.one.line.key, release=event.ticked("release"))
        await self.do_close_dialog(event)
        self.tell("ok", "The month is being closed.", "You may leave; progress shows here by itself.")


def month_filters(query: dict[str, str]) -> dict[str, Any]:
    """The filters of an address, as the list of patients takes them; what is unknown filters nothing."""
    known = {"outcome": month_patients.OUTCOME_CODES, "finding": month_patients.FINDING_CODES}
    return {
        name: query.get(name, "") if query.get(name, "") in codes else "" for name, codes in known.items()
    }


def _label(findings: list[FindingCount], code: str) -> str:
    return next((one.label for one in findings if one.code == code), code)


def _page(one: PatientMonthLine) -> str:
    return f"/care/months/patients/{one.id}"


def _outcome(one: PatientMonthLine) -> Child:
    warned = [div(chip("Warning", "warn", label)) for label in one.warning_labels]
    return div(chip(one.outcome_label, one.tone), warned)


def _codes(one: PatientMonthLine) -> Child:
    if one.outcome == "exception":
        return small(", ".join(one.finding_labels), cls="warn-text")
    return span(", ".join(one.codes), cls="mono")


def _charge(one: PatientMonthLine) -> Child:
    return amount(one.charge_cents) if one.charge_cents else None


def _claim(one: PatientMonthLine) -> Child:
    links = [a(each.reference, href=f"/claims/{each.id}") for each in one.claims if not each.taken_back]
    return div([div(each) for each in links]) if links else None


def _packet(one: PatientMonthLine) -> Child:
    return a("PDF", href=f"/documents/{one.packet_id}", target="_blank") if one.packet_id else None


def _lock(frozen: bool) -> Markup:
    return chip("Locked", "info", "No time of this month can be changed") if frozen else chip("Open", "warn")
