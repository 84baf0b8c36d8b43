"""Lists and forms of the workforce: as those of master data, under the team's own tabs."""

from policies.permissions import Permission as P
from ui.clientele.records import RecordForm, RecordList
from ui.parts.markup import Child
from ui.workforce.tabs import team_tabs


class TeamList(RecordList):
    """A list under the team's tabs."""

    nav = "team"
    permission = P.WORKFORCE_VIEW
    manage = P.WORKFORCE_MANAGE

    def heading(self) -> str:
        return "Team"

    def _tabs(self) -> Child:
        return team_tabs(self.path, self.may)


class TeamForm(RecordForm):
    """A form of the team."""

    nav = "team"
    manage = P.WORKFORCE_MANAGE
