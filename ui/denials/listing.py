"""The denials by deadline, and the appeals: filters in the address, pages by key, export of what is filtered."""

from datetime import date

from domain.denials.appeal import LABELS, Stage
from domain.denials.classes import CLASSES, DenialClass
from domain.denials.status import WORDS, DenialStatus
from domain.paging import Page as Rows
from domain.refusals import NotAllowed
from policies.permissions import Permission as P
from services.clientele import payers
from services.denials import appeals, worklist
from services.denials.views import AppealLine, DenialLine
from ui.page import Event, Page, optional_identifier, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head, tabs
from ui.parts.chips import chip, filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, option, select, small, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago, day

_PLACES = (
    ("Denials", "/denials"),
    ("Appeals", "/appeals"),
    ("Outcomes", "/appeal-outcomes"),
    ("Playbooks", "/playbooks"),
    ("Codes", "/denial-codes"),
    ("Levels", "/appeal-levels"),
)
CLASS_CHOICES = [(klass.value, CLASSES[klass].label) for klass in DenialClass]
STATUS_CHIPS = (
    DenialStatus.OPEN,
    DenialStatus.APPEALED,
    DenialStatus.CORRECTED,
    DenialStatus.RECOVERED,
    DenialStatus.WRITTEN_OFF,
)
_STAGES = (
    Stage.DRAFTED,
    Stage.AWAITING_APPROVAL,
    Stage.SENT,
    Stage.ACKNOWLEDGED,
    Stage.LOST_LEVEL,
    Stage.CLOSED,
)


def denial_tabs(here: str) -> Markup:
    """Everything about denials."""
    return tabs(*((words, href, href == here, None) for words, href in _PLACES))


def status_of(query: dict[str, str]) -> str:
    """The status that a list is filtered by: open work unless the address says otherwise."""
    asked = query.get("status", DenialStatus.OPEN.value)
    return asked if asked in {one.value for one in DenialStatus} else ""


def class_of(query: dict[str, str]) -> str:
    """The class that a list is filtered by; empty for one that does not exist."""
    asked = query.get("class", "")
    return asked if asked in {klass.value for klass in DenialClass} else ""


def stage_of(query: dict[str, str]) -> str:
    """The stage that the appeals are filtered by."""
    asked = query.get("stage", "")
    return asked if asked in {stage.value for stage in Stage} else ""


class _Listing(Page):
    """What both lists have: a class and a payer to choose, and the export."""

    nav = "denials"
    permission = P.CLAIMS_VIEW
    payers: list[tuple[str, str]] = []

    async def load_payers(self) -> None:
        """The payers to choose from, for those who may see them."""
        if self.payers or not self.may(P.CLIENTS_VIEW):
            return
        try:
            found = await payers.list_payers(self.actor, limit=200)
        except NotAllowed:
            return  # the list works without this filter
        self.payers = [(str(one.id), one.name) for one in found.items]

    def selects(self) -> Child:
        """The class and the payer."""
        known = (("class", "Any class", CLASS_CHOICES), ("payer", "Any payer", self.payers))
        return [
            select(
                option(prompt, value="", selected=not self.query.get(name)),
                [option(words, value=key, selected=self.query.get(name) == key) for key, words in options],
                name=name,
                data_change="choose",
                aria_label=prompt,
            )
            for name, prompt, options in known
            if options
        ]

    def export(self) -> Markup:
        """The same rows as a file."""
        return export_menu(self.path.removeprefix("/"), self.query)

    async def do_choose(self, event: Event) -> None:
        """Choose a class or a payer."""
        name = event.args.get("name", "")
        if name in ("class", "payer"):
            self.go(address(self.path, self.query, **{name: event.value}))


@page("/denials")
class Denials(_Listing):
    """What payers refused, the nearest deadline first."""

    title = "Denials"
    watches = frozenset({"denials", "claims"})

    found: Rows[DenialLine]

    async def load(self) -> None:
        self.found = await worklist.list_denials(
            self.actor,
            status=status_of(self.query),
            class_code=class_of(self.query),
            payer_id=optional_identifier(self.query.get("payer", "")),
            cursor=self.query.get("after"),
        )
        await self.load_payers()

    def body(self) -> Markup:
        return div(head("Denials", self.export()), denial_tabs("/denials"), self._filters(), self._list())

    def _filters(self) -> Markup:
        status = status_of(self.query)
        chips = [
            filter_chip(
                WORDS[one][0], address(self.path, self.query, status=one.value), on=status == one.value
            )
            for one in STATUS_CHIPS
        ]
        chips.append(filter_chip("All", address(self.path, self.query, status="all"), on=not status))
        return div(chips, span(cls="gap"), self.selects(), cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            if class_of(self.query) or self.query.get("payer") or self.query.get("status"):
                return empty(
                    "No denial matches.", "Take a filter off to see more.", link("Open denials", "/denials")
                )
            return empty(
                "Nothing is denied.",
                "What a payer refuses appears here with its class, its deadline and what to do about it.",
            )
        return div(
            table.rows(
                _columns(),
                self.found.items,
                href=lambda one: f"/claims/{one.claim_id}",
                key=lambda one: one.id,
                label="Denials",
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )


def _columns() -> list[Column[DenialLine]]:
    return [
        Column("Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"),
        Column("Status", lambda one: chip(one.status_label, one.tone), "tight"),
        Column("Class", _class, "clip wide"),
        Column("Codes", lambda one: span(", ".join(one.codes) or "–", cls="mono"), "clip optional-column"),
        Column("Payer", lambda one: one.payer_name, "clip"),
        Column("To do", lambda one: one.route_label, "clip optional-column"),
        Column("At stake", lambda one: amount(one.amount_cents), "right"),
        Column("Denied on", lambda one: day(one.decided_on), "right optional-column"),
        Column("Deadline", lambda one: _deadline(one), "right tight"),
    ]


def _class(one: DenialLine) -> Markup:
    mark = small(" preventable", cls="faint") if one.preventable else None
    return span(one.class_label, mark)


def _deadline(one: DenialLine) -> Child:
    """The day, and in words whether it is near or gone: colour never stands alone."""
    if one.status != DenialStatus.OPEN.value:
        return day(one.deadline)
    left = (one.deadline - date.today()).days  # noqa: DTZ011 - a hint in days; the exact day stands beside it
    if left < 0:
        return span(day(one.deadline), " ", chip("passed", "bad"))
    return span(day(one.deadline), " ", chip(f"{left} d", "warn")) if left <= 30 else day(one.deadline)


@page("/appeals")
class Appeals(_Listing):
    """The appeals, the newest first."""

    title = "Appeals"
    watches = frozenset({"appeals"})

    found: Rows[AppealLine]

    async def load(self) -> None:
        self.found = await appeals.list_appeals(
            self.actor,
            stage=stage_of(self.query),
            class_code=class_of(self.query),
            payer_id=optional_identifier(self.query.get("payer", "")),
            open_only=not self.query.get("stage"),
            cursor=self.query.get("after"),
        )
        await self.load_payers()

    def body(self) -> Markup:
        return div(head("Appeals", self.export()), denial_tabs("/appeals"), self._filters(), self._list())

    def _filters(self) -> Markup:
        asked = self.query.get("stage", "")
        chips = [filter_chip("Open", address(self.path, self.query, stage=""), on=not asked)]
        chips += [
            filter_chip(LABELS[one], address(self.path, self.query, stage=one.value), on=asked == one.value)
            for one in _STAGES
        ]
        chips.append(filter_chip("All", address(self.path, self.query, stage="all"), on=asked == "all"))
        return div(chips, span(cls="gap"), self.selects(), cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "No appeal here.",
                "Appeals are opened from a denied claim. Each has its letter, its levels and its clocks.",
                link("See the denials", "/denials"),
            )
        return div(
            table.rows(
                [
                    Column[AppealLine](
                        "Claim", lambda one: a(one.reference, href=f"/appeals/{one.id}"), "tight"
                    ),
                    Column[AppealLine]("Stage", _stage, "tight"),
                    Column[AppealLine]("Level", lambda one: f"{one.level} {one.level_label}", "clip"),
                    Column[AppealLine]("Class", lambda one: one.class_label, "clip optional-column"),
                    Column[AppealLine]("Payer", lambda one: one.payer_name, "clip wide"),
                    Column[AppealLine]("In dispute", lambda one: amount(one.amount_cents), "right"),
                    Column[AppealLine](
                        "Recovered", lambda one: amount(one.recovered_cents, quiet_zero=True), "right"
                    ),
                    Column[AppealLine]("Due", lambda one: day(one.due), "right tight"),
                    Column[AppealLine](
                        "Opened", lambda one: ago(one.opened_at, self.zone), "right tight optional-column"
                    ),
                ],
                self.found.items,
                href=lambda one: f"/appeals/{one.id}",
                key=lambda one: one.id,
                label="Appeals",
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )


def _stage(one: AppealLine) -> Markup:
    if one.stage == Stage.CLOSED.value and one.outcome:
        return chip(one.outcome_label, one.outcome_tone)
    return chip(one.stage_label, one.tone)
