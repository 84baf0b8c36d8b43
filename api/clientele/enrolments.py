"""Enrolments of clients with payers, and what payers ask for before they take a transaction."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.tenancy import Actor
from services.clientele import enrolments, requirements
from services.clientele.enrolment_views import (
    EnrolmentFacts,
    EnrolmentLine,
    EnrolmentMatrix,
    EnrolmentNews,
    EnrolmentView,
    Paper,
    RequirementFacts,
    RequirementView,
)


@dataclass(frozen=True, slots=True)
class Paperwork:
    """The forms of an enrolment, all of them."""

    papers: list[Paper]


class Enrolments(Controller):
    """Enrolments of clients with payers, one for each transaction."""

    path = "/enrolments"
    tags = ("Enrolments",)

    @get("/")
    async def list_enrolments(
        self,
        actor: Actor,
        step: str = "",
        client_id: UUID | None = None,
        payer_id: UUID | None = None,
        transaction: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[EnrolmentLine]:
        """Enrolments, newest first; without a step those that have not ended."""
        return await enrolments.list_enrolments(actor, step, client_id, payer_id, transaction, cursor, limit)

    @post("/")
    async def request_enrolment(self, actor: Actor, data: EnrolmentFacts) -> EnrolmentView:
        """Begin an enrolment of a client with a payer."""
        return await enrolments.request_enrolment(actor, data)

    @get("/matrix")
    async def enrolment_matrix(self, actor: Actor, transaction: str = "837P") -> EnrolmentMatrix:
        """How every client stands with every payer."""
        return await enrolments.enrolment_matrix(actor, transaction)

    @get("/{enrolment_id:uuid}")
    async def get_enrolment(self, actor: Actor, enrolment_id: UUID) -> EnrolmentView:
        """One of them, with its history and what may be told of it now; its ETag is its version."""
        return await enrolments.get_enrolment(actor, enrolment_id)

    @post("/{enrolment_id:uuid}/events", status_code=200)
    async def tell_enrolment(self, actor: Actor, enrolment_id: UUID, data: EnrolmentNews) -> EnrolmentView:
        """Tell what happened; `possible` of the enrolment says which events fit now and what each needs."""
        return await enrolments.tell_enrolment(actor, enrolment_id, data)

    @put("/{enrolment_id:uuid}/paperwork")
    async def save_paperwork(
        self, actor: Actor, enrolment_id: UUID, data: Paperwork, expected_version: int | None
    ) -> EnrolmentView:
        """Replace the list of forms, while they are being filled in."""
        return await enrolments.save_paperwork(actor, enrolment_id, data.papers, expected_version)


class EnrolmentRequirements(Controller):
    """What payers ask for before they take a transaction: dated rows."""

    path = "/enrolment-requirements"
    tags = ("Enrolments",)

    @get("/")
    async def list_requirements(self, actor: Actor, payer_id: UUID | None = None) -> list[RequirementView]:
        """What payers ask for, the newest first within each payer and transaction."""
        return await requirements.list_requirements(actor, payer_id)

    @post("/")
    async def add_requirement(self, actor: Actor, data: RequirementFacts) -> RequirementView:
        """Say what a payer asks for from a day on."""
        return await requirements.add_requirement(actor, data)
