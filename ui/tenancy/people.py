"""People and their roles: inviting, granting, ending a membership."""

from domain.paging import Page as Rows
from domain.refusals import Refusal
from policies.permissions import Permission as P
from services.tenancy import people, roles
from services.tenancy.people import Invitation, PersonView
from services.tenancy.roles import RoleView
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip, status_chip
from ui.parts.dialogs import form_window, window
from ui.parts.forms import check, field, search, summary_of
from ui.parts.markup import Child, Markup, button, div, h3, p, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day_words
from ui.workforce.tabs import team_tabs


@page("/people")
class People(Page):
    """The people of the tenant."""

    title = "People"
    nav = "team"
    permission = P.USERS_MANAGE

    found: Rows[PersonView]
    roles: list[RoleView]

    async def load(self) -> None:
        self.found = await people.list_people(
            self.actor,
            self.query.get("text", ""),
            self.query.get("after"),
            ended=self.query.get("show") == "ended",
        )
        known = await self.read(roles.list_roles)
        self.roles = known.value or []

    def body(self) -> Markup:
        invite = action("Invite a person", "ask_invite", look="filled", key="c")
        return div(head("Team", invite), team_tabs("/people", self.may), self._filters(), self._list())

    def _filters(self) -> Markup:
        field_ = search(self.query.get("text", ""), "Name or e-mail", "Filter people")
        ended = self.query.get("show") == "ended"
        return div(
            field_,
            filter_chip("Working here", address("/people", self.query, show=""), on=not ended),
            filter_chip("Left", address("/people", self.query, show="ended"), on=ended),
            cls="filters",
        )

    def _list(self) -> Markup:
        if not self.found.items:
            return empty("Nobody here.", "People you invite appear here with their roles.")
        columns = [
            Column[PersonView]("Name", lambda one: span(one.name, span(one.email, cls="sub")), "clip wide"),
            Column[PersonView](
                "Job", lambda one: one.job_title or span("–", cls="faint"), "clip optional-column"
            ),
            Column[PersonView](
                "Roles",
                lambda one: div(
                    [chip(role.name, "neutral") for role in one.roles] or span("none", cls="faint"),
                    cls="rolechips",
                ),
            ),
            Column[PersonView]("Status", lambda one: _status(one), "tight"),
            Column[PersonView]("Since", lambda one: day_words(one.joined_at), "right tight"),
            Column[PersonView]("", self._actions, "right tight"),
        ]
        return div(
            table.rows(columns, self.found.items, key=lambda one: one.id, label="People"),
            table.pager("/people", self.query, self.found.next, len(self.found.items)),
        )

    def _actions(self, one: PersonView) -> Child:
        if one.status == "ended":
            return None
        grant = (
            action("Roles", "ask_roles", look="tiny quiet", data_id=str(one.id))
            if self.may(P.ROLES_MANAGE)
            else None
        )
        out = (
            action("End", "ask_end", look="tiny quiet", data_id=str(one.id))
            if one.user_id != self.actor.user_id
            else None
        )
        return div(grant, out, cls="row", style="flex-wrap: nowrap; justify-content: flex-end")

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed."""
        self.go(address("/people", self.query, text=event.value.strip() or event.text("text")))

    async def do_ask_invite(self, event: Event) -> None:
        """Ask whom to invite."""
        typed = self.typed if self.errors else {}
        fields = div(
            field(
                "email",
                "E-mail",
                typed.get("email"),
                kind="email",
                errors=self.errors,
                required=True,
                autofocus=True,
            ),
            field("name", "Name", typed.get("name"), errors=self.errors, required=True),
            field("job_title", "Job", typed.get("job_title"), errors=self.errors),
            field(
                "password",
                "First password",
                "",
                kind="password",
                errors=self.errors,
                hint="empty: one is made and shown once",
                autocomplete="new-password",
            ),
            cls="fields",
        )
        chosen = set(typed.get("role_ids", []))
        self.dialog = form_window(
            "Invite a person", "invite", "Invite", summary_of(self.errors), fields, self._role_boxes(chosen)
        )

    async def do_invite(self, event: Event) -> None:
        """Bring a person in and show once what to hand over."""
        self.errors = {}
        try:
            made = await people.invite(
                self.actor,
                event.text("email"),
                event.text("name"),
                event.text("job_title"),
                [identifier(one) for one in event.many("role_ids")],
                event.text("password"),
            )
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.typed = {key: value for key, value in event.fields.items() if key != "password"}
            self.wrong(refusal)
            await self.do_ask_invite(event)
            return
        self.dialog = _handed_over(made)

    async def do_ask_roles(self, event: Event) -> None:
        """Ask which roles the person shall hold."""
        person = await people.get_person(self.actor, event.id())
        chosen = {str(role.id) for role in person.roles}
        words = "Exactly these roles. Open pages follow at the next click."
        self.dialog = form_window(
            f"Roles of {person.name}",
            "set_roles",
            "Save",
            self._role_boxes(chosen),
            explanation=words,
            id=str(event.id()),
        )

    async def do_set_roles(self, event: Event) -> None:
        """Give the person exactly the ticked roles."""
        await people.set_roles(self.actor, event.id(), [identifier(one) for one in event.many("role_ids")])
        await self.do_close_dialog(event)
        self.tell("ok", "Roles saved.")

    async def do_ask_end(self, event: Event) -> None:
        """Explain what ending a membership does."""
        person = await people.get_person(self.actor, event.id())
        words = (
            "They lose access at once; their open work goes back to the queue. What they did stays on record."
        )
        self.dialog = form_window(
            f"End the membership of {person.name}",
            "end",
            "End the membership",
            explanation=words,
            id=str(event.id()),
        )

    async def do_end(self, event: Event) -> None:
        """End the membership."""
        await people.end_membership(self.actor, event.id())
        await self.do_close_dialog(event)
        self.tell("ok", "The membership has ended.")

    def _role_boxes(self, chosen: set[str]) -> Markup:
        boxes = [
            check("role_ids[]", role.name, str(role.id) in chosen, hint=role.description, value=str(role.id))
            for role in self.roles
        ]
        return div(h3("Roles"), div(boxes, cls="permissions"), style="margin-top: 16px")


def _handed_over(made: Invitation) -> Markup:
    secret = made.password or made.code
    if made.password:
        words = f"{made.person.name} can sign in now with {made.person.email} and this first password. It is shown only here."
    else:
        words = f"{made.person.name} has an account already and joins with this code after signing in here. It is shown only now."
    copy = button("Copy", type="button", cls="button", data_copy=secret)
    return window(
        "Hand this over", p(words, cls="explanation"), div(span(secret, cls="mono"), copy, cls="secret")
    )


def _status(one: PersonView) -> Markup:
    return chip("Invited", "info") if one.status == "invited" else status_chip(one.status)
