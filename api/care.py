"""Care management: enrolments, rosters, time and the running clock."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.care import code_trial, codes, enrolments, finding, practices, roster, time_entries, timers
from services.care.clocks import TimerView
from services.care.code_trial import CodeTrial
from services.care.codes import CareCodes
from services.care.enrolments import CareFacts, CareNews
from services.care.finding import Candidate
from services.care.practices import CredentialFacts, CredentialView, Practice, PracticeFacts, PracticeLine
from services.care.profiles import PersonChoice
from services.care.roster import CareMonth, RosterView
from services.care.time_entries import TimeFacts
from services.care.timers import StoppedView
from services.care.views import CareLine, CareView, TimeView


@dataclass(frozen=True, slots=True)
class Coordination:
    """Whose patients these become; nobody's without a coordinator."""

    enrolments: list[UUID]
    coordinator_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """How many enrolments changed hands."""

    moved: int


@dataclass(frozen=True, slots=True)
class ClockStart:
    """What the time will be spent on. `instead_of` is the clock that runs, to be stopped and kept first."""

    activity: str
    instead_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClockNews:
    """The person is there, or was so many seconds ago; what they typed so far."""

    note: str | None = None
    activity: str | None = None
    ago_seconds: int = 0


@dataclass(frozen=True, slots=True)
class ClockAway:
    """Whether the time away counts, and if so what was done."""

    counts: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClockStop:
    """The note of the finished time; without one what was typed so far. Where nobody was there for a while, `idle_counts` must say whether that counts,
    with the `reason` if it does; else the clock ends when the person was last seen."""

    note: str | None = None
    idle_counts: bool | None = None
    reason: str = ""


class CareEnrolments(Controller):
    """Patients in care-management programmes; coordinators see their own roster only."""

    path = "/care/enrolments"
    tags = ("Care",)

    @get("/")
    async def list_care(
        self,
        actor: Actor,
        step: str = "",
        programme: str = "",
        coordinator_id: UUID | None = None,
        client_id: UUID | None = None,
        overdue: bool = False,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CareLine]:
        """Enrolments, the newest first; those that have ended only when asked for by their step. `overdue`: only those
        whose care plan, or its review, is late."""
        return await enrolments.list_care(
            actor, step, programme, coordinator_id, client_id, cursor, limit, overdue
        )

    @get("/roster")
    async def roster(
        self,
        actor: Actor,
        coordinator_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> RosterView:
        """Patients whose time counts this month, those first who lack most; up to 2,000 a page."""
        return await roster.roster(actor, coordinator_id, cursor, limit)

    @get("/search")
    async def find_in_care(self, actor: Actor, text: str) -> list[CareLine]:
        """At most 12 enrolments whose patient matches what is typed: names, birth date, member id, account number."""
        return await finding.find_in_care(actor, text)

    @get("/candidates")
    async def find_to_enrol(self, actor: Actor, text: str) -> list[Candidate]:
        """At most 12 patients who match what is typed and may be enrolled by the asker."""
        return await finding.find_to_enrol(actor, text)

    @get("/candidates/{patient_id:uuid}")
    async def get_to_enrol(self, actor: Actor, patient_id: UUID) -> Candidate:
        """A patient to be enrolled, with the practitioners of their practice."""
        return await finding.get_to_enrol(actor, patient_id)

    @post("/")
    async def enrol(self, actor: Actor, data: CareFacts) -> CareView:
        """Begin an enrolment."""
        return await enrolments.enrol(actor, data)

    @post("/coordinator", status_code=200)
    async def assign_coordinator(self, actor: Actor, data: Coordination) -> Moved:
        """Put patients onto a coordinator's roster."""
        return Moved(await enrolments.assign_coordinator(actor, data.enrolments, data.coordinator_id))

    @get("/{care_id:uuid}")
    async def get_care(self, actor: Actor, care_id: UUID) -> CareView:
        """One enrolment with its history; its ETag is its version."""
        return await enrolments.get_care(actor, care_id)

    @post("/{care_id:uuid}/events", status_code=200)
    async def tell_care(self, actor: Actor, care_id: UUID, data: CareNews) -> CareView:
        """Tell what happened: eligible, visited, consented, revoked, withdrawn."""
        return await enrolments.tell_care(actor, care_id, data)

    @get("/{care_id:uuid}/month")
    async def care_month(
        self, actor: Actor, care_id: UUID, year: int | None = None, month: int | None = None
    ) -> CareMonth:
        """A patient's month with the fate of every second; the running one unless another is named."""
        return await roster.care_month(actor, care_id, year, month)

    @get("/{care_id:uuid}/time")
    async def time_of(
        self, actor: Actor, care_id: UUID, cursor: str | None = None, limit: int = 50
    ) -> Page[TimeView]:
        """Everything recorded for an enrolment, the newest first."""
        return await time_entries.time_of(actor, care_id, cursor, limit)

    @post("/{care_id:uuid}/time")
    async def record_time(self, actor: Actor, care_id: UUID, data: TimeFacts) -> TimeView:
        """Enter one's own time by hand, with the reason."""
        return await time_entries.record_time(actor, care_id, data)

    @post("/{care_id:uuid}/clock")
    async def start_timer(self, actor: Actor, care_id: UUID, data: ClockStart) -> TimerView:
        """Start one's clock for a patient."""
        return await timers.start_timer(actor, care_id, data.activity, data.instead_of)


class CareTime(Controller):
    """Time entries are never changed: corrections and voids are rows of their own."""

    path = "/care/time"
    tags = ("Care",)

    @post("/{care_time_id:uuid}/correct")
    async def correct_time(self, actor: Actor, care_time_id: UUID, data: TimeFacts) -> TimeView:
        """Put another entry in the place of one."""
        return await time_entries.correct_time(actor, care_time_id, data)

    @post("/{care_time_id:uuid}/void")
    async def void_time(self, actor: Actor, care_time_id: UUID, data: Reason) -> TimeView:
        """Take an entry back."""
        return await time_entries.void_time(actor, care_time_id, data.reason)


class CareClock(Controller):
    """The running clock, one a person."""

    path = "/care/clock"
    tags = ("Care",)

    @get("/")
    async def my_timer(self, actor: Actor) -> TimerView | None:
        """One's own running clock; null when none runs."""
        return await timers.my_timer(actor)

    @put("/{timer_id:uuid}")
    async def touch_timer(self, actor: Actor, timer_id: UUID, data: ClockNews) -> TimerView:
        """Say that one is there, and keep what was typed so far."""
        return await timers.touch_timer(actor, timer_id, data.note, data.activity, data.ago_seconds)

    @post("/{timer_id:uuid}/away", status_code=200)
    async def answer_idle(self, actor: Actor, timer_id: UUID, data: ClockAway) -> TimerView:
        """Say what the time away from a clock was, and go on."""
        return await timers.answer_idle(actor, timer_id, data.counts, data.reason)

    @post("/{timer_id:uuid}/stop", status_code=200)
    async def stop_timer(self, actor: Actor, timer_id: UUID, data: ClockStop) -> StoppedView:
        """Stop it and keep its time, once however often it is stopped."""
        return await timers.stop_timer(
            actor, timer_id, data.note, idle_counts=data.idle_counts, reason=data.reason
        )

    @post("/{timer_id:uuid}/discard", status_code=204)
    async def discard_timer(self, actor: Actor, timer_id: UUID, data: Reason) -> None:
        """Throw a running clock away."""
        await timers.discard_timer(actor, timer_id, data.reason)


class CareSettings(Controller):
    """Practices' wishes, people's credentials and the codes of care."""

    path = "/care/settings"
    tags = ("Care",)

    @get("/practices")
    async def list_practices(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[PracticeLine]:
        """Every practice with how it wants its months reckoned."""
        return await practices.list_practices(actor, cursor, limit)

    @get("/practices/{client_id:uuid}")
    async def get_practice(self, actor: Actor, client_id: UUID) -> Practice:
        """How a practice wants its months reckoned."""
        return await practices.get_practice(actor, client_id)

    @put("/practices/{client_id:uuid}")
    async def save_practice(
        self, actor: Actor, client_id: UUID, data: PracticeFacts, expected_version: int | None
    ) -> Practice:
        """Replace a practice's wishes."""
        return await practices.save_practice(actor, client_id, data, expected_version)

    @get("/codes")
    async def care_codes(self, actor: Actor, month: str = "") -> CareCodes:
        """The codes of care of a month (`2026-11`, else the running one). They are changed as the decision table care_codes."""
        return await codes.care_codes(actor, month)

    @get("/codes/trial")
    async def try_codes(self, actor: Actor, month: str = "") -> CodeTrial:
        """What a month that is over (`2026-10`, else the last one) would come to with the draft of the table care_codes."""
        return await code_trial.try_codes(actor, month)

    @get("/people")
    async def people_who_record(self, actor: Actor) -> list[PersonChoice]:
        """Whose roles allow recording care: of them credentials are said."""
        return await practices.people_who_record(actor)

    @get("/credentials")
    async def list_credentials(self, actor: Actor) -> list[CredentialView]:
        """What everybody is and was."""
        return await practices.list_credentials(actor)

    @post("/credentials", status_code=200)
    async def set_credential(self, actor: Actor, data: CredentialFacts) -> CredentialView:
        """Say what a member is from a day on."""
        return await practices.set_credential(actor, data)
