"""Skills: what work can ask of a person."""

from typing import Any

from policies.permissions import Permission as P
from services.workforce import skills
from services.workforce.skills import SkillFacts
from ui.page import Event, page
from ui.parts.forms import group
from ui.parts.markup import Child, a
from ui.parts.table import Column
from ui.workforce.lists import TeamForm, TeamList


@page("/team/skills")
class Skills(TeamList):
    """The skills."""

    title = "Skills"
    list_service = skills.list_skills
    one = "skill"
    explanation = "Work asks for skills; each employee has them at a level from 1 to 5."

    def columns(self) -> list[Column[Any]]:
        return [
            Column("Skill", lambda one: a(one.name, href=self.href(one)), "clip"),
            Column("Description", lambda one: one.description, "clip wide"),
            Column("People", lambda one: str(one.people), "right"),
        ]


class SkillForm(TeamForm):
    """The form of a skill."""

    get_service = skills.get_skill
    add_service = skills.add_skill
    change_service = skills.change_skill
    deactivate_service = skills.deactivate_skill
    reactivate_service = skills.reactivate_skill
    one = "skill"
    place = "/team/skills"
    id_name = "skill_id"

    def fields(self) -> Child:
        return group(
            "Skill",
            self.typed_field("name", "Name", required=True),
            self.typed_field("description", "Description", look="wide"),
        )

    def facts(self, event: Event) -> SkillFacts:
        return SkillFacts(event.text("name"), event.text("description"))


@page("/team/skills/new")
class NewSkill(SkillForm):
    """A new skill."""

    permission = P.WORKFORCE_MANAGE


@page("/team/skills/{skill_id}")
class Skill(SkillForm):
    """One skill."""

    permission = P.WORKFORCE_VIEW
