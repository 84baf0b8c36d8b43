"""Whose roster a patient is on: the one place that writes it, and that tells those who get and lose patients."""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from activities.care.tasks import hand_work_over
from database.approval_states import holders_of
from database.care_profiles import RECORDS, licences_of, states_of
from database.notifications import notify
from database.reassignment_states import names_of
from database.session import Session
from domain.care.assignment import unlicensed
from domain.refusals import FieldError, Invalid

_MOST_NAMED = 5

_PUT = """
UPDATE care_enrolments SET coordinator_id = $2, coordinator_since = now(), version = version + 1
WHERE id = ANY($1::uuid[]) AND step <> 'ended' AND coordinator_id IS DISTINCT FROM $2
    AND ($3 OR coordinator_id IS NOT DISTINCT FROM $4) RETURNING id
"""
_NOW = """
SELECT id, patient_id, coordinator_id FROM care_enrolments
WHERE id = ANY($1::uuid[]) AND step <> 'ended' AND coordinator_id IS DISTINCT FROM $2 ORDER BY id FOR UPDATE
"""


async def lock_rosters(session: Session) -> None:
    """Whoever reckons with the tenant's rosters as a whole does so alone until the transaction ends."""
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{session.tenant_id}rosters"
    )


async def put_on_roster(session: Session, enrolment_id: UUID, to: UUID | None, *, from_: UUID | None) -> bool:
    """Give a patient with their open work to a coordinator if they are still where they were; whether it was done."""
    put = await session.fetch(_PUT, [enrolment_id], to, False, from_)
    if put:
        await hand_work_over(session, [enrolment_id], to)
    return bool(put)


async def put_all(
    session: Session, enrolment_ids: Collection[UUID], to: UUID | None
) -> list[tuple[UUID | None, UUID | None]]:
    """Give patients to a coordinator who may have them, or to nobody, wherever they are; from whom to whom each went."""
    rows = await session.fetch(_NOW, list(enrolment_ids), to)
    if to is not None:
        await must_coordinate(session, to)
        await must_be_licensed(session, [(row["patient_id"], to) for row in rows])
    moved = [row["id"] for row in rows]
    await session.fetch(_PUT, moved, to, True, None)
    await hand_work_over(session, moved, to)
    return [(row["coordinator_id"], to) for row in rows]


async def must_coordinate(session: Session, user_id: UUID) -> None:
    """Refuse somebody whose roles do not allow recording care, or who cannot sign in here."""
    if user_id not in await holders_of(session, RECORDS):
        words = "Choose somebody of this company whose roles allow recording care."
        fault = FieldError("coordinator_id", "coordinator_id.may_not", words)
        raise Invalid("care_enrolment.no_coordinator", "They cannot have patients.", words, fields=(fault,))


async def must_be_licensed(
    session: Session, pairs: Collection[tuple[UUID, UUID]], *, field: str = "coordinator_id"
) -> None:
    """Refuse, of patients with who is to have them, those who are known to hold no licence of the patient's state."""
    licences = await licences_of(session, {to for _, to in pairs})
    states = await states_of(session, [patient for patient, to in pairs if to in licences])
    lacking = Counter(
        (to, states[patient])
        for patient, to in pairs
        if unlicensed(states.get(patient, ""), licences.get(to))
    )
    if not lacking:
        return
    names = await names_of(session, [to for to, _ in lacking])
    said = [
        f"{names[to]} in {state} ({_patients(count)})"
        for (to, state), count in lacking.most_common(_MOST_NAMED)
    ]
    words = f"No licence: {', '.join(said)}. Choose somebody else, or enter the licence under Care, Assignment, Coordinators."
    fault = FieldError(field, f"{field}.unlicensed", words)
    raise Invalid("care_enrolment.unlicensed", "They are not licensed there.", words, fields=(fault,))


def _patients(count: int) -> str:
    return "1 patient" if count == 1 else f"{count} patients"


async def tell_rosters(
    session: Session, moved: Iterable[tuple[UUID | None, UUID | None]], *, key: str, reference: str = ""
) -> None:
    """Tell each of those concerned how many patients came to them or went, once per key; never whom it is told by."""
    pairs = list(moved)
    came, went = Counter(to for _, to in pairs if to), Counter(old for old, _ in pairs if old)
    before = f"{reference}: " if reference else ""
    for numbers, words, way in (
        (came, "came onto your roster", "came"),
        (went, "went from your roster", "went"),
    ):
        for user_id, count in numbers.items():
            if user_id == session.actor.user_id:
                continue
            await notify(
                session, [user_id], kind="assigned", title=f"{before}{_patients(count)} {words}", href="/care",
                key=f"{key}:{way}",
            )  # fmt: skip
