"""Routing: where claims of each payer go, the exceptions, who has no way out, and where one claim would go and why."""

from typing import Any

from domain.paging import Page as Rows
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.clientele import clients, connections, payers, routing
from services.clientele.routing import PayerWithoutRoute, RouteAnswer, RouteFacts, RouteView
from ui.page import Event, Page, identifier, optional_identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action, link, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, summary_of
from ui.parts.markup import Child, Markup, a, div, form, p
from ui.parts.states import Loaded, empty, notice
from ui.parts.table import Column

_TRANSACTIONS = (("837P", "Professional (837P)"), ("837I", "Institutional (837I)"))


@page("/routing")
class Routing(Page):
    """Where claims go."""

    title = "Routing"
    nav = "settings"
    permission = P.CONNECTIONS_VIEW

    routes: list[RouteView]
    missing: list[PayerWithoutRoute]
    payers: Loaded[Rows[Any]]
    clients: Loaded[Rows[Any]]
    connections: Loaded[Rows[Any]]
    answer: RouteAnswer | None = None

    async def load(self) -> None:
        self.routes = await routing.list_routes(self.actor)
        self.missing = await routing.payers_without_route(self.actor)
        self.payers = await self.read(payers.list_payers, limit=200, active=True)
        self.clients = await self.read(clients.list_clients, limit=200, active=True)
        self.connections = await self.read(connections.list_connections, limit=200, active=True)

    def body(self) -> Markup:
        new = (
            action("New route", "ask_route", look="filled", key="c")
            if self.may(P.CONNECTIONS_MANAGE)
            else None
        )
        crumbs = (("Settings", "/settings"), ("Connections", "/connections"))
        left = div(
            card("Exceptions", self._exceptions(), look="flush" if self.routes else ""), self._payers()
        )
        return div(
            head(self.title, new, crumbs=crumbs), self._missing(), div(left, self._asked(), cls="columns")
        )

    def _missing(self) -> Child:
        if not self.missing:
            return notice(
                "ok", "Every payer has a way out.", "Claims of all payers in use find a connection in use."
            )
        lines = [
            f"{one.payer_name}{f', {one.client_name}' if one.client_name else ''} ({one.transaction})"
            for one in self.missing[:8]
        ]
        more = f" and {len(self.missing) - 8} more" if len(self.missing) > 8 else ""
        return notice(
            "bad",
            "Claims of these payers would wait.",
            f"{'; '.join(lines)}{more}. Give them a connection in use.",
        )

    def _exceptions(self) -> Markup:
        if not self.routes:
            return p(
                "None: every claim goes through its payer's own connection, or the oldest one in use.",
                cls="muted",
            )
        columns = [
            Column[RouteView](
                "Payer", lambda one: a(one.payer_name, href=f"/payers/{one.payer_id}"), "clip wide"
            ),
            Column[RouteView]("Client", lambda one: one.client_name or "all", "clip"),
            Column[RouteView]("For", lambda one: one.transaction or "both", "tight"),
            Column[RouteView](
                "Goes through",
                lambda one: a(one.connection_name, href=f"/connections/{one.connection_id}"),
                "clip",
            ),
            Column[RouteView]("", self._end, "right tight"),
        ]
        return table.rows(columns, self.routes, key=lambda one: one.id, label="Exceptions")

    def _end(self, one: RouteView) -> Child:
        state = None if one.works else chip("Waits", "bad", "The connection is out of use")
        drop = (
            action("Take away", "drop", look="tiny quiet", data_id=str(one.id))
            if self.may(P.CONNECTIONS_MANAGE)
            else None
        )
        return (state, drop)

    def _payers(self) -> Markup:
        found = self.payers.value.items if self.payers.value else []
        if not found:
            return card("Payers", empty("No payer yet.", "Each payer's own connection is shown here."))
        columns = [
            Column[Any]("Payer", lambda one: a(one.name, href=f"/payers/{one.id}"), "clip wide"),
            Column[Any]("Own connection", lambda one: one.connection_name or "the oldest in use", "clip"),
        ]
        return card(
            "Payers",
            table.rows(
                columns, found, href=lambda one: f"/payers/{one.id}", key=lambda one: one.id, label="Payers"
            ),
            look="flush",
        )

    def _asked(self) -> Markup:
        typed = self.typed
        fields = div(
            choice(
                "payer_id",
                "Payer",
                _options(self.payers),
                typed.get("payer_id", ""),
                errors=self.errors,
                required=True,
                prompt="Choose",
            ),
            choice(
                "client_id",
                "Client",
                _options(self.clients),
                typed.get("client_id", ""),
                errors=self.errors,
                required=True,
                prompt="Choose",
            ),
            choice("transaction", "Claim", _TRANSACTIONS, typed.get("transaction", "837P")),
            cls="stack",
        )
        body = form(
            summary_of(self.errors),
            fields,
            div(submit("Where would it go?", look=""), cls="form-foot"),
            data_do="where",
        )
        return card("Where would a claim go?", body, self._answered())

    def _answered(self) -> Child:
        one = self.answer
        if one is None:
            return None
        if one.connection_id is None:
            return notice("bad", "Nowhere.", f"{one.why_words.capitalize()}. {one.what_to_do}")
        there = link("Open", f"/connections/{one.connection_id}", look="tiny")
        return notice(
            "ok" if one.works else "bad",
            f"Through {one.connection_name}.",
            f"Because of {one.why_words}. {one.what_to_do}",
            there,
        )

    async def do_where(self, event: Event) -> None:
        """Where a claim would go, and why."""
        self.answer, self.errors, self.typed = None, {}, dict(event.fields)
        missing = [name for name in ("payer_id", "client_id") if not event.text(name)]
        reject(*(FieldError(name, f"{name}.missing", "Choose one.") for name in missing))
        self.answer = await routing.where_would_it_go(
            self.actor,
            identifier(event.text("payer_id")),
            identifier(event.text("client_id")),
            event.text("transaction") or "837P",
        )

    async def do_ask_route(self, event: Event) -> None:
        """Ask for a route."""
        words = "The most specific route wins. One for the same payer, client and claims is replaced."
        fields = div(self._route_fields(), cls="fields")
        self.dialog = form_window("New route", "route", "Set", fields, explanation=words)

    def _route_fields(self) -> tuple[Markup, ...]:
        typed, errors = (self.typed, self.errors) if self.errors else ({}, {})
        return (
            choice(
                "payer_id",
                "Payer",
                _options(self.payers),
                typed.get("payer_id", ""),
                errors=errors,
                required=True,
                prompt="Choose",
            ),
            choice(
                "client_id",
                "Client",
                _options(self.clients),
                typed.get("client_id", ""),
                errors=errors,
                prompt="All clients",
            ),
            choice(
                "transaction",
                "For",
                _TRANSACTIONS,
                typed.get("transaction", ""),
                errors=errors,
                prompt="Both kinds of claims",
            ),
            choice(
                "connection_id",
                "Goes through",
                _options(self.connections),
                typed.get("connection_id", ""),
                errors=errors,
                required=True,
                prompt="Choose",
            ),
        )

    async def do_route(self, event: Event) -> None:
        """Set it."""
        missing = [name for name in ("payer_id", "connection_id") if not event.text(name)]
        reject(*(FieldError(name, f"{name}.missing", "Choose one.") for name in missing))
        facts = RouteFacts(
            identifier(event.text("payer_id")), identifier(event.text("connection_id")),
            optional_identifier(event.text("client_id")), event.text("transaction"),
        )  # fmt: skip
        await routing.set_route(self.actor, facts)
        await self.do_close_dialog(event)
        self.tell("ok", "Set.", "Claims released from now on go there.")

    async def do_drop(self, event: Event) -> None:
        """Take a route away."""
        await routing.drop_route(self.actor, event.id())
        self.tell("ok", "Taken away.", "Its claims follow the next less specific rule.")


def _options(found: Loaded[Rows[Any]]) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in found.value.items] if found.value else []
