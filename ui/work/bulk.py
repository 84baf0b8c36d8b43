"""One act on the rows selected, or on everything that the filter shows."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.refusals import FieldError, Invalid
from domain.work import KINDS, Decision, Kind
from domain.work_runs import Act, Order, RowOutcome
from domain.work_views import WorkFilter
from policies.permissions import Permission as P
from services.work import bulk
from services.work import queue as service
from services.work.bulk import RunView
from services.work.views import WorkLine
from ui.page import Event, Page, identifier, optional_identifier
from ui.parts.buttons import action, entry, menu
from ui.parts.dialogs import form_window, window
from ui.parts.exporting import export_menu
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import EMPTY, Child, Markup, a, div, li, p, small, span, ul
from ui.parts.progress import bar, time_left
from ui.parts.states import notice
from ui.parts.table import address
from ui.work.kinds import PRIORITIES

WORDS: dict[Act, tuple[str, str]] = {
    Act.TAKE: ("Take", "T"),
    Act.ASSIGN: ("Assign", "A"),
    Act.SNOOZE: ("Put off", "S"),
    Act.PRIORITISE: ("Priority", "P"),
    Act.GIVE_BACK: ("Return", "R"),
    Act.COMPLETE: ("Finish", "C"),
}
_DOING = {
    Act.TAKE: "Taking",
    Act.ASSIGN: "Assigning",
    Act.SNOOZE: "Putting off",
    Act.PRIORITISE: "Setting the priority of",
    Act.GIVE_BACK: "Returning",
    Act.COMPLETE: "Finishing",
}
MOST_LENT = 50
"""Single items that fit into an address."""
_LEADS = frozenset({Act.ASSIGN, Act.PRIORITISE})


class BulkActions(Page):
    """The acts on many rows; mixed into the queue."""

    lines_shown: list[WorkLine]
    runs: list[RunView]

    @property
    def asked(self) -> WorkFilter:
        """What the queue shows."""
        raise NotImplementedError

    async def load_runs(self) -> None:
        """The person's runs that are under way, or ended with something to look at in the last minutes."""
        recent = await bulk.list_runs(self.actor) if self.may(P.WORK_TAKE) else []
        now = datetime.now(UTC)
        self.runs = [
            one for one in recent if one.finished_at is None or (now - one.finished_at).total_seconds() < 600
        ]

    async def do_bulk(self, event: Event) -> None:
        """Do it where nothing more is asked; else ask what it needs."""
        act = _act(event)
        if act is Act.TAKE:
            await self._carry_out(event, Order(act))
            return
        self.errors = {}
        await self._ask(event, act)

    async def do_bulk_now(self, event: Event) -> None:
        """Do it with what was filled in; a fault opens the same dialog with the words at its field."""
        act = _act(event)
        order = Order(
            act,
            optional_identifier(event.text("user_id")),
            _moment(event.text("until"), self.zone),
            int(event.text("priority") or 0) if event.text("priority").isascii() else 0,
            event.text("decision"),
            event.text("comment"),
        )
        try:
            await self._carry_out(event, order)
        except Invalid as refusal:
            self.wrong(refusal)
            await self._ask(event, act)

    async def do_lend(self, event: Event) -> None:
        """Choose somebody of the float pool for the items selected."""
        chosen = _chosen(event)
        if len(chosen) > MOST_LENT:
            words = "Choose fewer, or assign a client or kinds of work under Float pool."
            self.tell("warn", f"At most {MOST_LENT} single items are lent at once.", words)
            return
        self.go(address("/team/float/new", {}, items=",".join(str(one) for one in chosen)))

    async def do_cancel_run(self, event: Event) -> None:
        """End a run; what was done stays done."""
        run = await bulk.cancel_run(self.actor, event.id())
        left = run.total - run.done - run.refused
        self.tell(
            "ok", "Stopped.", f"{_items(left)} {'was' if left == 1 else 'were'} not touched.".capitalize()
        )

    async def do_run_refused(self, event: Event) -> None:
        """Show which rows of a run were refused, and why."""
        rows = await bulk.refused_rows(self.actor, event.id())
        self.dialog = window("Refused", _refusals(rows.items, self.query))

    async def _carry_out(self, event: Event, order: Order) -> None:
        if event.args.get("all") == "true":
            answer = await bulk.act_on_filter(self.actor, self.asked, order)
            outcomes, run = answer.outcomes, answer.run
        else:
            outcomes, run = await bulk.act_on(self.actor, _chosen(event), order), None
        self.errors, self.dialog = {}, EMPTY
        if run is not None:
            self.tell("ok", f"{_DOING[order.act]} {run.total:,} items.", "You can leave this page meanwhile.")
            return
        refused = [one for one in outcomes if one.code]
        done = len(outcomes) - len(refused)
        self.tell("ok" if not refused else "warn", f"{done:,} of {len(outcomes):,} done.")
        if refused:
            self.dialog = window(f"{done:,} done, {len(refused):,} refused", _refusals(refused, self.query))

    async def _ask(self, event: Event, act: Act) -> None:
        everything = event.args.get("all") == "true"
        ids = [] if everything else _chosen(event)
        lines = [line for line in self.lines_shown if everything or line.id in ids]
        if not lines:
            self.tell("info", "Nothing is selected.", "Tick some rows first.")
            return
        count = "everything that matches" if everything else _items(len(ids))
        arguments = {"act": str(act), "all": "true" if everything else ""}
        words = WORDS[act][0]
        body = div(*await self._needs(act, lines, everything), cls="fields")
        self.dialog = form_window(f"{words}: {count}", "bulk_now", words, body, **arguments)

    async def _needs(self, act: Act, lines: list[WorkLine], everything: bool) -> list[Markup]:
        wrong = self.errors
        if act is Act.ASSIGN:
            people = await service.people_for(self.actor, lines[0].id)
            known = [(str(one.user_id), f"{one.name} ({one.open_items} open)") for one in people]
            return [choice("user_id", "Person", known, prompt="Choose", errors=wrong, required=True)]
        if act is Act.SNOOZE:
            hint = f"Your time, {self.zone}"
            return [
                field("until", "Comes back on", kind="datetime-local", required=True, errors=wrong, hint=hint)
            ]
        if act is Act.PRIORITISE:
            known = [(str(value), f"{value}: {words}") for value, words in PRIORITIES.items()]
            return [choice("priority", "Priority", known, "3", errors=wrong, required=True)]
        comment = long_text("comment", "Comment", errors=wrong, required=act is Act.GIVE_BACK)
        if act is Act.GIVE_BACK:
            return [comment]
        kinds = set(self.asked.kinds if everything and self.asked.kinds else (line.kind for line in lines))
        common = _common(kinds)
        if not common:
            return [p("These kinds of work end in different ways. Choose one kind first.", cls="explanation")]
        known = [(one.code, f"{one.label}: {one.hint}") for one in common]
        return [
            choice("decision", "How they end", known, prompt="Choose", errors=wrong, required=True),
            comment,
        ]

    def bulk_bar(self) -> Child:
        """The bar under the list while something is selected."""
        if not self.may(P.WORK_TAKE):
            return None
        buttons = [
            action(words, "bulk", key=key, data_act=str(act), data_key_words=f"{words}: what is selected")
            for act, (words, key) in self._acts()
        ]
        if self.may(P.FLOAT_MANAGE):
            buttons.append(action("Lend", "lend", key="L"))
        return div(span("", data_bulk_count=True), *buttons, cls="bulk", data_bulk=True, hidden=True)

    def bulk_menu(self) -> Child:
        """The same acts on everything that the filter shows."""
        if not self.may(P.WORK_TAKE) or not self.lines_shown:
            return None
        entries = [
            entry(words, "bulk", data_act=str(act), data_all="true") for act, (words, _) in self._acts()
        ]
        return menu("All that match", *entries, label="Act on everything that matches", look="button tiny")

    def run_notes(self) -> list[Markup]:
        """How the person's runs stand."""
        return [_run(one) for one in self.runs]

    def _acts(self) -> list[tuple[Act, tuple[str, str]]]:
        leads = self.may(P.WORK_ASSIGN)
        return [(act, words) for act, words in WORDS.items() if leads or act not in _LEADS]


def _run(run: RunView) -> Markup:
    worked = run.done + run.refused
    refused = run.refused and action(
        f"{run.refused:,} refused", "run_refused", look="quiet", data_id=str(run.id)
    )
    doing = _DOING[Act(run.act)]
    if run.status == "running":
        told = span(
            bar(worked, run.total), f" {worked:,} of {run.total:,}{_left(run)}. It goes on without you."
        )
        stop = action("Stop", "cancel_run", look="quiet", data_id=str(run.id))
        return notice("info", f"{doing} {run.total:,} items.", told, (refused, stop))
    rows = export_menu("bulk-run", run=str(run.id))
    if run.status != "done":
        why = "Rights changed meanwhile, so it stopped." if run.status == "stopped" else "It was stopped."
        left = f"{run.total - worked:,} of {run.total:,} items were not touched."
        return notice("warn", why, left, (refused, rows))
    return notice(
        "ok" if not run.refused else "warn", f"{run.done:,} of {run.total:,} items done.", "", (refused, rows)
    )


def _left(run: RunView) -> str:
    """How long it will still take, once some of it is done."""
    worked = run.done + run.refused
    spent = (datetime.now(UTC) - run.started_at).total_seconds()
    if not worked or spent < 2:
        return ""
    return f", {time_left(spent / worked * (run.total - worked))}"


def _refusals(rows: list[RowOutcome], query: dict[str, str]) -> Markup:
    return ul(
        [
            li(
                a(one.title or "No longer here", href=address("/work", query, item=str(one.item_id))),
                " ",
                small(one.message),
            )
            for one in rows
        ],
        cls="plain",
    )


def _act(event: Event) -> Act:
    text = event.args.get("act", "")
    if text not in set(Act):
        raise Invalid("bulk.unknown", "There is no such act.", f"Choose one of: {', '.join(Act)}.")
    return Act(text)


def _chosen(event: Event) -> list[UUID]:
    return [identifier(one) for one in event.selected]


def _common(kinds: set[str]) -> list[Decision]:
    """The decisions that every one of these kinds can end with."""
    sets = [KINDS[Kind(kind)].decisions for kind in kinds]
    return [one for one in sets[0] if all(any(one.code == other.code for other in rest) for rest in sets[1:])]


def _moment(text: str, zone: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        fault = FieldError("until", "until.invalid", "Enter a day and a time.")
        raise Invalid("until.invalid", "This is no moment.", fault.message, fields=(fault,)) from None


def _items(count: int) -> str:
    return "one item" if count == 1 else f"{count:,} items"
