"""The tables behind denials: which codes mean which class, the levels of appeal, and what appeals came to."""

from datetime import date
from typing import Any

from domain.denials.levels import MEDICARE, OTHER
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission as P
from services.clientele import payers
from services.denials import outcomes, tables
from services.denials.outcomes import By, OutcomeRate, OverturnRates
from services.denials.tables import CodeFacts, CodeRowView, LevelFacts, LevelView
from ui.denials.listing import CLASS_CHOICES, class_of, denial_tabs
from ui.page import Event, Page, page, reject
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field
from ui.parts.markup import Child, Markup, div, p, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day

_GROUPS = [("CO", "CO"), ("OA", "OA"), ("PI", "PI"), ("PR", "PR")]
_BY: tuple[tuple[By, str], ...] = (("class", "By class"), ("payer", "By payer"), ("level", "By level"))


class _Table(Page):
    """A table whose rows hold from a day on."""

    nav = "denials"
    permission = P.CLAIMS_VIEW

    def from_field(self) -> Markup:
        """From which day the row shall hold."""
        today = date.today().isoformat()  # noqa: DTZ011 - a proposal in the field; the service knows the tenant's day
        return field(
            "effective_from", "From", self.typed_in("effective_from") or today, kind="date", errors=self.errors, required=True
        )  # fmt: skip

    def typed_in(self, name: str) -> str:
        """What was typed, when it was refused."""
        return str(self.typed.get(name, "")) if self.errors else ""

    async def kept(self, event: Event, ask: Any, save: Any) -> None:
        """Keep a row; a refusal opens the dialog again with the fault at its field."""
        try:
            self.errors = {}
            await save(event)
        except Invalid as refusal:
            self.typed = dict(event.fields)
            self.wrong(refusal)
            await ask(event)
            return
        await self.do_close_dialog(event)
        self.tell("ok", "Kept.", "It holds from its day on.")


@page("/denial-codes")
class DenialCodes(_Table):
    """Which code means which class."""

    title = "Denial codes"
    rows: list[CodeRowView]

    async def load(self) -> None:
        chosen = class_of(self.query)
        found = await tables.list_codes(self.actor, chosen)
        # All defaults together are too many for one look: they stand class by class.
        self.rows = found if chosen else [one for one in found if one.own]

    def body(self) -> Markup:
        add = (
            action("Give a code a class", "ask_code", look="filled", key="c")
            if self.may(P.PLAYBOOKS_MANAGE)
            else None
        )
        chosen = class_of(self.query)
        chips = [filter_chip("Your own", address(self.path, self.query, **{"class": ""}), on=not chosen)]
        chips += [
            filter_chip(words, address(self.path, self.query, **{"class": key}), on=key == chosen)
            for key, words in CLASS_CHOICES
        ]
        columns = [
            Column[CodeRowView]("Reason (CARC)", lambda one: span(one.reason_code, cls="mono"), "tight"),
            Column[CodeRowView]("Group", lambda one: one.group_code or span("any", cls="faint"), "tight"),
            Column[CodeRowView]("Remark (RARC)", lambda one: one.remark_code or span("any", cls="faint"), "tight"),
            Column[CodeRowView]("Class", lambda one: one.class_label, "wide clip"),
            Column[CodeRowView]("Row", lambda one: chip("own", "info") if one.own else span("default", cls="faint"), "tight"),
            Column[CodeRowView]("From", lambda one: day(one.effective_from) if one.own else "–", "right tight"),
        ]  # fmt: skip
        words = p(
            "Your own rows stand before the defaults, from their day on. What was denied before stays as it was.",
            cls="muted",
        )
        if self.rows:
            listed = table.rows(columns, self.rows, key=lambda one: one.id, label="Codes")
        else:
            listed = empty("No row of your own.", "The defaults count: choose a class to see its codes.")
        return div(
            head("Denial codes", add), denial_tabs("/denial-codes"), words, div(chips, cls="filters"), listed
        )

    async def do_ask_code(self, event: Event) -> None:
        """Ask which code means what."""
        fields = div(
            field("reason_code", "Reason (CARC)", self.typed_in("reason_code"), errors=self.errors, required=True),
            choice("group_code", "Group", _GROUPS, self.typed_in("group_code"), prompt="Any", errors=self.errors),
            field("remark_code", "Remark (RARC)", self.typed_in("remark_code"), errors=self.errors, hint="Empty: any"),
            choice("class_code", "Class", CLASS_CHOICES, self.typed_in("class_code"), prompt="As the default", errors=self.errors),
            self.from_field(),
            cls="fields",
        )  # fmt: skip
        self.dialog = form_window("Give a code a class", "code", "Keep", fields)

    async def do_code(self, event: Event) -> None:
        """Keep the row."""
        await self.kept(event, self.do_ask_code, self._save)

    async def _save(self, event: Event) -> None:
        facts = CodeFacts(
            event.text("reason_code").upper(),
            event.text("class_code"),
            _day(event),
            event.text("group_code"),
            event.text("remark_code").upper(),
        )
        await tables.set_code(self.actor, facts)


@page("/appeal-levels")
class AppealLevels(_Table):
    """The levels of appeal with their windows."""

    title = "Levels of appeal"
    rows: list[LevelView]
    kinds: list[tuple[str, str]] = []

    async def load(self) -> None:
        self.rows = await tables.list_levels(self.actor)
        self.kinds = [(OTHER, "Other payers"), (MEDICARE, "Medicare")]
        if self.may(P.CLIENTS_VIEW):
            found = await payers.list_payers(self.actor, limit=200)
            self.kinds += [(str(one.id), one.name) for one in found.items]

    def body(self) -> Markup:
        add = (
            action("Set a level", "ask_level", look="filled", key="c")
            if self.may(P.PLAYBOOKS_MANAGE)
            else None
        )
        columns = [
            Column[LevelView]("Payers", lambda one: one.kind_label, "clip"),
            Column[LevelView]("Level", lambda one: str(one.number), "right tight"),
            Column[LevelView]("Name", lambda one: one.label, "wide clip"),
            Column[LevelView](
                "Days to appeal", lambda one: str(one.days) if one.days else "the payer's own", "right"
            ),
            Column[LevelView]("Days to answer", lambda one: str(one.answer_days), "right"),
            Column[LevelView]("Row", _row, "tight"),
            Column[LevelView]("From", lambda one: day(one.effective_from) if one.own else "–", "right tight"),
        ]
        words = p(
            "The payer's own row stands before that of its kind. Appeals under way keep their windows.",
            cls="muted",
        )
        return div(
            head("Levels of appeal", add), denial_tabs("/appeal-levels"), words,
            table.rows(columns, self.rows, key=lambda one: one.id, label="Levels"),
        )  # fmt: skip

    async def do_ask_level(self, event: Event) -> None:
        """Ask for a level."""
        typed, errors = self.typed_in, self.errors
        fields = div(
            choice("kind", "Payers", self.kinds, typed("kind"), errors=errors),
            field("number", "Level", typed("number"), errors=errors, required=True, hint="1 is the first"),
            field("label", "Name", typed("label"), errors=errors, required=True),
            field(
                "days", "Days to appeal", typed("days"), errors=errors, hint="Empty: the payer's own window"
            ),
            field("answer_days", "Days to answer", typed("answer_days"), errors=errors, required=True),
            self.from_field(),
            check("absent", "There is no such level", False),
            cls="fields",
        )
        self.dialog = form_window("Set a level", "level", "Keep", fields)

    async def do_level(self, event: Event) -> None:
        """Keep the row."""
        await self.kept(event, self.do_ask_level, self._save)

    async def _save(self, event: Event) -> None:
        days = _number(event, "days") if event.text("days") else None
        facts = LevelFacts(
            event.text("kind"),
            _number(event, "number"),
            event.text("label"),
            _number(event, "answer_days"),
            _day(event),
            days,
            not event.ticked("absent"),
        )
        await tables.set_level(self.actor, facts)


@page("/appeal-outcomes")
class AppealOutcomes(Page):
    """How often appeals are won."""

    title = "Outcomes of appeals"
    nav = "denials"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"appeals"})

    found: OverturnRates

    @property
    def by(self) -> By:
        """What the rates are grouped by."""
        asked = self.query.get("by", "class")
        return next((key for key, _ in _BY if key == asked), "class")

    async def load(self) -> None:
        self.found = await outcomes.overturn_rates(self.actor, self.by)

    def body(self) -> Markup:
        chips = [
            filter_chip(words, address(self.path, self.query, by=key), on=key == self.by)
            for key, words in _BY
        ]
        return div(
            head("Outcomes of appeals"),
            denial_tabs("/appeal-outcomes"),
            div(chips, cls="filters"),
            self._rates(),
        )

    def _rates(self) -> Markup:
        if not self.found.total.decided:
            return empty(
                "Nothing to rate.", "Once payers have decided appeals, their share that was won stands here."
            )
        columns = [
            Column[OutcomeRate]("Group", lambda one: one.label, "wide clip"),
            Column[OutcomeRate]("Decided", lambda one: str(one.decided), "right"),
            Column[OutcomeRate]("Overturned", lambda one: one.words, "right"),
            Column[OutcomeRate]("95 % between", _interval, "right"),
            Column[OutcomeRate]("In part", lambda one: str(one.partly), "right optional-column"),
            Column[OutcomeRate]("In dispute", lambda one: amount(one.amount_cents), "right"),
            Column[OutcomeRate]("Recovered", lambda one: amount(one.recovered_cents), "right"),
        ]
        rows = [*self.found.groups, self.found.total]
        words = p(
            "Each decided level counts once; what was withdrawn was never decided and is left out.",
            cls="muted",
        )
        return div(words, table.rows(columns, rows, key=lambda one: one.key, label="Outcomes"))


def _interval(one: OutcomeRate) -> Child:
    if one.low is None or one.high is None:
        return span("–", cls="faint")
    return f"{100 * one.low:.0f} % and {100 * one.high:.0f} %"


def _row(one: LevelView) -> Markup:
    if not one.active:
        return chip("no such level", "warn")
    return chip("own", "info") if one.own else span("default", cls="faint")


def _day(event: Event) -> date:
    begins = date_of(event.text("effective_from"))
    reject(None if begins else FieldError("effective_from", "date.invalid", "Enter the date."))
    assert begins is not None
    return begins


def _number(event: Event, name: str) -> int:
    text = event.text(name)
    fine = text.isascii() and text.isdigit() and len(text) < 5
    reject(None if fine else FieldError(name, f"{name}.invalid", "Enter a number."))
    return int(text)
