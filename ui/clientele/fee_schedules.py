"""Fee schedules: what is charged for a procedure, pasted as rows from a spreadsheet."""

from typing import Any

from domain.paging import Page as Rows
from domain.refusals import FieldError, Refusal
from policies.permissions import Permission as P
from services.clientele import fee_schedules, payers
from services.clientele.fee_schedules import FeeLineView, FeeScheduleFacts
from ui.clientele.records import RecordForm, RecordList
from ui.page import Event, optional_identifier, page, reject, there
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field, group, long_text
from ui.parts.markup import Child, Markup, a, button, div, p, span
from ui.parts.money import amount
from ui.parts.states import Loaded, shown
from ui.parts.table import Column, address
from ui.parts.times import day

_KINDS = (("charge", "What we charge"), ("contract", "What the payer allows"))


@page("/fee-schedules")
class FeeSchedules(RecordList):
    """The fee schedules."""

    title = "Fee schedules"
    nav = "clients"
    permission = P.CLIENTS_VIEW
    list_service = fee_schedules.list_fee_schedules
    one = "fee schedule"
    explanation = (
        "A fee schedule says what is charged for a procedure, or what a payer allows for it by contract."
        " Paste its rows from a spreadsheet."
    )

    def columns(self) -> list[Column[Any]]:
        return [
            Column("Fee schedule", lambda one: a(one.name, href=self.href(one)), "clip wide"),
            Column("For", lambda one: dict(_KINDS)[one.kind], "tight"),
            Column("Payer", lambda one: one.payer_name or span("all others", cls="faint"), "clip"),
            Column("From", lambda one: day(one.effective_from), "right"),
        ]


class FeeScheduleForm(RecordForm):
    """The form of a fee schedule, with its lines."""

    nav = "clients"
    get_service = fee_schedules.get_fee_schedule
    add_service = fee_schedules.add_fee_schedule
    change_service = fee_schedules.change_fee_schedule
    deactivate_service = fee_schedules.deactivate_fee_schedule
    reactivate_service = fee_schedules.reactivate_fee_schedule
    one = "fee schedule"
    place = "/fee-schedules"
    id_name = "schedule_id"

    payers: list[tuple[str, str]] = []
    lines: Loaded[Rows[FeeLineView]] | None = None

    async def load_more(self) -> None:
        found = await payers.list_payers(self.actor, limit=200, active=True)
        self.payers = [(str(one.id), one.name) for one in found.items]
        if self.record:
            self.lines = await self.read(
                fee_schedules.list_fee_lines, self.record.id, cursor=self.query.get("after")
            )

    def fields(self) -> Child:
        value, errors = self.value, self.errors
        return group(
            "Fee schedule",
            field(
                "name",
                "Name",
                value("name"),
                errors=errors,
                required=True,
                look="double",
                autofocus=not self.record,
            ),
            field(
                "effective_from",
                "Effective from",
                value("effective_from"),
                errors=errors,
                required=True,
                kind="date",
            ),
            choice("kind", "It says", _KINDS, value("kind") or "charge", errors=errors),
            choice(
                "payer_id",
                "Payer",
                self.payers,
                value("payer_id"),
                errors=errors,
                prompt="All that have none of their own",
            ),
        )

    def facts(self, event: Event) -> FeeScheduleFacts:
        begins = date_of(event.text("effective_from"))
        reject(None if begins else FieldError("effective_from", "date.invalid", "Enter the date."))
        assert begins is not None
        payer_id = optional_identifier(event.text("payer_id"))
        return FeeScheduleFacts(event.text("name"), begins, payer_id, event.text("kind") or "charge")

    def beside(self) -> Child:
        if self.lines is None:
            return None
        paste = action("Paste rows", "ask_paste", look="tiny", key="p") if self.editable else None
        return card("Charges", shown(self.lines, self._lines), action=paste, look="flush")

    def _lines(self, found: Rows[FeeLineView]) -> Markup:
        if not found.items:
            return p(
                "No charges yet. Paste rows of procedure, modifier and amount from a spreadsheet.",
                cls="faint card-body",
            )
        columns = [
            Column[FeeLineView]("Procedure", lambda one: one.procedure, "tight"),
            Column[FeeLineView]("Modifier", lambda one: one.modifier or span("–", cls="faint"), "tight"),
            Column[FeeLineView]("Charge", lambda one: amount(one.amount_cents), "right"),
            Column[FeeLineView]("", self._remove, "right tight"),
        ]
        rows = table.rows(columns, found.items, key=lambda one: one.id, label="Charges")
        return div(
            rows,
            div(
                table.pager(address(self.here, {}), self.query, found.next, len(found.items)),
                style="padding: 0 16px",
            ),
        )

    def _remove(self, one: FeeLineView) -> Child:
        words = f"Remove {one.procedure} {one.modifier}".strip()
        return (
            button(
                "×",
                type="button",
                cls="button quiet tiny",
                data_do="remove_line",
                data_id=str(one.id),
                aria_label=words,
            )
            if self.editable
            else None
        )

    async def do_ask_paste(self, event: Event) -> None:
        """Ask for the rows."""
        rows = long_text(
            "rows",
            "Rows",
            str(self.typed.get("rows", "")),
            errors=None,
            rows=10,
            required=True,
            hint="procedure, modifier (may be empty), amount: one row a line, columns by tab or comma",
            autofocus=True,
        )
        faults = [p(f"{where}: {what}", cls="error") for where, what in self.errors.items()]
        replace = check("replace", "Remove lines that are not among these", False)
        self.dialog = form_window(
            "Paste charges", "paste", "Take in", *faults, div(rows, cls="fields"), replace, look="large"
        )

    async def do_paste(self, event: Event) -> None:
        """Take in all rows, or none with a fault for every wrong one."""
        try:
            done = await fee_schedules.paste_fee_lines(
                self.actor,
                there(self.record).id,
                str(event.fields.get("rows", "")),
                replace=event.ticked("replace"),
            )
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.typed = dict(event.fields)
            self.wrong(refusal)
            await self.do_ask_paste(event)
            self.errors = {}
            return
        self.typed = {}
        await self.do_close_dialog(event)
        self.tell("ok", f"{done.added} added, {done.changed} changed, {done.removed} removed.")

    async def do_remove_line(self, event: Event) -> None:
        """Take one line out."""
        await fee_schedules.remove_fee_line(self.actor, there(self.record).id, event.id())


@page("/fee-schedules/new")
class NewFeeSchedule(FeeScheduleForm):
    """A new fee schedule."""

    permission = P.CLIENTS_MANAGE


@page("/fee-schedules/{schedule_id}")
class FeeSchedule(FeeScheduleForm):
    """One fee schedule."""

    permission = P.CLIENTS_VIEW
