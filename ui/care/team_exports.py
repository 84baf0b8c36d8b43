"""The manager's lists as they leave: hours and shares as numbers, days as days."""

from domain.paging import Page
from domain.tenancy import Actor
from services.care import team, team_entries, team_targets
from services.care.team_views import CoordinatorLine, DayMinutes, HeavyPatient, TargetLine, TeamEntry
from ui.page import optional_identifier
from ui.parts.dates import date_of

Query = dict[str, str]
COORDINATORS = (
    "Coordinator", "Team", "Patients", "By minutes", "Reached", "Counted seconds", "Missing seconds",
    "Working seconds", "Seconds left", "Load", "Share %", "Target minutes", "Target reached %", "Reckoned",
)  # fmt: skip
HEAVY = (
    "Patient", "Account", "Programme", "Coordinator", "Counted seconds", "First code seconds", "Times first code",
    "Peers", "Peers' median seconds", "Times peers",
)  # fmt: skip
DAYS = ("Day", "Counted seconds")
ENTRIES = (
    "Began",
    "Patient",
    "Account",
    "By",
    "Spent on",
    "Recorded",
    "Seconds",
    "Counted seconds",
    "Time zone",
)
TARGETS = ("For", "From", "Minutes", "Reached %", "Set by", "Set at")


async def coordinator_pages(
    actor: Actor, query: Query, cursor: str | None, size: int
) -> Page[CoordinatorLine]:
    """Everybody at once: as many as a company has coordinators."""
    return Page((await team.team_month(actor, query.get("month", ""))).coordinators)


def coordinator_cells(one: CoordinatorLine) -> tuple[object, ...]:
    """A coordinator."""
    target = (one.target.minutes, one.target.reached_percent) if one.target else (None, None)
    share = round(one.share * 100, 1) if one.share is not None else None
    counts = (one.patients, one.by_minutes, one.reached, one.counted_seconds, one.missing_seconds)
    hours = (one.available_seconds, one.left_seconds)
    return one.name, one.team_name, *counts, *hours, one.load_label, share, *target, one.reckoned


async def heavy_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[HeavyPatient]:
    """Everybody at once: it is bounded."""
    return Page((await team.team_month(actor, query.get("month", ""))).heavy)


def heavy_cells(one: HeavyPatient) -> tuple[object, ...]:
    """A patient beyond their share."""
    names = (one.patient_name, one.account_number, one.programme.upper(), one.coordinator_name)
    code = (one.threshold_seconds, round(one.times_threshold, 2))
    return *names, one.counted_seconds, *code, one.peers, one.peers_median_seconds, round(one.times_peers, 2)


async def day_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[DayMinutes]:
    """The days of the month."""
    return Page((await team.team_month(actor, query.get("month", ""))).days)


def day_cells(one: DayMinutes) -> tuple[object, ...]:
    """A day."""
    return one.day, one.seconds


async def entry_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[TeamEntry]:
    """The entries of the filter."""
    return await team_entries.team_entries(
        actor,
        query.get("month", ""),
        date_of(query.get("day", "")),
        optional_identifier(query.get("staff", "")),
        optional_identifier(query.get("team", "")),
        cursor,
        size,
    )


def entry_cells(one: TeamEntry) -> tuple[object, ...]:
    """An entry."""
    names = (one.patient_name, one.account_number, one.staff_name, one.activity_label, one.source_label)
    return one.starts_at, *names, one.seconds, one.counted_seconds, one.zone


async def target_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[TargetLine]:
    """Every row."""
    return Page(await team_targets.list_targets(actor))


def target_cells(one: TargetLine) -> tuple[object, ...]:
    """A target."""
    return one.whose, one.since, one.minutes, one.reached_percent, one.set_by_name, one.set_at
