"""The trial of the codes of care: a month that is over, as it is billed and as the draft would bill it."""

from datetime import date, timedelta

from services.care import code_trial
from services.care.code_trial import CodeTrial, CodeUnits
from services.rules.table_views import TableView
from ui.page import Event, Page
from ui.parts import table
from ui.parts.buttons import submit
from ui.parts.cards import card
from ui.parts.forms import choice
from ui.parts.markup import Markup, div, form, p, small
from ui.parts.states import empty, notice
from ui.parts.table import Column

CODES = "care_codes"
MONTHS = 12
_EXPLAINED = "A month that is over is reckoned with the draft, as if its rows held then. Nothing is written: only this result is shown."


class Tried(Page):
    """What the page of a table adds for the trial of the codes of care."""

    trial: CodeTrial | None = None

    async def do_try(self, event: Event) -> None:
        """Reckon a month with the draft."""
        self.trial = await code_trial.try_codes(self.actor, event.text("month"))


def trial_markup(page: Tried, shown: TableView, today: date) -> Markup:
    """The tab: which month, and what came of it."""
    broken = bool(shown.draft.problems)
    asked = form(
        choice("month", "Month", _months(today), _months(today)[0][0], errors=page.errors, required=True),
        submit("Try the draft", key="s", disabled=broken),
        broken and small("Mend the marked cells first.", cls="error"),
        data_do="try",
        cls="row",
        style="align-items: flex-end",
    )
    none = empty("Not tried yet.", "Choose a month and try: some thousand patients take a second or two.")
    return div(p(_EXPLAINED, cls="muted"), asked, _result(page.trial) if page.trial else none, cls="stack")


def _result(found: CodeTrial) -> Markup:
    month = f"{found.month:%B %Y}"
    if not found.patients:
        return notice("info", f"Nobody was in care in {month}.", "Choose another month.")
    title = f"{found.changed:,} of {found.patients:,} patients' months would come to something else."
    words = f"{found.billed_now:,} can be billed as it is, {found.billed_draft:,} with the draft."
    columns = [
        Column[CodeUnits]("Code", lambda one: one.code, "tight"),
        Column[CodeUnits]("As it is", lambda one: f"{one.now:,}", "right"),
        Column[CodeUnits]("With the draft", lambda one: f"{one.draft:,}", "right"),
        Column[CodeUnits]("Difference", lambda one: f"{one.draft - one.now:+,}" if one.draft != one.now else "–", "right"),
    ]  # fmt: skip
    if not found.units:
        return notice("info", title, f"Neither way could anything of {month} be billed.")
    rows = table.rows(columns, found.units, key=lambda one: one.code, label="Units by code")
    return div(notice("info", title, words), card(f"Units in {month}", rows, look="flush"), cls="stack")


def _months(today: date) -> list[tuple[str, str]]:
    """The months that are over, the last one first."""
    found: list[tuple[str, str]] = []
    first = today.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append((f"{first:%Y-%m}", f"{first:%B %Y}"))
    return found
