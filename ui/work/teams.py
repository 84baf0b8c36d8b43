"""Leaving an item to one team, or to anybody able again."""

from policies.permissions import Permission as P
from services.work import actions
from services.work import queue as service
from services.work.views import WorkView
from ui.page import Event, Page, optional_identifier
from ui.parts.buttons import entry
from ui.parts.dialogs import form_window
from ui.parts.forms import choice
from ui.parts.markup import Child, div
from ui.parts.states import Loaded


class TeamChoice(Page):
    """What leads may say of who shall take an item; mixed into the queue."""

    item: Loaded[WorkView] | None = None

    def team_entry(self, item: WorkView) -> Child:
        """The entry of the item's menu."""
        if item.line.status != "open" or not self.may(P.WORK_ASSIGN):
            return None
        return entry("Leave to a team", "ask_team", key="l", data_id=str(item.id))

    async def do_ask_team(self, event: Event) -> None:
        """Ask which team's people are the candidates."""
        teams = await service.teams_for(self.actor)
        options = [(str(one.id), one.name) for one in teams]
        now = next(
            (
                str(one.id)
                for one in teams
                if self.item and self.item.value and one.name == self.item.value.team
            ),
            "",
        )
        who = choice(
            "team_id", "Team", options, now, prompt="Anybody able", errors=self.errors, autofocus=True
        )
        words = "Who is in this team, or in one below it, may take it: as the teams are at that moment."
        self.dialog = form_window(
            "Leave to a team", "team", "Leave", div(who, cls="fields"), explanation=words, id=str(event.id())
        )

    async def do_team(self, event: Event) -> None:
        """Leave the item to the team chosen."""
        view = await actions.leave_to_team(self.actor, event.id(), optional_identifier(event.text("team_id")))
        await self.do_close_dialog(event)
        self.tell("ok", f"Left to {view.team}." if view.team else "Left to anybody able.")
