"""Assignment in care: profiles, recommendations, rosters reckoned anew, and moves of patients between coordinators."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.care.profiles import ProfileFacts
from domain.paging import Page
from domain.tenancy import Actor
from services.care import assignment, moves, optimised_moves, optimising, profiles
from services.care.assignment import AssignedRow, AssignmentWish, RecommendationView, UnassignedLine
from services.care.moves import CareMoveFacts, MovedPatient
from services.care.optimised_moves import MoveRow
from services.care.optimising import OptimisationFacts, OptimisationLine, OptimisationView
from services.care.profiles import (
    CoordinatorFacts,
    CoordinatorView,
    PersonChoice,
    ProfileView,
)
from services.reassignment.views import MoveLine, MoveView


@dataclass(frozen=True, slots=True)
class Assignments:
    """Who is to have whom."""

    wishes: list[AssignmentWish]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a reckoning is proposed: all but the enrolments that are `struck`, or of those `only` these, for good or until
    a day, and why."""

    reason: str
    struck: list[UUID] = field(default_factory=list)
    until: date | None = None
    only: list[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Strike:
    """Which patients of a reckoning are to be struck out, or with `struck` false taken back in."""

    enrolments: list[UUID]
    struck: bool = True


@dataclass(frozen=True, slots=True)
class Struck:
    """How many are struck out now."""

    struck: int


class CareAssignment(Controller):
    """Who should care for whom. Costs are hundredths of weights that a decision table can set; the cheapest is the best."""

    path = "/care/assignment"
    tags = ("Care",)

    @get("/unassigned")
    async def unassigned(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[UnassignedLine]:
        """Patients whom nobody has, each with the best coordinators for them."""
        return await assignment.unassigned(actor, cursor=cursor, limit=limit)

    @post("/", status_code=200)
    async def assign_many(self, actor: Actor, data: Assignments) -> list[AssignedRow]:
        """Assign patients whom nobody has, with an outcome for each."""
        return await assignment.assign_many(actor, data.wishes)

    @get("/patients/{care_id:uuid}")
    async def recommended(self, actor: Actor, care_id: UUID) -> RecommendationView:
        """The best five coordinators for a patient, with what speaks for and against each."""
        return await assignment.recommended(actor, care_id)

    @get("/patients/{care_id:uuid}/profile")
    async def get_profile(self, actor: Actor, care_id: UUID) -> ProfileView:
        """What is known of a patient for choosing a coordinator; its ETag is its version."""
        return await profiles.get_profile(actor, care_id)

    @put("/patients/{care_id:uuid}/profile")
    async def save_profile(
        self, actor: Actor, care_id: UUID, data: ProfileFacts, expected_version: int | None
    ) -> ProfileView:
        """Replace a patient's profile."""
        return await profiles.save_profile(actor, care_id, data, expected_version)

    @get("/coordinators")
    async def list_coordinators(self, actor: Actor) -> list[CoordinatorView]:
        """Coordinators with their rosters, licences and skills."""
        return await profiles.list_coordinators(actor)

    @get("/coordinators/possible")
    async def possible_coordinators(self, actor: Actor) -> list[PersonChoice]:
        """Who could become a coordinator."""
        return await profiles.possible_coordinators(actor)

    @get("/specialisations")
    async def specialisations(self, actor: Actor) -> list[str]:
        """The skills that a patient can ask for."""
        return await profiles.specialisations(actor)

    @put("/coordinators/{user_id:uuid}")
    async def save_coordinator(
        self, actor: Actor, user_id: UUID, data: CoordinatorFacts, expected_version: int | None
    ) -> CoordinatorView:
        """Say how many patients somebody takes and where they are licensed."""
        return await profiles.save_coordinator(actor, user_id, data, expected_version)


class CareRosters(Controller):
    """All rosters reckoned anew. Nothing changes hands by that: what is wanted of it becomes a move."""

    path = "/care/optimisations"
    tags = ("Care",)

    @get("/")
    async def list_optimisations(self, actor: Actor, limit: int = 5) -> list[OptimisationLine]:
        """The latest reckonings, the newest first."""
        return await optimising.list_optimisations(actor, limit=limit)

    @post("/")
    async def optimise(self, actor: Actor, data: OptimisationFacts) -> OptimisationView:
        """Begin one; look again until it is done or impossible."""
        return await optimising.optimise(actor, data)

    @get("/{optimisation_id:uuid}")
    async def get_optimisation(self, actor: Actor, optimisation_id: UUID) -> OptimisationView:
        """One with its rosters before and after, or the rules in the way."""
        return await optimising.get_optimisation(actor, optimisation_id)

    @get("/{optimisation_id:uuid}/moves")
    async def optimised_moves(
        self, actor: Actor, optimisation_id: UUID, cursor: str | None = None, limit: int = 50
    ) -> Page[MoveRow]:
        """The patients who would change hands, with their reasons."""
        return await optimised_moves.optimised_moves(actor, optimisation_id, cursor, limit)

    @post("/{optimisation_id:uuid}/strike", status_code=200)
    async def strike_moves(self, actor: Actor, optimisation_id: UUID, data: Strike) -> Struck:
        """Strike patients out of what will be proposed, or with `struck` false take them back in."""
        done = await optimised_moves.strike_moves(actor, optimisation_id, data.enrolments, struck=data.struck)
        return Struck(done)

    @post("/{optimisation_id:uuid}/propose")
    async def propose_optimised(self, actor: Actor, optimisation_id: UUID, data: Wanted) -> MoveView:
        """Propose what was found as a move, but for what is struck out."""
        return await optimising.propose_optimised(
            actor, optimisation_id, data.struck, data.reason, data.until, data.only
        )


class CareMoves(Controller):
    """Moves of patients between coordinators: always approved by somebody else first; temporary ones return by themselves."""

    path = "/care/moves"
    tags = ("Care",)

    @get("/")
    async def list_care_moves(
        self, actor: Actor, under_way: bool = False, cursor: str | None = None, limit: int = 50
    ) -> Page[MoveLine]:
        """Moves, the newest first; `under_way`: only those that have not ended."""
        return await moves.list_care_moves(actor, under_way=under_way, cursor=cursor, limit=limit)

    @post("/")
    async def propose(self, actor: Actor, data: CareMoveFacts) -> MoveView:
        """Propose a move."""
        return await moves.propose(actor, data)

    @get("/{care_move_id:uuid}")
    async def get_care_move(self, actor: Actor, care_move_id: UUID) -> MoveView:
        """How far a move is, and what happened to it."""
        return await moves.get_care_move(actor, care_move_id)

    @get("/{care_move_id:uuid}/patients")
    async def care_moved_rows(
        self,
        actor: Actor,
        care_move_id: UUID,
        refused: bool = False,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[MovedPatient]:
        """Its patients with the outcome of each; `refused`: only those who did not move or did not come back."""
        return await moves.care_moved_rows(actor, care_move_id, refused=refused, cursor=cursor, limit=limit)

    @post("/{care_move_id:uuid}/cancel", status_code=200)
    async def cancel_care_move(self, actor: Actor, care_move_id: UUID, data: Reason) -> MoveView:
        """Give up a move that waits for its approval."""
        return await moves.cancel_care_move(actor, care_move_id, data.reason)

    @post("/{care_move_id:uuid}/return", status_code=200)
    async def return_care_move(self, actor: Actor, care_move_id: UUID, data: Reason) -> MoveView:
        """Have patients who moved until a day return at once."""
        return await moves.return_care_move(actor, care_move_id, data.reason)

    @post("/{care_move_id:uuid}/undo", status_code=200)
    async def undo_care_move(self, actor: Actor, care_move_id: UUID, data: Reason) -> MoveView:
        """Give back whom their new coordinator has not begun with."""
        return await moves.undo_care_move(actor, care_move_id, data.reason)
