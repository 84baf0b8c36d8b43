"""Enrolments of the demo companies in different steps, what their payers ask for, and a second clearinghouse over REST."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cli.demonstration.masters import House
from domain.tenancy import Actor
from services.clientele import connections, enrolments, requirements, routing
from services.clientele.enrolment_views import EnrolmentFacts, EnrolmentNews, Paper, RequirementFacts
from services.clientele.routing import RouteFacts

SINCE = date(2025, 1, 1)
_SENT = date(2026, 9, 14)
SECOND = "Coastline EDI (REST)"


@dataclass(frozen=True, slots=True)
class PlannedEnrolment:
    """A client and a payer by their numbers in the plan, and the last thing that happened."""

    client: int
    payer: int
    transaction: str
    last: str


# Medicare asks for an enrolment of every client; the claims of the demo need theirs approved.
_MEDICARE = {"harbor": 2, "prairie": 1}
_OTHERS = {
    "harbor": (
        PlannedEnrolment(0, 0, "835", "went_live"),
        PlannedEnrolment(1, 0, "835", "submitted"),
        PlannedEnrolment(2, 3, "835", "rejected"),
        PlannedEnrolment(0, 4, "270", "begun"),
        PlannedEnrolment(1, 5, "277CA", "acknowledged"),
        PlannedEnrolment(0, 3, "837I", "signed"),
    ),
    "prairie": (PlannedEnrolment(0, 0, "835", "acknowledged"), PlannedEnrolment(0, 2, "270", "")),
}
_ORDER = ("begun", "prepared", "signed", "submitted", "acknowledged", "approved", "went_live")


async def enrol(house: House) -> None:
    """Enrol the company's clients; nothing happens when that was done before."""
    admin = await house.admin()
    if (await enrolments.list_enrolments(admin, limit=1)).items:
        return
    medicare = _MEDICARE[house.company.subdomain]
    facts = RequirementFacts(
        house.payers[medicare], "837P", SINCE, paperwork=["CMS-855 confirmation", "EDI enrolment form"]
    )
    await requirements.add_requirement(admin, facts)
    for client in range(len(house.clients)):
        await _through(house, admin, PlannedEnrolment(client, medicare, "837P", "went_live"))
    for planned in _OTHERS[house.company.subdomain]:
        await _through(house, admin, planned)


async def connect_second(house: House) -> None:
    """A second clearinghouse over REST for the larger company, with one payer routed over it."""
    admin = await house.admin()
    if house.company.subdomain != "harbor" or any(
        one.name == SECOND for one in (await connections.list_connections(admin)).items
    ):
        return
    made = await connections.add_practice_rest_connection(admin, SECOND)
    await routing.set_route(admin, RouteFacts(house.payers[6], made.id))


async def _through(house: House, admin: Actor, planned: PlannedEnrolment) -> None:
    facts = EnrolmentFacts(house.clients[planned.client], house.payers[planned.payer], planned.transaction)
    made = await enrolments.request_enrolment(admin, facts)
    for event in _events(planned.last):
        if event == "prepared":
            papers = [Paper(one.name, one.signer, f"{one.name.lower()}.pdf", True) for one in made.paperwork]
            await enrolments.save_paperwork(admin, made.id, papers)
        await _tell(admin, made.id, event)


def _events(last: str) -> tuple[str, ...]:
    if last == "rejected":
        return (*_ORDER[:4], "rejected")
    return _ORDER[: _ORDER.index(last) + 1] if last else ()


async def _tell(admin: Actor, enrolment_id: UUID, event: str) -> None:
    news = {
        "signed": EnrolmentNews(event, on=_SENT, signed_by="The practice manager"),
        "submitted": EnrolmentNews(event, on=_SENT, channel="portal", reference="EN-2026-118"),
        "acknowledged": EnrolmentNews(event, on=_SENT, reference="EN-2026-118"),
        "approved": EnrolmentNews(event, effective_from=SINCE),
        "rejected": EnrolmentNews(event, reason="The tax id on the form is not the one on file."),
    }
    await enrolments.tell_enrolment(admin, enrolment_id, news.get(event, EnrolmentNews(event)))
