"""Setting a target from the manager's view."""

from domain.refusals import FieldError
from services.care import team_targets
from services.care.team_targets import EVERYBODY, TargetFacts
from services.care.team_views import TeamMonth
from ui.page import Event, Page, identifier, reject
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field
from ui.parts.markup import div


class SetsTargets(Page):
    """A page on which targets are set."""

    found: TeamMonth
    # Set by what changes the figures; they are kept while dialogs open and close.
    stale: bool = False

    async def do_ask_target(self, event: Event) -> None:
        """Ask for a target."""
        given = self.typed if self.errors else {}
        first = max(self.found.month, self.found.made_at.date().replace(day=1)).isoformat()
        errors = self.errors | {name: words for name, words in (("whose", self._about_whom()),) if words}
        body = div(
            choice("whose", "For", self._whose(), given.get("whose", "all"), errors=errors, required=True, look="wide"),
            field("since", "From", given.get("since", first), kind="date", errors=errors, required=True),
            field(
                "minutes", "Counted in a month", given.get("minutes", ""), kind="number", unit="minutes", errors=errors,
                required=True, hint="of a coordinator",
            ),
            field(
                "reached_percent", "Patients with a code", given.get("reached_percent", "90"), kind="number", unit="%",
                errors=errors, required=True,
            ),
            cls="fields",
        )  # fmt: skip
        words = "A person's own target goes before the team's, and that before everybody's. What held before stays kept."
        self.dialog = form_window("Set a target", "target", "Set", body, explanation=words)

    def _about_whom(self) -> str:
        return self.errors.get("user_id", "") or self.errors.get("team_id", "")

    def _whose(self) -> list[tuple[str, str]]:
        teams = [(f"team:{one.team_id}", f"Team {one.name}") for one in self.found.teams if one.team_id]
        people = [
            (f"user:{one.user_id}", one.name)
            for one in sorted(self.found.coordinators, key=lambda one: one.name)
        ]
        return [("all", EVERYBODY), *teams, *people]

    async def do_target(self, event: Event) -> None:
        """Set it."""
        made = await team_targets.set_target(self.actor, _facts(event))
        self.stale = True
        self.tell(
            "ok", f"{made.whose}: {made.minutes:,} minutes.", f"It holds from {made.since.isoformat()}."
        )
        await self.do_close_dialog(event)


def _facts(event: Event) -> TargetFacts:
    since = date_of(event.text("since"))
    if since is None:
        reject(FieldError("since", "date.invalid", "Enter a date."))
    assert since  # refused above
    kind, _, who = event.text("whose").partition(":")
    return TargetFacts(
        since,
        _number(event, "minutes"),
        _number(event, "reached_percent"),
        identifier(who) if kind == "user" else None,
        identifier(who) if kind == "team" else None,
    )


def _number(event: Event, name: str) -> int:
    text = event.text(name)
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        reject(FieldError(name, f"{name}.invalid", "Enter a whole number."))
    return int(text)
