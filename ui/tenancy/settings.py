"""Settings: where administrators go, API tokens, the audit trail, and the checklist of the first days."""

from domain.paging import Page as Rows
from policies.permissions import WORDS, Permission
from services.tenancy import audit_trail, checklist, tokens
from services.tenancy.audit_trail import AuditEntry
from services.tenancy.checklist import ChecklistStep
from services.tenancy.tokens import TokenView
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip, removable
from ui.parts.dialogs import form_window, window
from ui.parts.forms import check, field, summary_of
from ui.parts.icons import icon
from ui.parts.markup import Child, Markup, a, button, div, h3, li, ol, p, small, span, strong
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.parts.times import ago, moment

P = Permission
_CRUMBS = (("Settings", "/settings"),)
_PLACES = (
    (
        "/connections",
        "connection",
        "Connections",
        "Clearinghouses, keys, tests",
        (P.CONNECTIONS_VIEW,),
        False,
    ),
    ("/roles", "shield", "Roles", "What each role may do", (P.TENANT_VIEW,), False),
    ("/tokens", "key", "API tokens", "For programs", (P.TOKENS_MANAGE,), False),
    (
        "/settings/clocks",
        "operations",
        "Clocks",
        "By when work is begun and finished",
        (P.CLOCKS_MANAGE,),
        False,
    ),
    ("/audit", "checklist", "Audit trail", "Who did what, and who read what", (P.AUDIT_VIEW,), False),
    (
        "/checklist",
        "check",
        "Getting started",
        "The way to the first accepted claim",
        (P.CONNECTIONS_MANAGE,),
        False,
    ),
    (
        "/admin/",
        "settings",
        "Master data",
        "Tables in the administration interface",
        (P.CLIENTS_MANAGE,),
        True,
    ),
)


@page("/settings")
class Settings(Page):
    """Where administrators go."""

    title = "Settings"
    nav = "settings"

    def body(self) -> Markup:
        shown = [
            a(icon(name), div(strong(title), small(words)), href=href, data_plain=plain)
            for href, name, title, words, permissions, plain in _PLACES
            if any(self.may(one) for one in permissions)
        ]
        return div(head("Settings"), div(shown, cls="settings-list"))


@page("/tokens")
class Tokens(Page):
    """API tokens."""

    title = "API tokens"
    nav = "settings"
    permission = P.TOKENS_MANAGE

    found: list[TokenView]

    async def load(self) -> None:
        self.found = await tokens.list_tokens(self.actor)

    def body(self) -> Markup:
        new = action("New token", "ask_token", look="filled", key="c")
        if not self.found:
            words = "A token lets a program use the API with some of your own rights. See /api/schema for what it can do."
            return div(head(self.title, crumbs=_CRUMBS), empty("No tokens yet.", words, new))
        columns = [
            Column[TokenView]("Token", lambda one: strong(one.name), "clip"),
            Column[TokenView]("State", lambda one: _token_state(one), "tight"),
            Column[TokenView](
                "May",
                lambda one: span(f"{len(one.permissions)} things", title=", ".join(one.permissions)),
                "tight",
            ),
            Column[TokenView]("Made by", lambda one: one.made_by, "clip optional-column"),
            Column[TokenView]("Last used", lambda one: ago(one.last_used_at, self.zone), "right tight"),
            Column[TokenView]("Ends", lambda one: ago(one.expires_at, self.zone), "right tight"),
            Column[TokenView](
                "",
                lambda one: (
                    None
                    if one.revoked_at
                    else action("Revoke", "revoke", look="tiny quiet", data_id=str(one.id))
                ),
                "right tight",
            ),
        ]
        return div(
            head(self.title, new, crumbs=_CRUMBS),
            table.rows(columns, self.found, key=lambda one: one.id, label="Tokens"),
        )

    async def do_ask_token(self, event: Event) -> None:
        """Ask what the token is for."""
        typed = self.typed if self.errors else {}
        chosen = set(typed.get("permissions", []))
        boxes = [
            check("permissions[]", WORDS[one], str(one) in chosen, value=str(one))
            for one in Permission
            if self.actor.may(one)
        ]
        fields = div(
            field(
                "name", "What it is for", typed.get("name"), errors=self.errors, required=True, autofocus=True
            ),
            field(
                "days",
                "Ends after",
                typed.get("days") or "90",
                errors=self.errors,
                hint="days",
                inputmode="numeric",
            ),
            cls="fields",
        )
        rights = div(h3("It may"), div(boxes, cls="permissions"), style="margin-top: 16px")
        self.dialog = form_window(
            "New API token", "token", "Make the token", summary_of(self.errors), fields, rights, look="large"
        )

    async def do_token(self, event: Event) -> None:
        """Make the token and show its secret once."""
        self.errors = {}
        days = event.text("days")
        made = await tokens.make_token(
            self.actor, event.text("name"), event.many("permissions"), int(days) if days.isdigit() else 0
        )
        copy = button("Copy", type="button", cls="button", data_copy=made.secret)
        words = p("This is shown only now. Whoever has it acts with its rights.", cls="explanation")
        self.dialog = window(
            f"Token “{made.token.name}”", words, div(span(made.secret, cls="mono"), copy, cls="secret")
        )

    async def do_revoke(self, event: Event) -> None:
        """End a token at once."""
        await tokens.revoke_token(self.actor, event.id())
        self.tell("ok", "Revoked.")


@page("/audit")
class Audit(Page):
    """The audit trail."""

    title = "Audit trail"
    nav = "settings"
    permission = P.AUDIT_VIEW

    found: Rows[AuditEntry]

    async def load(self) -> None:
        self.found = await audit_trail.entries(
            self.actor, self.query.get("type", ""), self.query.get("id", ""), self.query.get("after")
        )

    def body(self) -> Markup:
        words = "Every command and every read of patient data, sealed into a chain. Nothing here can be changed or removed."
        one_thing = self.query.get("type") and removable(
            f"{self.query['type']} {self.query.get('id', '')[:8]}", "/audit"
        )
        filters = div(
            filter_chip("Everything", "/audit", on=not self.query.get("type")), one_thing, cls="filters"
        )
        return div(head(self.title, under=span(words), crumbs=_CRUMBS), filters, self._list())

    def _list(self) -> Markup:
        if not self.found.items:
            return empty("Nothing recorded.", "What people and programs do appears here.")
        columns = [
            Column[AuditEntry]("When", lambda one: moment(one.at, self.zone), "tight"),
            Column[AuditEntry]("Who", lambda one: one.actor_name or one.actor_kind, "clip"),
            Column[AuditEntry]("What", lambda one: span(one.action, cls="mono"), "clip wide"),
            Column[AuditEntry]("On", self._subject, "tight"),
            Column[AuditEntry]("", lambda one: _marks(one), "tight"),
        ]
        return div(
            table.rows(columns, self.found.items, key=lambda one: one.seq, label="Audit trail"),
            table.pager("/audit", self.query, self.found.next, len(self.found.items)),
        )

    def _subject(self, one: AuditEntry) -> Child:
        if not one.subject_id:
            return one.subject_type or span("–", cls="faint")
        href = address("/audit", {}, type=one.subject_type, id=one.subject_id)
        return a(f"{one.subject_type} {one.subject_id[-6:]}", href=href, title=one.subject_id)


@page("/checklist")
class Checklist(Page):
    """The way to the first accepted claim."""

    title = "Getting started"
    nav = "checklist"
    permission = P.TENANT_VIEW
    wide = False
    watches = frozenset({"claims", "edi_files"})

    steps: list[ChecklistStep]

    async def load(self) -> None:
        self.steps = await checklist.checklist(self.actor)

    def body(self) -> Markup:
        done = sum(step.done for step in self.steps)
        following = next((step for step in self.steps if not step.done), None)
        go = link(following.title, following.link, look="filled", key="c") if following else None
        ready = not following and notice(
            "ok", "Everything stands.", "Claims travel and come back by themselves now."
        )
        lines = [_step(number, step, step is following) for number, step in enumerate(self.steps, 1)]
        under = span(f"{done} of {len(self.steps)} done. Each step ticks itself.")
        # A company has one: the process that made it what it is.
        process = (
            link("Process", "/operations/processes?kind=onboarding", look="quiet")
            if self.may(P.WORK_VIEW)
            else None
        )
        return div(head(self.title, process, go, under=under), ready, div(ol(lines, cls="steps"), cls="card"))


def _step(number: int, step: ChecklistStep, now: bool) -> Markup:
    tick = span("✓" if step.done else str(number), cls="tick")
    words = div(a(strong(step.title), href=step.link), p(step.hint), cls="words")
    state = chip("Done", "ok") if step.done else chip("Next", "info") if now else None
    return li(tick, words, state, cls="done" if step.done else "now" if now else None)


def _token_state(one: TokenView) -> Markup:
    return chip("Revoked", "neutral") if one.revoked_at else chip("Active", "ok")


def _marks(one: AuditEntry) -> Markup:
    refused = one.outcome == "refused" and chip(one.code or "Refused", "bad")
    phi = one.phi and chip("PHI", "info", "Patient data was read or changed")
    sealed = one.sealed and chip("Sealed", "ok", "In the chain")
    return span(refused, " ", phi, " ", sealed)
