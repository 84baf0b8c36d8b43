"""The frame around every page: navigation by job with counts, the tenant and its switcher, search, the person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.refusals import Refusal
from domain.tenancy import Actor
from policies.permissions import Permission as P
from services.insight.overview import NavigationCounts, navigation
from services.tenancy.sign_in import TenantChoice, my_tenants
from services.work.notifications import Bell, bell
from ui.bell import bell_menu, news
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
    li,
    nav,
    small,
    span,
    strong,
    ul,
)
from ui.parts.states import skeleton
from ui.start import OVERVIEW, overview_of

if TYPE_CHECKING:
    from ui.screen import Screen


@dataclass(frozen=True, slots=True)
class Job:
    """One entry of the navigation: shown to those who hold any of its permissions."""

    key: str
    words: str
    href: str
    icon: str
    permissions: tuple[P, ...]
    count: Callable[[NavigationCounts], int] | None = None
    count_words: str = ""
    # Left out while there is nothing in it: a billing company's people need no entry for care.
    wanted: Callable[[NavigationCounts], bool] | None = None
    # Where those go who may not open `href`, by what they may.
    otherwise: tuple[tuple[P, str], ...] = ()
    # Without this right too there is nothing to see behind the entry.
    beside: P | None = None

    def place(self, actor: Actor) -> str:
        """Where the entry leads for this person."""
        if not self.permissions or actor.may(self.permissions[0]):
            return self.href
        return next((href for permission, href in self.otherwise if actor.may(permission)), self.href)


JOBS = (
    Job("overview", "Overview", OVERVIEW, "overview", ()),
    Job("work", "My work", "/work", "work", (P.WORK_VIEW,), lambda c: c.mine, "items in your hands"),
    Job(
        "operations",
        "Operations",
        "/operations",
        "operations",
        (P.WORK_ASSIGN,),
    ),
    Job("claims", "Claims", "/claims", "claims", (P.CLAIMS_VIEW,), lambda c: c.held, "claims held"),
    Job(
        "remittances",
        "Remittances",
        "/remittances",
        "remittances",
        (P.REMITTANCES_VIEW,),
        lambda c: c.quarantined,
        "in quarantine",
    ),
    Job("deposits", "Deposits", "/deposits", "deposits", (P.DEPOSITS_VIEW,)),
    Job("balances", "Patient balances", "/balances", "balances", (P.BALANCES_VIEW,)),
    Job("denials", "Denials", "/denials", "denials", (P.CLAIMS_VIEW,)),
    Job("files", "Files", "/files", "files", (P.EDI_VIEW,), lambda c: c.rejected_files, "rejected files"),
    Job("submissions", "Submissions", "/submissions", "submissions", (P.CLAIMS_VIEW,)),
    Job("patients", "Patients", "/patients", "patients", (P.PATIENTS_VIEW,)),
    Job(
        "care",
        "Care",
        "/care",
        "care",
        (P.CARE_VIEW, P.CARE_BILLING, P.INVOICES_VIEW),
        wanted=lambda c: c.in_care > 0 or c.kind == "care",
        otherwise=((P.CARE_BILLING, "/care/months"), (P.INVOICES_VIEW, "/care/invoices")),
    ),
    Job("clients", "Clients & payers", "/clients", "clients", (P.CLIENTS_VIEW,)),
    Job("insight", "Insight", "/insight/payers", "insight", (P.REPORTS_VIEW_ALL,), beside=P.CLAIMS_VIEW),
    Job("enrolments", "Enrolments", "/enrolments", "enrolments", (P.ENROLMENTS_VIEW,)),
    Job("quality", "Quality", "/quality", "quality", (P.CLAIMS_VIEW,)),
    Job(
        "team",
        "Team",
        "/team",
        "team",
        (P.WORKFORCE_VIEW, P.USERS_MANAGE),
        otherwise=((P.USERS_MANAGE, "/people"),),
    ),
    Job("rules", "Rules", "/rules", "rules", (P.RULES_VIEW,)),
    Job(
        "settings",
        "Settings",
        "/settings",
        "settings",
        (P.CONNECTIONS_VIEW, P.ROLES_MANAGE, P.TOKENS_MANAGE, P.AUDIT_VIEW),
    ),
)


# What a company that coordinates care does first; the other jobs follow in their usual order.
_CARE_FIRST = ("overview", "work", "care", "patients", "clients", "team", "operations")


def jobs_of(kind: str) -> tuple[Job, ...]:
    """The navigation of a kind of company."""
    if kind != "care":
        return JOBS
    first = sorted(
        (job for job in JOBS if job.key in _CARE_FIRST), key=lambda job: _CARE_FIRST.index(job.key)
    )
    return (*first, *(job for job in JOBS if job.key not in _CARE_FIRST))


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
        known = jobs_of(self.counts.kind if self.counts else "billing")
        jobs = [self._job(job, here) for job in known if self._open_to(self.actor, job)]
        return join(
            a("Skip to the content", href="#main", cls="skip", data_skip_to="main"),
            header(self._tenant(), self._search(), self._right(), cls="top"),
            nav(ul(jobs), self._checklist(), cls="side", aria_label="Main"),
            div(cls="progress", aria_hidden="true"),
            div(skeleton(10), cls="loading", aria_hidden="true"),
        )

    def _open_to(self, actor: Actor, job: Job) -> bool:
        if job.wanted and self.counts and actor.may(P.CLAIMS_VIEW) and not job.wanted(self.counts):
            return False
        if job.href == OVERVIEW and not overview_of(actor):
            return False
        if job.beside and not actor.may(job.beside):
            return False
        return not job.permissions or any(actor.may(permission) for permission in job.permissions)

    def _job(self, job: Job, here: str) -> Markup:
        count = job.count(self.counts) if job.count and self.counts else 0
        most = self.counts.most if self.counts else 0
        figure = span(
            f"{most}+" if count > most else str(count), cls="count", title=f"{count} {job.count_words}"
        )
        words = (icon(job.icon), span(job.words, cls="words"), count > 0 and figure)
        current = "page" if job.key == here else None
        href = job.place(self.actor) if self.actor else job.href
        if href == OVERVIEW and self.actor:
            href = overview_of(self.actor)
        return li(a(*words, href=href, aria_current=current, title=job.words))

    def _checklist(self) -> Child:
        if self.actor is None or not self.actor.may(P.CONNECTIONS_MANAGE):
            return None
        words = (icon("checklist"), span("Getting started", cls="words"))
        here = self.screen.page.nav if self.screen.page else ""
        link = a(
            *words,
            href="/checklist",
            aria_current="page" if here == "checklist" else None,
            title="Getting started",
        )
        return ul(li(link), cls="low")

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
        under_way = counts.on_the_way + counts.closing  # figures that one may not see are 0
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
