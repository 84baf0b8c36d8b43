"""Roles: what each may do, what it inherits, and the editor with the whole permission catalogue."""

from policies.permissions import WORDS, Permission
from services.tenancy import roles
from services.tenancy.roles import RoleView, SuggestedRole
from ui.page import Event, Page, identifier, page, there
from ui.parts import table
from ui.parts.buttons import action, entry, link, more, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import check, field, summary_of
from ui.parts.markup import Child, Markup, a, div, form, h3, li, p, small, span, strong, ul
from ui.parts.states import notice
from ui.parts.table import Column
from ui.workforce.tabs import team_tabs

P = Permission
_AREAS = {
    "audit": "Audit trail",
    "claims": "Claims",
    "clients": "Clients and payers",
    "connections": "Connections",
    "denials": "Denials",
    "edi": "Files",
    "notes": "Notes",
    "patients": "Patients",
    "remittances": "Remittances",
    "reports": "Reports",
    "roles": "Roles",
    "tenant": "Tenant",
    "tokens": "API tokens",
    "users": "People",
    "work": "Work",
}


@page("/roles")
class Roles(Page):
    """The roles of the tenant."""

    title = "Roles"
    nav = "team"
    permission = P.TENANT_VIEW

    found: list[RoleView]
    suggested: list[SuggestedRole]

    async def load(self) -> None:
        self.found = await roles.list_roles(self.actor)
        self.suggested = await roles.suggested_roles(self.actor)

    def body(self) -> Markup:
        new = link("New role", "/roles/new", look="filled", key="c") if self.may(P.ROLES_MANAGE) else None
        shown = team_tabs("/roles", self.may) if self.may(P.USERS_MANAGE) else None
        columns = [
            Column[RoleView](
                "Role",
                lambda one: span(a(one.name, href=f"/roles/{one.id}"), span(one.description, cls="sub")),
                "clip wide",
            ),
            Column[RoleView](
                "Inherits from",
                lambda one: div(
                    [chip(name, "neutral") for name in one.parents] or span("–", cls="faint"), cls="rolechips"
                ),
            ),
            Column[RoleView]("May do", lambda one: f"{len(one.effective)} things", "right"),
            Column[RoleView]("People", lambda one: str(one.members), "right"),
            Column[RoleView]("", lambda one: one.built_in and chip("Built in", "info"), "tight"),
        ]
        rows = table.rows(
            columns, self.found, href=lambda one: f"/roles/{one.id}", key=lambda one: one.id, label="Roles"
        )
        return div(head("Team", new), shown, rows, self._suggestions())

    def _suggestions(self) -> Child:
        if not self.suggested or not self.may(P.ROLES_MANAGE):
            return None
        lines = [
            li(
                div(strong(one.name), p(one.description, cls="muted"), cls="words"),
                action("Add", "add_suggested", look="tiny", data_name=one.name),
            )
            for one in self.suggested
        ]
        return div(card("Templates", ul(lines, cls="steps"), look="flush"), style="margin-top: 16px")

    async def do_add_suggested(self, event: Event) -> None:
        """Add a template as a role of the tenant's own."""
        made = await roles.add_suggested_role(self.actor, event.args.get("name", ""))
        self.tell("ok", f"{made.name} added.")


class RoleEditor(Page):
    """The editor of a role."""

    nav = "team"
    permission = P.TENANT_VIEW

    role: RoleView | None = None
    others: list[RoleView]
    saved = 0

    @property
    def name(self) -> str:
        """The role's name."""
        return self.role.name if self.role else "New role"

    @property
    def editable(self) -> bool:
        """Whether this person may change it."""
        return self.may(P.ROLES_MANAGE) and not (self.role and self.role.built_in)

    async def load(self) -> None:
        if "role_id" in self.params:
            self.role = await roles.get_role(self.actor, self.id("role_id"))
        known = await roles.list_roles(self.actor)
        self.others = [one for one in known if self.role is None or one.id != self.role.id]

    def body(self) -> Markup:
        role = self.role
        delete = more(entry("Delete", "ask_delete", tone="bad")) if role and self.editable else None
        words = "It always holds everything, so that a tenant cannot lock itself out."
        built_in = notice("info", "This role is built in.", words) if role and role.built_in else None
        count = role and chip(f"{role.members} people", "neutral")
        return div(
            head((self.name, count), delete, crumbs=(("Roles", "/roles"),)),
            built_in,
            div(self._form(), cls="card", style="padding: 16px"),
        )

    def _form(self) -> Markup:
        new, errors = self.role is None, self.errors
        save = submit("Add role" if new else "Save")
        foot = div(link("Cancel", "/roles", look="quiet"), save, cls="form-foot")
        name = field("name", "Name", self._value("name"), errors=errors, required=True, autofocus=new)
        purpose = self._value("description")
        return form(
            summary_of(errors),
            div(
                name,
                field("description", "What it is for", purpose, errors=errors, look="double"),
                cls="fields",
            ),
            self._parents(),
            self._permissions(),
            self.editable and foot,
            data_do="save",
            data_key_of=f"role-{self.saved}",
            inert=not self.editable,
        )

    def _value(self, name: str) -> str:
        if self.errors:
            return str(self.typed.get(name, ""))
        return str(getattr(self.role, name, "")) if self.role else ""

    def _ticked(self, name: str, own: list[str]) -> set[str]:
        return set(self.typed.get(name, [])) if self.errors else set(own)

    def _parents(self) -> Markup:
        own = self._ticked("parent_ids", [str(one) for one in self.role.parent_ids] if self.role else [])
        boxes = [
            check("parent_ids[]", one.name, str(one.id) in own, hint=one.description, value=str(one.id))
            for one in self.others
        ]
        return div(h3("Inherits everything from"), div(boxes, cls="permissions"), style="margin: 20px 0")

    def _permissions(self) -> Markup:
        own = self._ticked("permissions", self.role.permissions if self.role else [])
        inherited = set(self.role.effective) - set(self.role.permissions) if self.role else set()
        areas: dict[str, list[Permission]] = {}
        for one in Permission:
            areas.setdefault(one.split(".")[0], []).append(one)
        groups = [
            div(
                h3(_AREAS.get(area, area.capitalize())),
                [_box(one, one in own, one in inherited) for one in ones],
                style="margin-bottom: 12px; break-inside: avoid",
            )
            for area, ones in areas.items()
        ]
        return div(
            h3("May do itself"), div(groups, style="columns: 300px; column-gap: 32px; margin-top: 8px")
        )

    async def do_save(self, event: Event) -> None:
        """Make the role or change it for everybody who holds it."""
        self.errors = {}
        parents = [identifier(one) for one in event.many("parent_ids")]
        facts = (event.text("name"), event.text("description"), event.many("permissions"), parents)
        if self.role is None:
            made = await roles.add_role(self.actor, *facts)
            self.tell("ok", f"{made.name} added.")
            self.go("/roles")
            return
        await roles.change_role(self.actor, self.role.id, *facts, expected_version=self.role.version)
        self.saved += 1
        self.tell("ok", "Saved.", "It holds for everybody with this role from their next click.")

    async def do_ask_delete(self, event: Event) -> None:
        """Explain what deleting does."""
        self.dialog = form_window(
            "Delete the role",
            "delete",
            "Delete",
            explanation="Only a role that nobody holds and no other role inherits from can go.",
        )

    async def do_delete(self, event: Event) -> None:
        """Delete the role."""
        await roles.delete_role(self.actor, there(self.role).id)
        self.tell("ok", "The role is gone.")
        self.go("/roles")


@page("/roles/new")
class NewRole(RoleEditor):
    """A new role."""

    permission = P.ROLES_MANAGE


@page("/roles/{role_id}")
class Role(RoleEditor):
    """One role."""


def _box(one: Permission, own: bool, inherited: bool) -> Markup:
    words = (WORDS[one], inherited and not own and small("inherited"))
    return check("permissions[]", words, own, value=str(one))
