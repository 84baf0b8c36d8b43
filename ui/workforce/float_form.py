"""Assigning somebody of the float pool: where and when, whom to ask with the reasons, and what work would come."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.refusals import FieldError, Refusal
from domain.work import KINDS
from domain.work_kinds import people
from domain.workforce.float_recommendation import Ranked
from policies.permissions import Permission as P
from services.clientele import clients
from services.work.views import WorkLine
from services.workforce import float_planning, skills
from services.workforce.float_planning import kind_choices
from services.workforce.float_views import FloatFacts, FloatPreview, RecommendationView
from ui.page import Event, Page, identifier, optional_identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action, link, submit
from ui.parts.cards import card, head
from ui.parts.dates import date_of
from ui.parts.forms import check, choice, field, group, hidden, long_text, summary_of
from ui.parts.markup import Child, Markup, details, div, form, li, p, span, summary, ul
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import due
from ui.work.kinds import kind_chip
from ui.workforce.float_detail import moment_of
from ui.workforce.float_parts import hours, score
from ui.workforce.float_pool import LEVELS, number_of

BEGINS, ENDS = time(9), time(17)


@page("/team/float/new")
class NewFloat(Page):
    """The form of an assignment; the cards beside it follow what is chosen."""

    title = "Assign from the float pool"
    nav = "team"
    permission = P.FLOAT_MANAGE

    clients: list[tuple[str, str]] = []
    skills: list[tuple[str, str]] = []
    found: RecommendationView | None = None
    preview: FloatPreview | None = None
    not_yet: str = ""

    async def load(self) -> None:
        if not self.typed:
            self.typed = self._defaults()
        listed = await clients.list_clients(self.actor, limit=200, active=True)
        self.clients = [(str(one.id), one.name) for one in listed.items]
        if self.may(P.WORKFORCE_VIEW):
            known = await skills.list_skills(self.actor, limit=200, active=True)
            self.skills = [(one.name, one.name) for one in known.items]
        await self._look()

    def _defaults(self) -> dict[str, Any]:
        """From now, or the Monday of the week that was looked at, to the end of its office day or week."""
        zone = ZoneInfo(self.zone)
        now = datetime.now(zone).replace(second=0, microsecond=0)
        monday = date_of(self.query.get("week", ""))
        begins, ends = now, datetime.combine(now.date() + timedelta(days=1), ENDS, zone)
        if monday and monday > now.date():
            begins = datetime.combine(monday, BEGINS, zone)
            ends = datetime.combine(monday + timedelta(days=4), ENDS, zone)
        query = self.query
        return {
            "user_id": query.get("person", ""),
            "client_id": query.get("client", ""),
            "kinds": [kind for kind in query.get("kinds", "").split(",") if kind],
            "items": query.get("items", ""),
            "skill": query.get("skill", ""),
            "level": "1",
            "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
            "ends_at": f"{ends:%Y-%m-%dT%H:%M}",
        }

    async def _look(self) -> None:
        """Whom to ask and what would come, as far as the form says enough."""
        self.found = self.preview = None
        self.not_yet = "Choose a client or kinds of work, and a period."
        where = self._where()
        period = self._moments()
        if period is None or not any(where.values()):
            return
        try:
            self.found = await float_planning.recommend_float(
                self.actor,
                *period,
                **where,
                skill=str(self.typed.get("skill", "")),
                level=number_of(str(self.typed.get("level", "")), 1, 5),
                everybody=self._ticked("everybody"),
            )
            if self.typed.get("user_id"):
                facts = FloatFacts(identifier(str(self.typed["user_id"])), *period, **where)
                self.preview = await float_planning.preview_float(self.actor, facts)
        except Refusal as refusal:
            self.not_yet = f"{refusal.title} {refusal.what_to_do}"

    def body(self) -> Markup:
        return div(
            head("Assign from the float pool", crumbs=(("Float pool", "/team/float"),)),
            div(div(self._form()), div(self._candidates(), self._preview()), cls="halves"),
        )

    def _form(self) -> Markup:
        typed, wrong = self.typed, self.errors
        return form(
            summary_of(wrong),
            group("Who", self._who(), self._skill(), self._level(), self._everybody()),
            group("Where", *self._places()),
            group(
                "When, in your time zone",
                field("starts_at", "From", typed.get("starts_at"), kind="datetime-local", required=True, errors=wrong),
                field("ends_at", "Until", typed.get("ends_at"), kind="datetime-local", required=True, errors=wrong),
            ),
            long_text("note", "Told with the offer", str(typed.get("note", "")), errors=wrong, rows=2),
            div(
                link("Cancel", "/team/float", look="quiet"),
                submit("Offer the assignment", disabled=not typed.get("user_id")),
                cls="form-foot",
            ),
            data_do="assign",
            data_change="look",
            cls="card",
            style="padding: 16px",
        )  # fmt: skip

    def _who(self) -> Markup:
        people_ = self.found.candidates if self.found else []
        known = [(str(one.user_id), one.name) for one in sorted(people_, key=lambda one: one.name)]
        now = str(self.typed.get("user_id", ""))
        if now and now not in dict(known):
            known.insert(0, (now, "as chosen"))
        return choice(
            "user_id", "Person", known, now, errors=self.errors, required=True, prompt="Choose, or see beside"
        )

    def _skill(self) -> Markup:
        return choice("skill", "Skill wanted", self.skills, self.typed.get("skill"), prompt="any")

    def _level(self) -> Markup:
        return choice("level", "At least", LEVELS, self.typed.get("level"))

    def _everybody(self) -> Markup:
        return check("everybody", "Everybody, not the pool alone", self._ticked("everybody"))

    def _places(self) -> list[Child]:
        if self.typed.get("items"):
            count = len(self._items())
            words = "1 item" if count == 1 else f"{count} items"
            return [p(words, " chosen in the queue."), hidden("items", self.typed["items"])]
        chosen = set(self._kinds())
        boxes = [
            check("kinds[]", words, code in chosen, value=code)
            for code, words in kind_choices(self.actor.permissions)
            if code not in people.KINDS
        ]
        return [
            choice("client_id", "Client", self.clients, self.typed.get("client_id"), errors=self.errors, prompt="any client"),
            details(summary(self._kind_words(chosen)), div(boxes, cls="stack"), open=bool(chosen), cls="wide"),
        ]  # fmt: skip

    def _kind_words(self, chosen: set[str]) -> str:
        labels = sorted(rules.label for kind, rules in KINDS.items() if kind in chosen)
        return f"Kinds of work: {', '.join(labels) or 'all'}"

    def _candidates(self) -> Markup:
        if self.found is None:
            return card("Whom to ask", p(self.not_yet, cls="faint"))
        if not self.found.candidates:
            words = "Nobody is in the float pool. Tick “Everybody” to choose among all who sign in."
            return card("Whom to ask", p(words, cls="faint"))
        columns = [
            Column[Ranked]("Who", _person, "wide"),
            Column[Ranked]("Free", lambda one: hours(one.free_seconds), "right"),
            Column[Ranked]("", self._choose, "right tight"),
        ]
        asked = f"{hours(self.found.needed_seconds)} of office time asked."
        source = f" Weights by your own table: {self.found.weights_from}." if self.found.weights_from else ""
        rows = table.rows(columns, self.found.candidates, key=lambda one: one.user_id, label="Whom to ask")
        return card(
            "Whom to ask", rows, p(asked, source, cls="faint", style="padding: 8px 16px"), look="flush"
        )

    def _choose(self, one: Ranked) -> Child:
        if str(one.user_id) == self.typed.get("user_id"):
            return span("chosen", cls="faint")
        return not one.blocked and action("Choose", "choose", look="tiny", data_id=str(one.user_id))

    def _preview(self) -> Child:
        seen = self.preview
        if seen is None:
            return None
        counted = [
            _count(
                seen.free, seen.most, "free item comes into their inbox", "free items come into their inbox"
            ),
            seen.overdue and _count(seen.overdue, seen.most, "of them is overdue", "of them are overdue"),
            seen.held
            and _count(seen.held, seen.most, "is held by somebody else", "are held by somebody else"),
            seen.not_allowed
            and _count(seen.not_allowed, seen.most, "is beyond their roles", "are beyond their roles"),
        ]
        columns = [
            Column[WorkLine]("Kind", lambda one: kind_chip(one.kind), "tight"),
            Column[WorkLine]("What", lambda one: one.title, "wide"),
            Column[WorkLine]("Due", lambda one: due(one.due_at, self.zone), "right"),
        ]
        rows = table.rows(columns, seen.lines, key=lambda one: one.id, label="What would come")
        over = max(seen.needed_seconds - seen.free_seconds, 0)
        return card(
            "What would come",
            div(
                seen.busy_with and notice("bad", f"Taken by {seen.busy_with}.", "Choose another person or period."),
                bool(over)
                and notice("warn", f"{hours(over)} over capacity.", f"{hours(seen.free_seconds)} are free."),
                ul([li(one) for one in counted if one], cls="plain"),
                style="padding: 8px 16px",
            ),
            rows if seen.lines else p("Nothing waits there now.", cls="faint", style="padding: 0 16px 12px"),
            look="flush",
        )  # fmt: skip

    async def do_look(self, event: Event) -> None:
        """Follow what is chosen."""
        self.typed, self.errors = dict(event.fields), {}

    async def do_choose(self, event: Event) -> None:
        """Take a candidate."""
        self.typed = {**self.typed, "user_id": str(event.id())}

    async def do_assign(self, event: Event) -> None:
        """Offer the assignment; its page opens."""
        self.typed, self.errors = dict(event.fields), {}
        period, person = self._moments(), optional_identifier(event.text("user_id"))
        reject(
            None if person else FieldError("user_id", "user_id.missing", "Choose somebody."),
            None if period else FieldError("starts_at", "starts_at.missing", "Enter both moments."),
        )
        assert person and period  # refused above
        facts = FloatFacts(person, *period, **self._where(), note=event.text("note"))
        made = await float_planning.assign_float(self.actor, facts)
        self.go(f"/team/float/assignments/{made.id}")

    def _where(self) -> dict[str, Any]:
        items = self._items()
        if items:
            return {"item_ids": items}
        client = optional_identifier(str(self.typed.get("client_id") or ""))
        return {"client_id": client, "kinds": self._kinds()}

    def _items(self) -> tuple[UUID, ...]:
        return tuple(identifier(one) for one in str(self.typed.get("items") or "").split(",") if one)

    def _kinds(self) -> tuple[str, ...]:
        found = self.typed.get("kinds", [])
        return tuple(str(one) for one in found) if isinstance(found, list) else (str(found),)

    def _moments(self) -> tuple[datetime, datetime] | None:
        begins, ends = (
            moment_of(str(self.typed.get(name) or ""), self.zone) for name in ("starts_at", "ends_at")
        )
        return (begins, ends) if begins and ends else None

    def _ticked(self, name: str) -> bool:
        return self.typed.get(name) == "true"


def _person(one: Ranked) -> Child:
    if one.blocked:
        return span(span(one.name, cls="muted"), span(one.blocked, cls="sub"))
    lines = [li(span(part.label, cls="muted"), f" {part.words}") for part in one.parts]
    return span(one.name, " ", score(one.score), ul(lines, cls="plain sub"))


def _count(count: int, most: int, one: str, many: str) -> str:
    figure = f"{most:,}+" if count >= most else f"{count:,}"
    return f"{figure} {one if count == 1 else many}"
