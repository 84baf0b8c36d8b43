"""What the people of a demo company keep for one another: views of the queue, files beside work, a question, a team's work."""

from cli.demonstration.cast import DENIAL_MANAGEMENT
from cli.demonstration.masters import House
from domain.work_views import ViewFacts, WorkFilter
from services.work import actions, attachments, notes, saved_views
from services.work.queue import queue, teams_for

_CALL = b"Called the payer at 10:40, reference 88210.\nThe medical record was received; a decision comes within ten days.\n"
_SHEET = b"Claim,Asked for,Answered\nall of this week,visit notes,no\n"


async def share(house: House) -> bool:
    """Fill the inbox with what people share; False when that was done before."""
    lead = await house.actor(house.company.holding("Team Lead")[0])
    if await saved_views.list_views(lead):
        return False
    everything = ViewFacts(
        "Urgent, by kind",
        WorkFilter("all", priority=2),
        ("priority", "what", "with", "due"),
        "due",
        "kind",
        team=bool(await teams_for(lead)),
    )
    await saved_views.save_view(lead, everything)
    biller = await house.actor(house.company.holding("Biller")[0])
    await saved_views.save_view(
        biller, ViewFacts("Rejected this week", WorkFilter("all", ("rejection",), due="week"))
    )
    await _beside_a_denial(house, biller.name)
    return True


async def _beside_a_denial(house: House, asked: str) -> None:
    """A denial with two files and a question to a colleague, left to the team that knows it."""
    lead = await house.actor(house.company.holding("Team Lead")[0])
    specialist = await house.actor(house.company.holding(DENIAL_MANAGEMENT)[0])
    found = (await queue(lead, scope="all", kinds=("denial",), owner="free", limit=1)).items
    if not found:
        return
    item = found[0]
    await attachments.attach(specialist, "work_item", item.id, "Call of this morning.txt", _CALL)
    if item.subject_id and item.subject_type == "claim":
        await attachments.attach(specialist, "claim", item.subject_id, "Records asked for.csv", _SHEET)
    await notes.add_note(specialist, "work_item", item.id, f"@{asked}, did the practice send the visit note?")
    denials = [team for team in await teams_for(lead) if team.name == "Denials"]
    if denials:
        await actions.leave_to_team(lead, item.id, denials[0].id)
