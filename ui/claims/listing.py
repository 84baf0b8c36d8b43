"""The claims list: filters in the address, pages by key, release of a selection with an outcome for each row."""

import re
from typing import Any
from uuid import UUID

from nicegui import ui

from domain.paging import Page as Rows
from domain.refusals import NotAllowed
from domain.rules.custom_fields import Subject
from domain.tenancy import Actor
from policies.permissions import Permission as P
from services.claims import capture, catalogue
from services.claims.views import ClaimLine, RowOutcome
from services.clientele import clients, payers
from services.insight.overview import GROUPS
from services.rules.custom_fields import CustomFieldView, list_custom_fields
from ui.claims.export import FILES
from ui.page import Event, Page, identifier, optional_identifier, page
from ui.parts import table
from ui.parts.buttons import action, entry, link, menu
from ui.parts.cards import head
from ui.parts.chips import chip, claim_chip, filter_chip
from ui.parts.dialogs import window
from ui.parts.exporting import export_menu, file_name
from ui.parts.forms import search
from ui.parts.markup import Child, Markup, a, div, option, p, select, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago, day
from ui.rules.custom import PREFIX, choice_filters, custom_filters
from ui.rules.exports import custom_columns

_FORMS = {"professional": "Professional (837P)", "institutional": "Institutional (837I)"}
_REFERENCE = re.compile(r"(?i)C-[0-9]{1,12}")


@page("/claims")
class Claims(Page):
    """Claims, newest first."""

    title = "Claims"
    nav = "claims"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"claims"})

    lines: Rows[ClaimLine]
    payers: list[tuple[str, str]] = []
    clients: list[tuple[str, str]] = []
    fields: list[CustomFieldView] = []

    @property
    def text(self) -> str:
        """What is searched: a reference stands in the address; anything else may name a patient and stays in the tab."""
        return shareable(self.query) or self.screen.kept.get("/claims", "")

    async def load(self) -> None:
        filters = {**filters_of(self.query), "text": self.text}
        self.lines = await catalogue.list_claims(self.actor, **filters, cursor=self.query.get("after"))
        self.fields = await list_custom_fields(self.actor, Subject.CLAIM, True)
        if not self.payers and self.may(P.CLIENTS_VIEW):
            await self._load_choices()

    async def _load_choices(self) -> None:
        try:
            known_payers = await payers.list_payers(self.actor, limit=200)
            known_clients = await clients.list_clients(self.actor, limit=200)
        except NotAllowed:
            return  # the list works without these two filters
        self.payers = [(str(one.id), one.name) for one in known_payers.items]
        self.clients = [(str(one.id), one.name) for one in known_clients.items]

    def body(self) -> Markup:
        new = link("New claim", "/claims/new", look="filled", key="c") if self.may(P.CLAIMS_CREATE) else None
        if self.screen.kept.get("/claims"):
            forms = (entry("Excel", "export", data_as="xlsx"), entry("CSV", "export", data_as="csv"))
            download = menu("Export", *forms, label="Export", look="button quiet")
        else:
            download = export_menu("claims", self.query)
        return div(head("Claims", download, new), self._filters(), self._list())

    def _filters(self) -> Markup:
        field = search(self.text, "C-1001, name, member id", "Filter claims")
        group = self.query.get("group", "")
        chips = [
            filter_chip(
                "All",
                address("/claims", self.query, group="", status=""),
                on=not group and not self.query.get("status"),
            )
        ]
        chips += [
            filter_chip(words, address("/claims", self.query, group=key, status=""), on=key == group)
            for key, (words, _) in GROUPS.items()
        ]
        return div(
            field,
            span(cls="gap"),
            chips,
            self._single_status(),
            span(cls="gap"),
            self._selects(),
            choice_filters(self.fields, self.query),
            self._patient(),
            cls="filters",
        )

    def _single_status(self) -> Child:
        status = self.query.get("status", "")
        if not status:
            return None
        href = address("/claims", self.query, status="")
        return a(
            claim_chip(status),
            span("×", aria_hidden="true"),
            href=href,
            cls="filter on",
            title="Remove this filter",
        )

    def _patient(self) -> Child:
        if not self.query.get("patient"):
            return None
        return a(
            "One patient",
            span("×", aria_hidden="true"),
            href=address("/claims", self.query, patient=""),
            cls="filter on",
        )

    def _selects(self) -> Child:
        known = (
            ("payer", "Any payer", self.payers),
            ("client", "Any client", self.clients),
            ("form", "Any form", list(_FORMS.items())),
        )
        return [
            select(
                option(prompt, value="", selected=not self.query.get(name)),
                [option(words, value=key, selected=self.query.get(name) == key) for key, words in options],
                name=name,
                data_change="choose",
                aria_label=prompt,
            )
            for name, prompt, options in known
            if len(options) > 1
        ]

    def _list(self) -> Markup:
        if not self.lines.items:
            return self._empty()
        pick = self.may(P.CLAIMS_SUBMIT)
        return div(
            table.rows(
                _columns(self.zone),
                self.lines.items,
                href=lambda line: f"/claims/{line.id}",
                key=lambda line: line.id,
                pick=pick,
                label="Claims",
            ),
            self._bulk() if pick else None,
            table.pager("/claims", self.query, self.lines.next, len(self.lines.items)),
        )

    def _bulk(self) -> Markup:
        count = span("", data_bulk_count=True)
        return div(
            count,
            action("Release", "release_many", look="filled", key="R"),
            cls="bulk",
            data_bulk=True,
            hidden=True,
        )

    def _empty(self) -> Markup:
        if (
            any(
                self.query.get(key)
                for key in ("group", "status", "payer", "client", "patient", "form", "custom")
            )
            or self.text
            or custom_filters(self.query)
        ):
            clear = link("Show all claims", "/claims")
            return empty(
                "No claim matches.", "Take a filter off, or search by reference, name or member id.", clear
            )
        new = link("New claim", "/claims/new", look="filled") if self.may(P.CLAIMS_CREATE) else None
        return empty(
            "No claims yet.",
            "Claims appear here as they are captured, and follow their way to the payer by themselves.",
            new,
        )

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed."""
        typed = event.value.strip() or event.text("text")
        self.screen.kept["/claims"] = "" if _REFERENCE.fullmatch(typed) else typed
        self.go(address("/claims", self.query, text=typed if _REFERENCE.fullmatch(typed) else ""))

    async def do_export(self, event: Event) -> None:
        """Export what a name or a member id found: over the open page, because no address may hold it."""
        filters = {**filters_of(self.query), "text": self.text}
        added = await custom_columns(Subject.CLAIM)(self.actor, self.query)
        form = "xlsx" if event.args.get("as") == "xlsx" else "csv"
        name = file_name("claims", self.screen.visit.subdomain, self.actor, form)
        ui.download.content(await FILES[form](self.actor, filters, added), name)

    async def do_choose(self, event: Event) -> None:
        """Choose a payer, a client, a form, or a value of one of the tenant's own fields."""
        name = event.args.get("name", "")
        if name in ("payer", "client", "form") or name.startswith(PREFIX):
            self.go(address("/claims", self.query, **{name: event.value}))

    async def do_release_many(self, event: Event) -> None:
        """Release the selection and show what became of each row."""
        chosen = [identifier(one) for one in event.selected]
        outcomes = await capture.release_many(self.actor, chosen)
        names = {line.id: line.reference for line in self.lines.items}
        self.dialog = window(_result_title(outcomes), _results(outcomes, names))


def shareable(query: dict[str, str]) -> str:
    """The search words of an address, if they are a claim's reference: nothing else belongs into an address."""
    text = query.get("text", "").strip()
    return text if _REFERENCE.fullmatch(text) else ""


def filters_of(query: dict[str, str]) -> dict[str, Any]:
    """The filters of an address, as the list of claims takes them."""
    return {
        "statuses": statuses_of(query),
        "client_id": optional_identifier(query.get("client", "")),
        "payer_id": optional_identifier(query.get("payer", "")),
        "patient_id": optional_identifier(query.get("patient", "")),
        "form": query["form"] if query.get("form") in _FORMS else "",
        "text": shareable(query),
        "custom": custom_filters(query),
    }


async def pages_of(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Rows[ClaimLine]:
    """The claims of the filters of an address, as they leave."""
    return await catalogue.list_claims(actor, **filters_of(query), cursor=cursor, limit=size)


def statuses_of(query: dict[str, str]) -> tuple[str, ...]:
    """The statuses that a filter names: one of its own, or those of a group."""
    if status := query.get("status"):
        return (status,)
    _, statuses = GROUPS.get(query.get("group", ""), ("", ()))
    return tuple(str(status) for status in statuses)


def _columns(zone: str) -> list[Column[ClaimLine]]:
    return [
        Column("Claim", lambda line: a(line.reference, href=f"/claims/{line.id}"), "tight"),
        Column("Status", lambda line: claim_chip(line.status, line.status_label, line.tone), "tight"),
        Column("Patient", lambda line: line.patient_name, "clip"),
        Column("Payer", lambda line: line.payer_name, "clip"),
        Column("Client", lambda line: line.client_name, "clip optional-column"),
        Column("Service", lambda line: day(line.service_from), "right"),
        Column("Charge", lambda line: amount(line.charge_cents), "right"),
        Column("Paid", lambda line: amount(line.paid_cents, quiet_zero=True), "right"),
        Column("Balance", lambda line: amount(line.balance_cents, quiet_zero=True), "right"),
        Column("With", lambda line: line.owner_name or span("–", cls="faint"), "tight roomy-column"),
        Column("Changed", lambda line: ago(line.updated_at, zone), "right tight optional-column"),
    ]


def _result_title(outcomes: list[RowOutcome]) -> str:
    done = sum(outcome.done for outcome in outcomes)
    return f"{done} of {len(outcomes)} released"


def _results(outcomes: list[RowOutcome], names: dict[UUID, str]) -> Markup:
    columns = [
        Column[RowOutcome](
            "Claim", lambda one: a(names.get(one.id, "Claim"), href=f"/claims/{one.id}"), "tight"
        ),
        Column[RowOutcome](
            "Outcome",
            lambda one: chip("Released", "ok") if one.done else chip("Left as it was", "warn"),
            "tight",
        ),
        Column[RowOutcome]("Why", lambda one: one.reason),
    ]
    words = p("Released claims travel with the next batch of their payer's connection.", cls="explanation")
    return div(words, table.rows(columns, outcomes, label="Outcomes"))
