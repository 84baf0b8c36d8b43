"""Denials with their checklists, appeals and their letters, and the tables that a tenant sets."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.tenancy import Actor
from services.denials import appeals, letters, outcomes, playbooks, tables, worklist
from services.denials.appeals import AppealFacts
from services.denials.letters import LetterPreview
from services.denials.outcomes import By, OverturnRates
from services.denials.playbooks import (
    LetterField,
    LetterSample,
    PlaybookFacts,
    PlaybookHistory,
    PlaybookView,
)
from services.denials.tables import CodeFacts, CodeRowView, LevelFacts, LevelView
from services.denials.views import AppealLine, AppealView, DenialLine, DenialView


@dataclass(frozen=True, slots=True)
class Sending:
    """How an appeal went out. `channel` is portal, mail, certified mail, fax or electronic."""

    on: date
    channel: str
    tracking: str = ""


@dataclass(frozen=True, slots=True)
class OnDay:
    """The day it happened."""

    on: date


@dataclass(frozen=True, slots=True)
class AppealDecision:
    """The payer's decision: overturned, partially_overturned or upheld."""

    decision: str
    on: date
    recovered_cents: int = 0


@dataclass(frozen=True, slots=True)
class WithdrawalReason:
    """Why the appeal ends; it is kept as a note on the claim."""

    reason: str


@dataclass(frozen=True, slots=True)
class StepTick:
    """A step of the checklist, counted from 0."""

    step: int
    done: bool = True


@dataclass(frozen=True, slots=True)
class ClassPlaybook:
    """The playbook of a class."""

    class_code: str
    playbook: PlaybookFacts


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """A letter with {{fields}}."""

    letter: str


class Denials(Controller):
    """What payers refused, by class and deadline."""

    path = "/denials"
    tags = ("Denials",)

    @get("/")
    async def list_denials(
        self,
        actor: Actor,
        status: str = "",
        class_code: str = "",
        payer_id: UUID | None = None,
        preventable: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[DenialLine]:
        """Denials, the nearest deadline first."""
        return await worklist.list_denials(
            actor,
            status=status,
            class_code=class_code,
            payer_id=payer_id,
            preventable=preventable,
            cursor=cursor,
            limit=limit,
        )

    @get("/{denial_id:uuid}")
    async def get_denial(self, actor: Actor, denial_id: UUID) -> DenialView:
        """A denial with its codes and its checklist."""
        return await worklist.get_denial(actor, denial_id)

    @put("/{denial_id:uuid}/steps")
    async def tick_step(self, actor: Actor, denial_id: UUID, data: StepTick) -> DenialView:
        """Tick a step of the checklist, or take the tick back."""
        return await worklist.tick(actor, denial_id, data.step, data.done)


class ClaimDenials(Controller):
    """The denials of one claim, and appealing them."""

    path = "/claims/{claim_id:uuid}"
    tags = ("Denials",)

    @get("/denials")
    async def denials_of_claim(self, actor: Actor, claim_id: UUID) -> list[DenialView]:
        """Every denial of a claim, the newest first."""
        return await worklist.denials_of_claim(actor, claim_id)

    @post("/appeals")
    async def open_appeal(self, actor: Actor, claim_id: UUID, data: AppealFacts) -> AppealView:
        """Appeal the payer's decision on a claim."""
        return await appeals.open_appeal(actor, claim_id, data)


class Appeals(Controller):
    """Appeals, level after level."""

    path = "/appeals"
    tags = ("Appeals",)

    @get("/")
    async def list_appeals(
        self,
        actor: Actor,
        stage: str = "",
        class_code: str = "",
        payer_id: UUID | None = None,
        open_only: bool = False,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AppealLine]:
        """Appeals, the newest first."""
        return await appeals.list_appeals(
            actor,
            stage=stage,
            class_code=class_code,
            payer_id=payer_id,
            open_only=open_only,
            cursor=cursor,
            limit=limit,
        )

    @get("/rates")
    async def overturn_rates(
        self, actor: Actor, by: By = "class", payer_id: UUID | None = None, class_code: str = ""
    ) -> OverturnRates:
        """Overturn rates by class, payer or level, each with its interval."""
        return await outcomes.overturn_rates(actor, by, payer_id=payer_id, class_code=class_code)

    @get("/{appeal_id:uuid}")
    async def get_appeal(self, actor: Actor, appeal_id: UUID) -> AppealView:
        """An appeal with its timeline, letters and outcomes. Reading it is audited."""
        return await appeals.get_appeal(actor, appeal_id)

    @put("/{appeal_id:uuid}")
    async def write_appeal(self, actor: Actor, appeal_id: UUID, data: AppealFacts) -> AppealView:
        """Keep what the letter shall say, while it is a draft."""
        return await appeals.write(actor, appeal_id, data)

    @get("/{appeal_id:uuid}/letter")
    async def preview_letter(self, actor: Actor, appeal_id: UUID) -> LetterPreview:
        """The letter's text with the claim's facts. Reading it is audited."""
        return await letters.preview(actor, appeal_id)

    @post("/{appeal_id:uuid}/letter", status_code=200)
    async def make_letter(self, actor: Actor, appeal_id: UUID) -> AppealView:
        """Make the letter as a PDF and keep it as the next version."""
        return await letters.make_letter(actor, appeal_id)

    @post("/{appeal_id:uuid}/ask-approval", status_code=200)
    async def ask_approval(self, actor: Actor, appeal_id: UUID) -> AppealView:
        """Give the letter to a second person."""
        return await appeals.ask_approval(actor, appeal_id)

    @post("/{appeal_id:uuid}/approve", status_code=200)
    async def approve_appeal(self, actor: Actor, appeal_id: UUID) -> AppealView:
        """Approve a letter over the limit: by a lead, and never by who opened the appeal."""
        return await appeals.approve(actor, appeal_id)

    @post("/{appeal_id:uuid}/send-back", status_code=200)
    async def send_appeal_back(self, actor: Actor, appeal_id: UUID) -> AppealView:
        """Make the letter a draft again."""
        return await appeals.send_back(actor, appeal_id)

    @post("/{appeal_id:uuid}/sent", status_code=200)
    async def appeal_sent(self, actor: Actor, appeal_id: UUID, data: Sending) -> AppealView:
        """Tell that the appeal went out."""
        return await appeals.sent(actor, appeal_id, data.on, data.channel, data.tracking)

    @post("/{appeal_id:uuid}/acknowledged", status_code=200)
    async def appeal_acknowledged(self, actor: Actor, appeal_id: UUID, data: OnDay) -> AppealView:
        """Tell that the payer has confirmed that it came."""
        return await appeals.acknowledged(actor, appeal_id, data.on)

    @post("/{appeal_id:uuid}/decided", status_code=200)
    async def appeal_decided(self, actor: Actor, appeal_id: UUID, data: AppealDecision) -> AppealView:
        """Tell the payer's decision."""
        return await appeals.decided(actor, appeal_id, data.decision, data.on, data.recovered_cents)

    @post("/{appeal_id:uuid}/next-level", status_code=200)
    async def next_appeal_level(self, actor: Actor, appeal_id: UUID) -> AppealView:
        """Take a lost appeal to the next level."""
        return await appeals.next_level(actor, appeal_id)

    @post("/{appeal_id:uuid}/give-up", status_code=200)
    async def give_appeal_up(self, actor: Actor, appeal_id: UUID) -> AppealView:
        """Take a lost appeal no further."""
        return await appeals.give_up(actor, appeal_id)

    @post("/{appeal_id:uuid}/withdraw", status_code=200)
    async def withdraw_appeal(self, actor: Actor, appeal_id: UUID, data: WithdrawalReason) -> AppealView:
        """End an appeal, with a reason."""
        return await appeals.withdraw(actor, appeal_id, data.reason)


class Playbooks(Controller):
    """What is done about each class of denials. A change holds from a day on."""

    path = "/playbooks"
    tags = ("Denial playbooks",)

    @get("/")
    async def list_playbooks(self, actor: Actor) -> list[PlaybookView]:
        """The playbook of every class that is in force today."""
        return await playbooks.list_playbooks(actor)

    @get("/fields")
    async def letter_fields(self, actor: Actor) -> list[LetterField]:
        """The fields that letters may use."""
        return await playbooks.letter_fields(actor)

    @post("/sample", status_code=200)
    async def sample_letter(self, actor: Actor, data: LetterTemplate) -> LetterSample:
        """A template filled with the facts of nobody."""
        return await playbooks.sample_letter(actor, data.letter)

    @get("/history")
    async def get_playbook(self, actor: Actor, class_code: str) -> PlaybookHistory:
        """One class's playbook with every row ever set."""
        return await playbooks.get_playbook(actor, class_code)

    @put("/")
    async def save_playbook(self, actor: Actor, data: ClassPlaybook) -> PlaybookHistory:
        """Set a class's playbook from a day on."""
        return await playbooks.save_playbook(actor, data.class_code, data.playbook)


class DenialTables(Controller):
    """Which codes mean which class, and which levels of appeal there are."""

    path = "/denial-tables"
    tags = ("Denial playbooks",)

    @get("/codes")
    async def list_denial_codes(self, actor: Actor, class_code: str = "") -> list[CodeRowView]:
        """The tenant's own rows, then the defaults."""
        return await tables.list_codes(actor, class_code)

    @post("/codes")
    async def set_denial_code(self, actor: Actor, data: CodeFacts) -> list[CodeRowView]:
        """Give a code a class from a day on."""
        return await tables.set_code(actor, data)

    @get("/levels")
    async def list_appeal_levels(self, actor: Actor) -> list[LevelView]:
        """The tenant's own rows, then the defaults."""
        return await tables.list_levels(actor)

    @post("/levels")
    async def set_appeal_level(self, actor: Actor, data: LevelFacts) -> list[LevelView]:
        """Set a level of appeal from a day on."""
        return await tables.set_level(actor, data)
