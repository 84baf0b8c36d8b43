"""What every page of master data does alike: a list with a search, a form that adds and changes, out of use with a reason."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar
from uuid import UUID

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from ui.page import Event, Page, there
from ui.parts import table
from ui.parts.buttons import action, entry, link, more, submit
from ui.parts.cards import head, tabs
from ui.parts.chips import chip, filter_chip
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, group, long_text, search, summary_of
from ui.parts.markup import EMPTY, Child, Markup, div, form
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.rules.custom import PREFIX, CustomFields
from ui.rules.fields import names_of

Read = Callable[..., Awaitable[Any]]
TABS = (
    ("Clients", "/clients"),
    ("Providers", "/providers"),
    ("Payers", "/payers"),
    ("Fee schedules", "/fee-schedules"),
)


class RecordList(Page):
    """A list of records. A subclass names the service and the columns."""

    list_service: ClassVar[Read]
    one: ClassVar[str]  # "client"
    explanation: ClassVar[str]
    manage: ClassVar[P] = P.CLIENTS_MANAGE
    searched: ClassVar[str] = "Name"
    tabbed: ClassVar[bool] = True

    found: Rows[Any]

    async def load(self) -> None:
        service = type(self).list_service
        active = None if self.query.get("show") == "all" else True
        self.found = await service(
            self.actor,
            text=self.words(),
            cursor=self.query.get("after"),
            active=active,
            **self.filters(),
        )

    def words(self) -> str:
        """What is searched."""
        return self.query.get("text", "")

    def filters(self) -> dict[str, Any]:
        """More filters for the service."""
        return {}

    def columns(self) -> list[Column[Any]]:
        """The columns of the list."""
        raise NotImplementedError

    def body(self) -> Markup:
        return div(head(self.heading(), self._new()), self._tabs(), self._filters(), self._list())

    def heading(self) -> str:
        """The title above the list."""
        return "Clients & payers" if self.tabbed else self.title

    def _new(self) -> Child:
        words = f"New {self.one}"
        return link(words, f"{self.path}/new", look="filled", key="c") if self.may(self.manage) else None

    def _tabs(self) -> Child:
        return (
            tabs(*((words, href, href == self.path, None) for words, href in TABS)) if self.tabbed else None
        )

    def _filters(self) -> Markup:
        field = search(self.words(), self.searched, "Filter")
        everything = self.query.get("show") == "all"
        return div(
            field,
            filter_chip("In use", address(self.path, self.query, show=""), on=not everything),
            filter_chip("All", address(self.path, self.query, show="all"), on=everything),
            self.more_filters(),
            cls="filters",
        )

    def more_filters(self) -> Child:
        """Filters of this list alone."""
        return None

    def _list(self) -> Markup:
        if not self.found.items:
            if self.words():
                return empty("Nothing matches.", "Search by the beginning of a word or by a number.")
            return empty(f"No {self.one}s yet.", self.explanation, self._new())
        return div(
            table.rows(
                self.columns(), self.found.items, href=self.href, key=lambda one: one.id, label=self.title
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )

    def href(self, one: Any) -> str:
        """The page of a record."""
        return f"{self.path}/{one.id}"

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed."""
        self.go(address(self.path, self.query, text=event.value.strip() or event.text("text")))


class RecordForm(CustomFields):
    """A form that adds a record, or shows and changes one. A subclass names services and fields, and what custom fields
    its records have."""

    get_service: ClassVar[Read]
    add_service: ClassVar[Read]
    change_service: ClassVar[Read]
    deactivate_service: ClassVar[Read]
    reactivate_service: ClassVar[Read]
    one: ClassVar[str]
    place: ClassVar[str]  # "/clients"
    manage: ClassVar[P] = P.CLIENTS_MANAGE
    id_name: ClassVar[str] = "id"
    deactivation: ClassVar[str] = "It can no longer be chosen; what is under way goes on."

    record: Any = None
    saved = 0

    @property
    def name(self) -> str:
        """The record's own name in the tab."""
        return self.record_name() if self.record else f"New {self.one}"

    @property
    def editable(self) -> bool:
        """Whether this person may change it."""
        return self.may(self.manage)

    async def load(self) -> None:
        if self.id_name in self.params:
            service = type(self).get_service
            self.record = await service(self.actor, self.id(self.id_name))
        await self.load_custom()
        await self.load_more()

    async def load_more(self) -> None:
        """Choices that the form offers, and what belongs to the record."""

    def record_name(self) -> str:
        """What the record is called."""
        return str(self.record.name)

    def fields(self) -> Child:
        """The fields, filled by `value`."""
        raise NotImplementedError

    def facts(self, event: Event) -> Any:
        """What was typed, as the service wants it."""
        raise NotImplementedError

    def beside(self) -> Child:
        """Cards beside or below the form."""
        return None

    def value(self, name: str) -> Any:
        """What a field shows: what was typed if it was refused, else the record's."""
        if self.errors and name in self.typed:
            return self.typed[name]
        found = getattr(self.record, name, "") if self.record else self.query.get(name, "")
        return "" if found is None else found

    def typed_field(self, name: str, words: str, default: object = "", **look: Any) -> Markup:
        """A text field of the form, filled and with its fault."""
        return field(name, words, self.value(name) or default, errors=self.errors, **look)

    def choice_field(
        self, name: str, words: str, options: Iterable[tuple[str, str]], default: str = "", **look: Any
    ) -> Markup:
        """A choice of the form, filled and with its fault."""
        return choice(name, words, options, self.value(name) or default, errors=self.errors, **look)

    def body(self) -> Markup:
        return div(
            head((self.name, self._standing()), self._menu(), crumbs=((self.crumb(), self.place),)),
            self._inactive(),
            div(self._form(), cls="card", style="padding: 16px") if self.has_form() else EMPTY,
            self.beside(),
        )

    def has_form(self) -> bool:
        """Whether the form is part of the page."""
        return True

    def crumb(self) -> str:
        """The words of the way back."""
        return f"{self.one.capitalize()}s"

    def _form(self) -> Markup:
        foot = submit("Save" if self.record else f"Add {self.one}")
        cancel = link("Cancel", self.place, look="quiet") if not self.record else None
        return form(
            summary_of(self.errors, names_of(self.custom, PREFIX)),
            self.fields(),
            self.custom
            and group("Further fields", self.custom_inputs(self.record.custom if self.record else {})),
            div(cancel, foot, cls="form-foot") if self.editable else None,
            data_do="save",
            data_key_of=f"form-{self.saved}",
            inert=not self.editable,
        )

    def _standing(self) -> Child:
        return chip("Out of use", "neutral") if self.record and not self.record.active else None

    def _inactive(self) -> Child:
        if not self.record or self.record.active:
            return None
        back = action("Take back into use", "reactivate") if self.editable else None
        return notice("warn", "Out of use.", self.record.inactive_reason, back)

    def _menu(self) -> Child:
        if not self.record or not self.record.active or not self.editable:
            return None
        return more(*self.menu_entries(), entry("Take out of use", "ask_deactivate", tone="bad"))

    def menu_entries(self) -> list[Markup]:
        """More entries of the menu."""
        return []

    async def do_save(self, event: Event) -> None:
        """Add the record or change it."""
        self.errors = {}
        facts = self.facts(event)
        if self.record is None:
            service = type(self).add_service
            made = await self.add(service, facts, event)
            self.tell("ok", f"{self.one.capitalize()} added.")
            self.go(self.after_add(made.id))
            return
        service = type(self).change_service
        await service(self.actor, self.record.id, facts, expected_version=self.record.version)
        self.saved += 1
        self.tell("ok", "Saved.")

    async def add(self, service: Read, facts: Any, event: Event) -> Any:
        """Ask the service to add it."""
        return await service(self.actor, facts)

    def after_add(self, made: UUID) -> str:
        """Where adding leads."""
        return f"{self.place}/{made}"

    async def do_ask_deactivate(self, event: Event) -> None:
        """Ask why it goes out of use."""
        reason = long_text("reason", "Reason", "", errors=self.errors, required=True, autofocus=True)
        self.dialog = form_window(
            "Take out of use",
            "deactivate",
            "Take out of use",
            div(reason, cls="fields"),
            explanation=self.deactivation,
        )

    async def do_deactivate(self, event: Event) -> None:
        """Take it out of use with a reason."""
        service = type(self).deactivate_service
        await service(self.actor, there(self.record).id, event.text("reason"))
        await self.do_close_dialog(event)
        self.saved += 1

    async def do_reactivate(self, event: Event) -> None:
        """Take it back into use."""
        service = type(self).reactivate_service
        await service(self.actor, there(self.record).id)
        self.saved += 1
        self.tell("ok", "In use again.")
