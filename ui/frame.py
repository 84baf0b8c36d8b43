"""The frame around every page: the navigation, the tenant and its switcher, search, what is under way, the person."""

from typing import TYPE_CHECKING

from domain.refusals import Refusal
from domain.tenancy import Actor
from policies.permissions import Permission as P
from services.insight.overview import NavigationCounts, navigation
from services.tenancy.sign_in import TenantChoice, my_tenants
from services.work.notifications import Bell, bell
from ui.bell import bell_menu, news
from ui.jobs import side
from ui.parts.buttons import menu
from ui.parts.icons import icon, mark
from ui.parts.markup import (
    EMPTY,
    Child,
    Markup,
    a,
    button,
    div,
    form,
    header,
    join,
    kbd,
    small,
    span,
    strong,
)
from ui.parts.states import skeleton

if TYPE_CHECKING:
    from ui.screen import Screen


class Frame:
    """What stands around the page. It is loaded with every step, so that counts and rights are never old."""

    watches = frozenset({"work_items", "claims", "remittances", "edi_files", "care_months"})

    def __init__(self, screen: "Screen") -> None:
        self.screen = screen
        self.actor: Actor | None = None
        self.counts: NavigationCounts | None = None
        self.tenants: list[TenantChoice] = []
        self.bell: Bell | None = None

    async def load(self, actor: Actor) -> None:
        """Read the counts, and once the tenants of this person."""
        self.actor = actor
        if not self.tenants:
            self.tenants = await my_tenants(self.screen.visit.token)
        try:
            self.counts = await navigation(actor)
        except Refusal:
            # A role without any of the counted areas sees the menu without figures.
            self.counts = None
        await self._listen(actor)

    async def _listen(self, actor: Actor) -> None:
        """Read the bell; what came since the last look is said in the corner, unless its person wants quiet."""
        self.watches = Frame.watches | {f"notifications/{actor.user_id}"}
        before, self.bell = self.bell, await bell(actor)
        if said := news(before, self.bell):
            self.screen.tell("info", *said)

    def markup(self) -> Markup:
        """Skip link, top bar and navigation."""
        if self.actor is None:
            return EMPTY
        here = self.screen.page.nav if self.screen.page else ""
        return join(
            a("Skip to the content", href="#main", cls="skip", data_skip_to="main"),
            header(self._tenant(), self._search(), self._right(), cls="top"),
            side(self.actor, self.counts, here),
            div(cls="progress", aria_hidden="true"),
            div(skeleton(10), cls="loading", aria_hidden="true"),
        )

    def _tenant(self) -> Markup:
        assert self.actor is not None
        current = next((one for one in self.tenants if one.id == self.actor.tenant_id), None)
        name = current.name if current else self.screen.visit.subdomain
        face = (mark(), span(name, cls="tenant-name"))
        others = [one for one in self.tenants if one.id != self.actor.tenant_id]
        if not others:
            return a(*face, href="/", cls="tenant", title=name)
        entries = [
            form(
                button(
                    strong(one.name),
                    small(one.subdomain),
                    type="submit",
                    cls="menu-item two",
                    role="menuitem",
                ),
                method="post",
                action=f"/switch/{one.subdomain}",
                data_plain=True,
            )
            for one in others
        ]
        return menu((*face, icon("chevron")), *entries, label="Switch tenant", side="left", look="tenant")

    def _search(self) -> Markup:
        return button(
            icon("search"),
            span(self._searched(), cls="words"),
            kbd("Ctrl K"),
            type="button",
            cls="search-face",
            data_do="open_search",
        )

    def _searched(self) -> str:
        assert self.actor is not None
        if self.actor.may(P.CLAIMS_VIEW):
            return "Search claims, patients, payers, files"
        return "Search patients"

    def _right(self) -> Markup:
        assert self.actor is not None
        return div(
            self._jobs(),
            bell_menu(self.bell, self.actor.time_zone),
            self._person(self.actor),
            cls="top-right",
        )

    def _jobs(self) -> Child:
        """What the platform does on its own right now."""
        counts = self.counts
        if counts is None:
            return None
        overdue = counts.overdue > 0 and span(f"{counts.overdue} overdue", cls="chip bad")
        links = (
            self._claims_under_way(counts),
            self._months_under_way(counts),
            self._sheets_under_way(counts),
            a(
                strong(f"{counts.available} items free to take"),
                small("in the work queue"),
                href="/work",
                cls="menu-item two",
                role="menuitem",
            ),
            a(
                strong(f"{counts.overdue} of yours overdue"),
                small("past their due time"),
                href="/work?tab=mine",
                cls="menu-item two",
                role="menuitem",
            ),
        )
        bills = self.actor is not None and self.actor.may(P.CLAIMS_VIEW)
        # Figures that one may not see are 0.
        under_way = counts.on_the_way + counts.closing + self._sheets(counts)
        words = f"{under_way} under way" if bills or under_way else f"{counts.available} free to take"
        face = (icon("jobs"), span(words, cls="words"), overdue)
        return menu(face, *links, label="Under way", look="button quiet jobs")

    def _months_under_way(self, counts: NavigationCounts) -> Child:
        if not counts.closing:
            return None
        words = (
            "A month of care is being closed"
            if counts.closing == 1
            else f"{counts.closing} months being closed"
        )
        return a(
            strong(words),
            small("patients computed and billed"),
            href="/care/months",
            cls="menu-item two",
            role="menuitem",
        )

    def _sheets_under_way(self, counts: NavigationCounts) -> Child:
        if not self._sheets(counts):
            return None
        words = (
            "A sheet is being taken in" if counts.taking == 1 else f"{counts.taking} sheets being taken in"
        )
        return a(
            strong(words),
            small("row by row"),
            href="/care/imports",
            cls="menu-item two",
            role="menuitem",
        )

    def _sheets(self, counts: NavigationCounts) -> int:
        """Sheets being taken in, for who may open their page."""
        return counts.taking if self.actor is not None and self.actor.may(P.CARE_VIEW) else 0

    def _claims_under_way(self, counts: NavigationCounts) -> Child:
        if self.actor is None or not self.actor.may(P.CLAIMS_VIEW):
            return None
        under_way = counts.on_the_way
        words = f"{under_way} claims on their way to a payer" if under_way else "Nothing is under way"
        return a(
            strong(words),
            small("released, batched or waiting for an answer"),
            href="/claims?group=on_the_way",
            cls="menu-item two",
            role="menuitem",
        )

    def _person(self, actor: Actor) -> Markup:
        initials = "".join(part[0] for part in actor.name.split()[:2]).upper() or "?"
        themes = [
            button(
                words,
                type="button",
                data_theme_choice=key,
                aria_pressed=str(self.screen.visit.theme == key).lower(),
            )
            for key, words in (("auto", "System"), ("light", "Light"), ("dark", "Dark"))
        ]
        return menu(
            span(initials, cls="initials"),
            div(strong(actor.name), small(self.screen.visit.subdomain), cls="menu-head"),
            div(small("Look"), div(*themes, cls="segmented"), cls="menu-look"),
            a(span("My time away"), href="/away", cls="menu-item", role="menuitem"),
            a(span("How I am told"), href="/notifications/settings", cls="menu-item", role="menuitem"),
            button(
                span("Keys"), kbd("?"), type="button", cls="menu-item", role="menuitem", data_show_keys=True
            ),
            form(
                button(span("Sign out"), type="submit", cls="menu-item", role="menuitem"),
                method="post",
                action="/sign-out",
                data_plain=True,
            ),
            label=f"{actor.name}: look, keys, sign out",
            look="person",
        )
