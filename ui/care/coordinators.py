"""Coordinators: how many patients each takes, where they are licensed, and what they have now."""

from uuid import UUID

from policies.permissions import Permission as P
from services.care import profiles
from services.care.profiles import CoordinatorFacts, CoordinatorView
from ui.care.tabs import care_tabs
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import choice, field
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.states import empty
from ui.parts.table import Column

_EMPTY = "Add whoever takes patients, with their licences. Skills, hours, time zone and absences are those of the employee."
_SKILLS = "Languages, specialisations and complex care are skills of the employee; they are kept under Team."


@page("/care/assignment/coordinators")
class Coordinators(Page):
    """Everybody who takes patients."""

    title = "Coordinators"
    nav = "care"
    permission = P.CARE_MANAGE
    watches = frozenset({"care_enrolments", "employees", "absences"})

    found: list[CoordinatorView]

    async def load(self) -> None:
        self.found = await profiles.list_coordinators(self.actor)

    def body(self) -> Markup:
        add = action("Add a coordinator", "ask_one", look="filled", key="n")
        export = export_menu("care-capacities") if self.found else None
        return div(
            head(self.title, export, add, crumbs=(("Assignment", "/care/assignment"),)),
            care_tabs(self.actor, "/care/assignment"),
            self._list(),
            p(_SKILLS, " ", a("Team", href="/team/employees"), cls="muted") if self.found else None,
        )

    def _list(self) -> Markup:
        if not self.found:
            return empty("Nobody takes patients yet.", _EMPTY)
        columns = [
            Column[CoordinatorView]("Coordinator", _name, "tight"),
            Column[CoordinatorView]("Patients", lambda one: f"{one.patients} of {one.most_patients}", "right tight"),
            Column[CoordinatorView]("By risk", lambda one: f"{one.load:g}", "right tight"),
            Column[CoordinatorView]("At least", lambda one: str(one.fewest_patients), "right tight optional-column"),
            Column[CoordinatorView]("Licences", lambda one: " ".join(one.states) or "–", "tight"),
            Column[CoordinatorView]("Skills", lambda one: small(", ".join(one.skills) or "–"), "wrap"),
            Column[CoordinatorView]("Takes patients", _state, "tight"),
            Column[CoordinatorView]("", lambda one: action("Change", "ask_one", look="quiet", data_id=str(one.user_id)),
                                    "right tight"),
        ]  # fmt: skip
        return table.rows(columns, self.found, key=lambda one: one.user_id, label="Coordinators")

    async def do_ask_one(self, event: Event) -> None:
        """Ask how many somebody takes, and where they are licensed."""
        one = self._known(event.args.get("id", ""))
        facts = (
            {"fewest": one.fewest_patients, "most": one.most_patients} if one else {"fewest": 0, "most": 100}
        )
        typed = self.typed if self.errors else {}
        states = typed.get("states", " ".join(one.states) if one else "")
        who = None if one else await self._who(typed.get("user_id", ""))
        body = div(
            who,
            field("fewest", "At least", typed.get("fewest", facts["fewest"]), kind="number", unit="patients",
                  errors=self._errors("fewest_patients", "fewest")),
            field("most", "At most", typed.get("most", facts["most"]), kind="number", unit="patients",
                  errors=self._errors("most_patients", "most")),
            field("states", "Licensed in", states, errors=self.errors, hint="Two letters each, such as TX OK"),
            cls="fields",
        )  # fmt: skip
        title = one.name if one else "Add a coordinator"
        user_id, version = (str(one.user_id), one.version) if one else ("", 0)
        self.dialog = form_window(title, "one", "Save", body, id=user_id, version=version)

    async def _who(self, chosen: str) -> Markup:
        names = [(str(one.user_id), one.name) for one in await profiles.possible_coordinators(self.actor)]
        errors = self._errors("coordinator_id", "user_id")
        return choice("user_id", "Person", names, chosen, errors=errors, prompt="Choose", required=True)

    def _errors(self, of: str, field_name: str) -> dict[str, str]:
        return {field_name: self.errors[of]} if of in self.errors else {}

    def _known(self, text: str) -> CoordinatorView | None:
        return next((one for one in self.found if str(one.user_id) == text), None)

    async def do_one(self, event: Event) -> None:
        """Save it."""
        user_id = identifier(event.args.get("id") or event.text("user_id") or str(UUID(int=0)))
        states = tuple(event.text("states").replace(",", " ").split())
        facts = CoordinatorFacts(_number(event.text("fewest")), _number(event.text("most")), states)
        await profiles.save_coordinator(self.actor, user_id, facts, event.number("version", 0))
        self.typed = {}
        await self.do_close_dialog(event)
        self.tell("ok", "Saved.")


def _name(one: CoordinatorView) -> Markup:
    return a(one.name, href=f"/care?coordinator={one.user_id}")


def _state(one: CoordinatorView) -> Child:
    if one.hindrance:
        return chip(one.hindrance, "bad")
    if one.patients >= one.most_patients:
        return chip("full", "warn")
    away = small(f" away {one.away_days} days", title="of the next 30") if one.away_days else None
    return span(chip("yes", "ok"), away)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
