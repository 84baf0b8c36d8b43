"""The overview: where the claims stand, what waits for people, what came in."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.edi import files
from services.edi.views import FileLine
from services.insight import overview as insight
from services.insight.overview import GROUPS, NavigationCounts, Overview, StatusFigure
from services.remittances import posted
from services.remittances.views import RemittanceLine
from services.tenancy import checklist
from services.tenancy.checklist import ChecklistStep
from ui.page import Page, page
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, div, i_, p, small, span, strong
from ui.parts.money import dollars
from ui.parts.states import Loaded, notice, shown
from ui.parts.table import Column, rows
from ui.parts.times import ago, day
from ui.start import OVERVIEW, start_of


@page("/")
class Home(Page):
    """The first page of everybody."""

    title = "Overview"
    nav = "overview"
    watches = frozenset({"claims", "work_items", "remittances", "edi_files"})

    overview: Loaded[Overview]
    counts: NavigationCounts
    payments: Loaded[Rows[RemittanceLine]] | None = None
    files: Loaded[Rows[FileLine]] | None = None
    steps: list[ChecklistStep] = []

    def onward(self) -> str:
        start = start_of(self.actor)
        return "" if start == OVERVIEW or self.query.get("show") == "overview" else start

    async def load(self) -> None:
        self.counts = await insight.navigation(self.actor)
        self.overview = await self.read(insight.overview)
        self.payments = (
            await self.read(posted.list_remittances, limit=6) if self.may(P.REMITTANCES_VIEW) else None
        )
        self.files = await self.read(files.list_files, limit=6) if self.may(P.EDI_VIEW) else None
        if self.may(P.CONNECTIONS_MANAGE):
            found = await self.read(checklist.checklist)
            self.steps = found.value or []

    def body(self) -> Markup:
        new = link("New claim", "/claims/new", look="filled", key="c") if self.may(P.CLAIMS_CREATE) else None
        return div(
            head("Overview", new),
            self._start(),
            self._work(),
            div(
                div(card("Where the claims stand", shown(self.overview, self._standing))),
                div(self._payments(), self._files()),
                cls="columns",
            ),
        )

    def _start(self) -> Child:
        """Administrators of a young tenant see the way to the first accepted claim."""
        missing = [step for step in self.steps if not step.done]
        if not missing:
            return None
        words = f"{len(self.steps) - len(missing)} of {len(self.steps)} done. Next: {missing[0].title}."
        return notice("info", "Getting started", words, link("Go on", "/checklist"))

    def _work(self) -> Markup:
        tiles = []
        if self.may(P.WORK_VIEW):
            tiles += [
                _tile(
                    "In your hands", str(self.counts.mine), f"{self.counts.overdue} overdue", "/work?tab=mine"
                ),
                _tile("Free to take", str(self.counts.available), "in the queue", "/work"),
            ]
        if self.counts.in_care and self.may(P.CARE_VIEW):
            tiles.append(_tile("In care", self._in_care(), "patients in programmes", "/care"))
        found = self.overview.value
        if found is not None:
            tiles += [
                _tile(
                    "Open balance",
                    dollars(_open(found)),
                    "not yet paid or adjusted",
                    "/claims?group=on_the_way",
                ),
                _tile(
                    "Payments, 30 days",
                    dollars(found.paid_30_days),
                    f"{found.payments_30_days} remittances",
                    "/remittances",
                ),
                _tile(
                    "New claims, 30 days",
                    f"{found.claims_30_days:,}",
                    f"{dollars(found.charged_30_days)} charged",
                    "/claims",
                ),
            ]
        return div(tiles, cls="tiles")

    def _in_care(self) -> str:
        count, most = self.counts.in_care, self.counts.most
        return f"{most}+" if count > most else str(count)

    def _standing(self, found: Overview) -> Markup:
        if not found.statuses:
            return p("No claims to show yet. They appear here by status as they are captured.", cls="muted")
        most = max(one.claims for one in found.statuses)
        return div([_group(key, found, most) for key in ("to_do", "on_the_way", "paid", "closed")])

    def _payments(self) -> Child:
        if self.payments is None:
            return None
        return card(
            "Latest payments",
            shown(self.payments, self._payment_table),
            action=link("All", "/remittances", look="tiny quiet"),
            look="flush",
        )

    def _payment_table(self, found: Rows[RemittanceLine]) -> Markup:
        if not found.items:
            return p("Payments appear here as they are posted.", cls="faint card-body")
        columns = [
            Column[RemittanceLine](
                "Payer", lambda one: a(one.payer_name, href=f"/remittances/{one.id}"), "clip wide"
            ),
            Column[RemittanceLine]("On", lambda one: day(one.payment_date), "right tight"),
            Column[RemittanceLine]("Payment", lambda one: dollars(one.payment_cents), "right tight"),
        ]
        if any(one.status != "posted" for one in found.items):
            columns.insert(
                1,
                Column("", lambda one: one.status != "posted" and chip(one.status_label, one.tone), "tight"),
            )
        return rows(columns, found.items, href=lambda one: f"/remittances/{one.id}", key=lambda one: one.id)

    def _files(self) -> Child:
        if self.files is None:
            return None
        return card(
            "Latest files",
            shown(self.files, self._file_table),
            action=link("All", "/files", look="tiny quiet"),
            look="flush",
        )

    def _file_table(self, found: Rows[FileLine]) -> Markup:
        if not found.items:
            return p("Files appear here as they travel.", cls="faint card-body")
        columns = [
            Column[FileLine](
                "File",
                lambda one: a(
                    f"{'↑' if one.direction == 'out' else '↓'} {one.kind}", href=f"/files/{one.id}"
                ),
                "tight",
            ),
            Column[FileLine]("Status", lambda one: chip(one.status_label, one.tone), "clip wide"),
            Column[FileLine]("When", lambda one: ago(one.created_at, self.zone), "right tight"),
        ]
        return rows(columns, found.items, href=lambda one: f"/files/{one.id}", key=lambda one: one.id)


def _tile(title: str, value: str, under: str, href: str) -> Markup:
    return a(small(title), span(value, cls="value"), small(under), href=href, cls="tile")


def _group(key: str, found: Overview, most: int) -> Child:
    words, statuses = GROUPS[key]
    mine = [one for one in found.statuses if one.status in statuses]
    if not mine:
        return None
    count = sum(one.claims for one in mine)
    title = div(
        a(strong(words), href=f"/claims?group={key}"),
        span("1 claim" if count == 1 else f"{count:,} claims", cls="faint"),
        cls="row",
        style="justify-content: space-between; margin: 4px 0 6px",
    )
    return div(title, div([_bar(one, most) for one in mine], cls="bars"), style="margin-bottom: 16px")


def _bar(one: StatusFigure, most: int) -> list[Markup]:
    width = max(1, round(100 * one.claims / most))
    return [
        a(one.label, href=f"/claims?status={one.status}"),
        span(i_(cls=one.tone, style=f"width: {width}%"), cls="bar", aria_hidden="true"),
        span(f"{one.claims:,}", cls="figure", style="text-align: right"),
        span(dollars(one.balance_cents), cls="figure faint", style="text-align: right", title="open balance"),
    ]


def _open(found: Overview) -> int:
    return sum(one.balance_cents for one in found.statuses)
