"""Lists of assignment as spreadsheets: coordinators, patients without one, reckoned rosters, moves and their patients."""

from decimal import Decimal

from domain.paging import Page
from domain.tenancy import Actor
from services.care import assignment, moves, optimised_moves, optimising, profiles
from services.care.assignment import UnassignedLine
from services.care.moves import MovedPatient
from services.care.optimised_moves import MoveRow
from services.care.optimising import OptimisationLine, RosterLine
from services.care.profiles import CoordinatorView
from services.reassignment.views import MoveLine
from ui.page import identifier

Query = dict[str, str]
COORDINATORS = (
    "Coordinator",
    "Patients",
    "At most",
    "At least",
    "Load by risk",
    "Licences",
    "Skills",
    "Cannot because",
)
UNASSIGNED = ("Patient", "Account", "Practice", "Programme", "Needs", "Best", "For", "Against")
OPTIMISED = (
    "Patient",
    "Account",
    "From",
    "To",
    "Why",
    "Not possible any more",
    "Moved already by",
    "Struck out",
)
BEFORE_AND_AFTER = ("Coordinator", "Before", "After", "At most", "By risk before", "By risk after")
RECKONINGS = (
    "Asked",
    "By",
    "State",
    "Patients",
    "Coordinators",
    "Would move",
    "At most",
    "Only those with nobody",
    "Seconds",
)
MOVES = (
    "Move",
    "State",
    "How long",
    "Until",
    "Patients",
    "Moved",
    "Not moved",
    "Came back",
    "Proposed by",
    "Proposed at",
)
MOVED = ("Patient", "Account", "Programme", "From", "To", "Why", "Not moved because", "Stays because")


async def coordinator_pages(
    actor: Actor, query: Query, cursor: str | None, size: int
) -> Page[CoordinatorView]:
    """All at once: they are people of one company."""
    return Page(await profiles.list_coordinators(actor))


def coordinator_cells(one: CoordinatorView) -> tuple[object, ...]:
    """The cells of a row."""
    numbers = (one.patients, one.most_patients, one.fewest_patients, one.load)
    return one.name, *numbers, " ".join(one.states), ", ".join(one.skills), one.hindrance


async def unassigned_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[UnassignedLine]:
    """Page by page, as the list is."""
    return await assignment.unassigned(actor, cursor=cursor, limit=size)


def unassigned_cells(one: UnassignedLine) -> tuple[object, ...]:
    """The cells of a row."""
    line, best = one.line, one.best[0] if one.best else None
    names = (line.patient_name, line.account_number, line.client_name, line.programme.upper())
    reasons = (
        (best.name, ", ".join(best.speaks_for), ", ".join(best.speaks_against)) if best else ("", "", "")
    )
    return *names, ", ".join(one.needs), *reasons


async def optimised_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[MoveRow]:
    """Everything that a reckoning would move, page by page."""
    return await optimised_moves.optimised_moves(actor, identifier(query.get("run", "")), cursor, size)


def optimised_cells(one: MoveRow) -> tuple[object, ...]:
    """The cells of a row."""
    names = (one.patient_name, one.account_number, one.from_name, one.to_name)
    return *names, "; ".join(one.why), one.stale, one.under_way, one.struck


async def roster_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[RosterLine]:
    """The rosters of a reckoning at once: they are people of one company."""
    return Page((await optimising.get_optimisation(actor, identifier(query.get("run", "")))).rosters)


def roster_cells(one: RosterLine) -> tuple[object, ...]:
    """The cells of a row."""
    loads = (Decimal(str(one.load_before)), Decimal(str(one.load_after)))
    return one.name, one.before, one.after, one.most, *loads


async def reckoning_pages(
    actor: Actor, query: Query, cursor: str | None, size: int
) -> Page[OptimisationLine]:
    """The latest reckonings at once."""
    return Page(await optimising.list_optimisations(actor, limit=50))


def reckoning_cells(one: OptimisationLine) -> tuple[object, ...]:
    """The cells of a row."""
    about = (one.asked_at, one.asked_by_name, one.status_label, one.patients, one.coordinators, one.moves)
    took = None if one.milliseconds is None else Decimal(one.milliseconds) / 1000
    return *about, one.most_moves, one.only_unassigned, took


async def move_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[MoveLine]:
    """Page by page, as the list is."""
    under_way = query.get("show") == "under_way"
    return await moves.list_care_moves(actor, under_way=under_way, cursor=cursor, limit=size)


def move_cells(one: MoveLine) -> tuple[object, ...]:
    """The cells of a row."""
    numbers = (one.total, one.done, one.refused, one.back)
    return (
        one.reference,
        one.state_label,
        one.mode_label,
        one.until,
        *numbers,
        one.requested_by_name,
        one.created_at,
    )


async def moved_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[MovedPatient]:
    """The patients of a move."""
    refused = query.get("show") == "refused"
    return await moves.care_moved_rows(
        actor, identifier(query.get("move", "")), refused=refused, cursor=cursor, limit=size
    )


def moved_cells(one: MovedPatient) -> tuple[object, ...]:
    """The cells of a row."""
    names = (one.patient_name, one.account_number, one.programme.upper(), one.from_name, one.to_name)
    return *names, one.why, one.message, one.back_message
