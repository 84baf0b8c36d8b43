"""The audits, and planning one."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.paging import Page as Rows
from domain.quality.process import STAGES, State
from domain.quality.sampling import METHOD_WORDS, Method
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.quality import checklists, plans
from services.quality.plans import AuditPerson, PlanFacts
from services.quality.views import AuditLine
from ui.page import Event, Page, optional_identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field
from ui.parts.markup import Child, Markup, div, p, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day, due
from ui.quality.rates import quality_tabs, rate

_CHIPS = (State.SAMPLED, State.IN_REVIEW, State.NOTIFIED, State.DISPUTED, State.CLOSED)
_NUMBERS = ("seed", "second_percent", "review_days", "answer_days")


@page("/quality")
class Audits(Page):
    """Every audit that the person may see, the newest first."""

    title = "Quality"
    nav = "quality"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"qa_audits"})

    found: Rows[AuditLine]
    checklists: list[tuple[str, str]]

    async def load(self) -> None:
        asked = self.query.get("state", "")
        self.state = asked if asked in set(State) else ""
        self.found = await plans.list_audits(
            self.actor,
            state=self.state,
            employee_id=optional_identifier(self.query.get("person", "")),
            cursor=self.query.get("after"),
        )

    def body(self) -> Markup:
        plan = (
            action("Plan an audit", "ask_plan", look="filled", key="n") if self.may(P.AUDITS_PLAN) else None
        )
        chips = [filter_chip("All", address(self.path, self.query, state=None), on=not self.state)]
        chips += [
            filter_chip(
                STAGES[one].label, address(self.path, self.query, state=one.value), on=self.state == one
            )
            for one in _CHIPS
        ]
        tabs = quality_tabs(self.path) if self.may(P.AUDITS_PLAN) else None
        return div(head("Quality", plan), tabs, div(chips, cls="filters"), self._list())

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "No audits here.",
                "An audit samples what a person captured, corrected or released, and says how right it is. Your own results are here too.",
            )
        columns = [
            Column[AuditLine]("Audit", lambda one: span(one.reference, cls="mono"), "tight"),
            Column[AuditLine]("Person", lambda one: one.employee_name, "wide clip"),
            Column[AuditLine]("State", _chip, "tight"),
            Column[AuditLine]("Auditor", lambda one: one.auditor_name, "clip optional-column"),
            Column[AuditLine]("Period to", lambda one: day(one.period_to), "right"),
            Column[AuditLine](
                "Reviewed", lambda one: span(f"{one.reviewed} of {one.sample}", cls="figure"), "right"
            ),
            Column[AuditLine]("Codes", lambda one: rate(one.accuracies.codes), "right optional-column"),
            Column[AuditLine]("Claims", lambda one: rate(one.accuracies.claims), "right"),
            Column[AuditLine]("Money", lambda one: rate(one.accuracies.money), "right optional-column"),
            Column[AuditLine]("Due", lambda one: due(one.due_at, self.zone) if one.due_at else "–", "right"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/quality/{one.id}",
                key=lambda one: one.id,
                label="Audits",
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )

    async def do_ask_plan(self, event: Event) -> None:
        """Ask whom, when, and how the sample is drawn."""
        people = await plans.audit_people(self.actor)
        lists = [one for one in await checklists.list_checklists(self.actor) if one.in_force]
        self.checklists = [(one.name, f"{one.name} ({len(one.questions)} questions)") for one in lists]
        self.dialog = form_window(
            "Plan an audit",
            "plan",
            "Plan and draw the sample",
            self._fields(people),
            self.errors.get("form") and p(self.errors["form"], cls="error"),
            explanation="The sample is drawn from the claims that the person captured, corrected or released in the"
            " period. The seed is kept: the same sample can be drawn again.",
        )

    def _fields(self, people: list[AuditPerson]) -> Markup:
        everybody = [(str(one.id), one.name) for one in people]
        auditors = [(str(one.id), one.name) for one in people if one.audits]
        today = datetime.now(ZoneInfo(self.zone)).date()
        typed, wrong = self.typed, self.errors
        begins = typed.get("period_from") or (today - timedelta(days=30)).isoformat()
        return div(
            choice("employee_id", "Who is audited", everybody, typed.get("employee_id"), errors=wrong, required=True, prompt="Choose"),
            choice("auditor_id", "Auditor", auditors, typed.get("auditor_id") or self.actor.user_id, errors=wrong, required=True, prompt="Choose"),
            field("period_from", "From", begins, errors=wrong, kind="date", required=True),
            field("period_to", "To", typed.get("period_to") or today.isoformat(), errors=wrong, kind="date", required=True),
            choice("method", "Sample", [(one.value, METHOD_WORDS[one]) for one in Method], typed.get("method"), errors=wrong, required=True),
            field("size", "Claims", typed.get("size", "10"), errors=wrong, hint="A number, or a share such as 10 %", required=True),
            field("seed", "Seed", typed.get("seed", ""), errors=wrong, hint="Empty: one is chosen and kept"),
            choice("checklist", "Checklist", self.checklists, typed.get("checklist"), errors=wrong, prompt="The newest in force"),
            choice("second_reviewer_id", "Blind second reviewer", auditors, typed.get("second_reviewer_id"), errors=wrong, prompt="Nobody"),
            field("second_percent", "Reviewed twice", typed.get("second_percent", "20"), errors=wrong, required=True, unit="%"),
            field("review_days", "Days to review", typed.get("review_days", "10"), errors=wrong, required=True),
            field("answer_days", "Days to answer", typed.get("answer_days", "5"), errors=wrong, required=True),
            cls="fields",
        )  # fmt: skip

    async def do_plan(self, event: Event) -> None:
        """Plan it; its page opens."""
        self.typed, self.errors = dict(event.fields), {}
        made = await plans.plan_audit(self.actor, _facts(event))
        self.go(f"/quality/{made.id}")


def _chip(one: AuditLine) -> Child:
    if one.outcome and one.state == State.CLOSED:
        return chip(one.outcome_label, one.outcome_tone)
    return chip(one.state_label, one.tone)


def _facts(event: Event) -> PlanFacts:
    faults: list[FieldError] = []
    people = {}
    for name in ("employee_id", "auditor_id", "second_reviewer_id"):
        people[name] = optional_identifier(event.text(name))
    employee, auditor = people["employee_id"], people["auditor_id"]
    begins, ends = _date(event, "period_from", faults), _date(event, "period_to", faults)
    numbers = {name: _number(event.text(name), name, faults) for name in _NUMBERS}
    size = event.text("size")
    count = _number(size.removesuffix("%").strip(), "size", faults)
    for name in ("employee_id", "auditor_id"):
        if people[name] is None:
            faults.append(FieldError(name, "missing", "Choose somebody."))
    reject(*faults)
    assert employee and auditor
    facts = PlanFacts(employee, auditor, begins, ends, event.text("method") or "random", count)
    facts = replace(
        facts,
        second_reviewer_id=people["second_reviewer_id"],
        seed=numbers["seed"],
        checklist=event.text("checklist"),
    )
    if size.endswith("%"):
        facts = replace(facts, size=None, rate_percent=count)
    given = {name: value for name, value in numbers.items() if value is not None and name != "seed"}
    for name, value in given.items():
        facts = replace(facts, **{name: value})  # type: ignore[arg-type]
    return facts


def _date(event: Event, name: str, faults: list[FieldError]) -> date:
    found = date_of(event.text(name))
    if found is None:
        faults.append(FieldError(name, "date.invalid", "Enter a date."))
    return found or date(1900, 1, 1)


def _number(text: str, name: str, faults: list[FieldError]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 11):
        faults.append(FieldError(name, "number.invalid", "Enter a whole number."))
        return None
    return int(text)
