"""Playbooks of a tenant: what each class of denials asks for. A change is a new row from a day; the last good one stays
in force until then."""

from dataclasses import dataclass
from datetime import date

from activities.denials.classifying import today_of
from database.denial_reads import own_playbooks
from database.session import Session
from domain.denials import letters, playbooks
from domain.denials.classes import CLASSES, ROUTE_WORDS, DenialClass, Route
from domain.denials.playbooks import LONGEST_STEP, MOST_STEPS, Playbook
from domain.refusals import FieldError, Invalid, NotFound
from policies.permissions import Permission
from services import door

MOST_CENTS = 10**12
_INSERT = """
INSERT INTO denial_playbooks (tenant_id, class_code, route, steps, letter, due_days, high_cents, first_cents,
    approval_cents, effective_from, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id
"""
# About nobody: for looking at a template before it is used.
_SAMPLE = {
    "amount": "$160.00",
    "argument": "The visit note of the same day documents the reason for the service.",
    "attachments": "- Visit note\n- Remittance",
    "birth_date": "January 31, 1950",
    "charge": "$160.00",
    "claim_number": "K7M2QX9RT4",
    "client_name": "Hill Family Practice",
    "client_phone": "937-555-0100",
    "codes": "CO-197",
    "decided_on": "November 3, 2026",
    "level": "First level",
    "member_id": "W123456789",
    "npi": "1234567893",
    "patient_name": "Maria Alvarez",
    "payer_claim_control_number": "ICN20260001",
    "payer_name": "Practice Mutual",
    "procedures": "99213, 83036",
    "service_dates": "October 1, 2026",
    "tax_id": "371234567",
    "today": "November 20, 2026",
}


@dataclass(frozen=True, slots=True)
class PlaybookView:
    """What is done about one class. `own` false: the default, which a tenant's own row replaces from its day."""

    id: str
    class_code: str
    class_label: str
    preventable: bool
    route: str
    route_label: str
    steps: list[str]
    letter: str
    due_days: int
    high_cents: int
    first_cents: int
    approval_cents: int | None
    effective_from: date
    own: bool


@dataclass(frozen=True, slots=True)
class PlaybookHistory:
    """The playbook in force today, and every own row, the newest first: some begin later."""

    current: PlaybookView
    rows: list[PlaybookView]


@dataclass(frozen=True, slots=True)
class PlaybookFacts:
    """What a tenant sets. `approval_cents` None: no appeal of this class needs approval."""

    route: str
    steps: list[str]
    letter: str
    effective_from: date
    due_days: int = 5
    high_cents: int = 50_000
    first_cents: int = 250_000
    approval_cents: int | None = None


@dataclass(frozen=True, slots=True)
class LetterSample:
    """A template filled with the facts of nobody."""

    text: str


@dataclass(frozen=True, slots=True)
class LetterField:
    """A field that letters may use, written as `{{name}}`."""

    name: str
    words: str


@door.query(Permission.CLAIMS_VIEW)
async def list_playbooks(session: Session) -> list[PlaybookView]:
    """The playbook of every class that is in force today."""
    own, today = await own_playbooks(session), await today_of(session)
    return [_view(playbooks.in_force(klass, own, today)) for klass in DenialClass]


@door.query(Permission.CLAIMS_VIEW)
async def get_playbook(session: Session, class_code: str) -> PlaybookHistory:
    """One class's playbook with every row ever set."""
    klass = known_class(class_code)
    own = await own_playbooks(session)
    rows = [_view(one) for one in reversed(own) if one.klass is klass]
    return PlaybookHistory(_view(playbooks.in_force(klass, own, await today_of(session))), rows)


@door.command(Permission.PLAYBOOKS_MANAGE)
async def save_playbook(session: Session, class_code: str, facts: PlaybookFacts) -> PlaybookHistory:
    """Set a class's playbook from a day on, today or later."""
    klass = known_class(class_code)
    letter = letters.checked(facts.letter)
    steps = [step.strip() for step in facts.steps if step.strip()]
    faults = [*_faults(facts, steps), *from_today(facts.effective_from, await today_of(session))]
    if faults:
        raise Invalid(
            "playbook.unusable", "The playbook cannot be kept so.", faults[0].message, fields=tuple(faults)
        )
    await session.value(
        _INSERT,
        session.tenant_id,
        klass.value,
        facts.route,
        steps,
        letter,
        facts.due_days,
        facts.high_cents,
        facts.first_cents,
        facts.approval_cents,
        facts.effective_from,
        session.actor.user_id,
    )
    own = await own_playbooks(session)
    rows = [_view(one) for one in reversed(own) if one.klass is klass]
    return PlaybookHistory(_view(playbooks.in_force(klass, own, await today_of(session))), rows)


@door.query(Permission.PLAYBOOKS_MANAGE)
async def sample_letter(session: Session, letter: str) -> LetterSample:
    """A template filled with the facts of nobody; refused when it names a field that does not exist."""
    return LetterSample(letters.filled(letters.checked(letter), _SAMPLE))


@door.query(Permission.CLAIMS_VIEW)
async def letter_fields(session: Session) -> list[LetterField]:
    """The fields that letters may use."""
    return [LetterField(name, words) for name, words in letters.FIELDS.items()]


def known_class(class_code: str) -> DenialClass:
    """The class of an address, or that there is none."""
    if class_code not in {klass.value for klass in DenialClass}:
        raise NotFound(
            "denial.class_unknown",
            "There is no such class of denials.",
            f"Choose one of: {', '.join(klass.value for klass in DenialClass)}.",
        )
    return DenialClass(class_code)


def from_today(day: date, today: date) -> list[FieldError]:
    """What is wrong with the day from which a row shall hold: what was decided before stays as it was."""
    if day >= today:
        return []
    return [FieldError("effective_from", "effective_from.past", "Choose today or a later day.")]


def _faults(facts: PlaybookFacts, steps: list[str]) -> list[FieldError]:
    wrong = (
        ("route", facts.route not in {route.value for route in Route}, "Choose one of the ways."),
        ("steps", not steps or len(steps) > MOST_STEPS, f"Write 1 to {MOST_STEPS} steps."),
        (
            "steps",
            any(len(step) > LONGEST_STEP or "\0" in step for step in steps),
            f"Keep each step within {LONGEST_STEP} characters.",
        ),
        ("due_days", not 0 <= facts.due_days <= 365, "Choose 0 to 365 days."),
        (
            "first_cents",
            not 0 <= facts.high_cents <= facts.first_cents <= MOST_CENTS,
            "The amount that comes first is at least the high one.",
        ),
        (
            "approval_cents",
            not 0 <= (facts.approval_cents or 0) <= MOST_CENTS,
            "Enter an amount, or nothing.",
        ),
    )
    return [FieldError(field, f"{field}.unusable", words) for field, is_wrong, words in wrong if is_wrong]


def _view(one: Playbook) -> PlaybookView:
    rules = CLASSES[one.klass]
    return PlaybookView(
        id=one.id,
        class_code=one.klass.value,
        class_label=rules.label,
        preventable=rules.preventable,
        route=one.route.value,
        route_label=ROUTE_WORDS[one.route],
        steps=list(one.steps),
        letter=one.letter,
        due_days=one.due_days,
        high_cents=one.high_cents,
        first_cents=one.first_cents,
        approval_cents=one.approval_cents,
        effective_from=one.effective_from,
        own=one.own,
    )
