"""What a company brings from its spreadsheets: a card for each kind with its template, and the sheets so far."""

from collections.abc import Mapping

from domain.care.activities import CREDENTIALS
from domain.paging import Page as Rows
from domain.sheets.kinds import FORMS, Kind
from policies.permissions import Permission as P
from services.sheets import imports
from services.sheets.views import Paycode, SheetLine, SheetView
from ui.care.tabs import care_tabs
from ui.page import Event, Page, page
from ui.parts.buttons import submit
from ui.parts.cards import card, head
from ui.parts.chips import filter_chip
from ui.parts.exporting import export_menu
from ui.parts.forms import choice, field
from ui.parts.markup import Child, Markup, div, form, p, span
from ui.parts.states import empty
from ui.parts.table import address
from ui.sheets.detail import SheetPage
from ui.sheets.exports import kind_of
from ui.sheets.listing import choose, sheet_list

_PLACE = "/care/imports"
NEEDS: Mapping[Kind, P] = {
    Kind.PATIENTS: P.PATIENTS_MANAGE,
    Kind.STAFF: P.WORKFORCE_MANAGE,
    Kind.CONSENTS: P.CARE_MANAGE,
    Kind.MINUTES: P.CARE_MANAGE,
}
# In the order in which they build on one another.
ORDER = (Kind.STAFF, Kind.PATIENTS, Kind.CONSENTS, Kind.MINUTES)


@page(_PLACE)
class CareSheets(Page):
    """The kinds as cards, and the sheets, newest first."""

    title = "Imports"
    nav = "care"
    permission = P.CARE_VIEW
    watches = frozenset({"sheet_imports"})

    found: Rows[SheetLine]

    async def load(self) -> None:
        self.kind = kind_of(self.query)
        self.found = await imports.list_sheets(self.actor, self.kind, cursor=self.query.get("after"))

    def body(self) -> Markup:
        mine = [kind for kind in ORDER if self.may(NEEDS[kind])]
        chips = [filter_chip("All", address(_PLACE, self.query, kind=None), on=not self.kind)]
        chips += [
            filter_chip(FORMS[one].label, address(_PLACE, self.query, kind=one), on=self.kind == one)
            for one in mine
        ]
        return div(
            head(
                "Imports",
                export_menu("sheets", self.query) if self.found.items else None,
                under="From your spreadsheets, staff first, then patients, consents and minutes",
            ),
            care_tabs(self.actor, _PLACE),
            div([self._card(kind) for kind in mine], cls="sheet-kinds"),
            div(chips, cls="filters"),
            self._list(),
        )

    def _card(self, kind: Kind) -> Markup:
        one = FORMS[kind]
        template = export_menu(f"template-{kind.value}", words="Template")
        return card(
            one.label,
            p(one.about, cls="muted"),
            div(choose("/upload/sheet", look="", kind=kind.value), template, cls="choosing"),
        )

    def _list(self) -> Markup:
        if not self.found.items:
            words = (
                "Choose an Excel sheet or a CSV file as you have it. It is shown first, with every fault at its cell;"
                " nothing is taken in before you say so, and nothing twice."
            )
            return empty("No sheets yet.", words)
        return sheet_list(_PLACE, self.query, self.found, self.zone, kinds=True)


@page(_PLACE + "/{sheet_import_id}")
class CareSheet(SheetPage):
    """One sheet before, while and after it is taken in."""

    title = "Sheet"
    nav = "care"
    permission = P.CARE_VIEW
    place = _PLACE
    crumbs = (("Care", "/care"), ("Imports", _PLACE))

    async def load(self) -> None:
        self.view = await imports.get_sheet(self.actor, self.id("sheet_import_id"))
        self.noun = FORMS[Kind(self.view.line.kind)].noun

    def can_leave_out(self) -> bool:
        return True

    def hint(self) -> str:
        return _HINTS.get(Kind(self.view.line.kind), "")

    def between(self) -> Child:
        if not self.view.paycodes:
            return None
        rows = [self._paycode(number, one) for number, one in enumerate(self.view.paycodes)]
        words = p("It is remembered for the next sheet.", cls="faint")
        return card("Paycodes", form(rows, words, submit("Keep", look=""), cls="stack", data_do="paycodes"))

    def _paycode(self, number: int, one: Paycode) -> Markup:
        told = [(credential.value, words) for credential, words in CREDENTIALS.items()]
        return div(
            div(
                span(one.code, cls="mono"),
                span(" 1 row" if one.rows == 1 else f" {one.rows:,} rows", cls="faint"),
            ),
            choice(
                f"credential_{number}",
                "Credential",
                told,
                one.credential,
                prompt="Choose",
                errors=self.errors,
            ),
            field(f"title_{number}", "Job title", one.job_title, errors=self.errors),
            cls="fields",
        )

    async def do_paycodes(self, event: Event) -> None:
        """Keep what the paycodes stand for."""
        said = {
            one.code: (event.text(f"credential_{number}"), event.text(f"title_{number}"))
            for number, one in enumerate(self.view.paycodes)
            if event.text(f"credential_{number}")
        }
        await imports.set_paycodes(self.actor, self.view.id, said)

    async def do_leave_out(self, event: Event) -> None:
        """Take in what is right, and leave the rest out."""
        await self.take_in(leave_out=True)

    async def do_stop(self, event: Event) -> None:
        """Take no further row in for now."""
        await imports.stop_sheet(self.actor, self.view.id)

    async def do_leave_rest(self, event: Event) -> None:
        """Leave the rows out that are not done yet."""
        await imports.discard_sheet(self.actor, self.view.id)

    async def do_go_on(self, event: Event) -> None:
        """Take in what is left of a sheet that had stopped."""
        await imports.go_on_with_sheet(self.actor, self.view.id)

    async def assign(
        self, mapping: dict[str, int], headings_row: int | None = None, given: dict[str, str] | None = None
    ) -> None:
        await imports.map_sheet(self.actor, self.view.id, mapping, headings_row, given)

    async def take_in(self, *, leave_out: bool) -> SheetView:
        return await imports.take_in_sheet(self.actor, self.view.id, leave_out=leave_out)

    async def put_away(self) -> None:
        await imports.discard_sheet(self.actor, self.view.id)


_HINTS = {
    Kind.PATIENTS: "A whole name is read as Lopez, Maria A or Maria A Lopez. Conditions are a number, or listed. Eligibility, visit and consent bring an enrolment as far as they go.",
    Kind.CONSENTS: "Told of: all, or some of service; cost_sharing; one_practitioner; right_to_stop.",
    Kind.MINUTES: "25, 25.5 and 0:25 are minutes. Without a start, minutes are laid out from 09:00 on, in the order of the sheet, where the person has no other time that day.",
}
