"""What rosters are held against, read for many rows at once: practices, payers, practitioners, members, patients."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database import clientele_phi as phi
from database.care_profiles import profiles_of
from database.crypto import TenantKey, folded
from database.session import Session
from domain.care.profiles import Profile
from domain.sheets.columns import SheetRow
from domain.sheets.kinds import Kind
from services.clientele import patient_rows
from services.sheets import care_rows
from services.sheets.care_rows import Members, Standing
from services.sheets.custom import Custom, custom_of
from services.sheets.planning import About, in_turns


@dataclass(slots=True)
class There:
    """Everything that rows may name or be known by."""

    key: TenantKey
    today: date
    practices: Mapping[str, UUID]
    payers: Mapping[str, UUID]
    providers: Mapping[UUID, dict[str, UUID]]
    members: Members
    by_account: dict[str, Any] = field(default_factory=dict)
    by_person: dict[tuple[Any, frozenset[str]], Any] = field(default_factory=dict)
    covered: dict[UUID, list[Any]] = field(default_factory=dict)
    enrolments: Mapping[UUID, list[Standing]] = field(default_factory=dict)
    profiles: Mapping[UUID, Profile] = field(default_factory=dict)
    custom: Custom = field(default_factory=Custom)

    def patient(self, row: SheetRow) -> Any:
        """The patient whom a row means: by account number, else by name and birth date."""
        account = str(row.facts.get("account_number", "")).upper()
        words = " ".join(str(row.facts.get(name, "")) for name in ("last_name", "first_name"))
        same = self.by_person.get((row.facts.get("birth_date"), frozenset(folded(words).split())))
        found = self.by_account.get(account) if account else same
        if account and found is None and same is not None:
            row.fault(
                "account_number", f"This person is here already, as {same.account_number}: use that number."
            )
        if found is not None and _somebody_else(found, words, row.facts.get("birth_date")):
            row.fault(
                "account_number",
                "Another patient here has this number. Practices number their patients alike: put something of the"
                " practice in front.",
            )
        if found is not None and not found.active:
            row.fault("account_number", "This patient was taken out of use; take them back into use first.")
        return found

    def practice(self, row: SheetRow) -> UUID | None:
        """The practice that a row names, or the only one there is; None: it says none, or has its fault."""
        said = str(row.facts.get("practice", "")).casefold()
        if said and said not in self.practices:
            row.fault(
                "practice", "There is no such practice, or two of this name; enter its NPI, or add it first."
            )
        if said:
            return self.practices.get(said)
        all = set(self.practices.values())
        return next(iter(all)) if len(all) == 1 else None


async def gather(session: Session, rows: Sequence[SheetRow], about: About) -> There:
    """All of it in a handful of queries, however many rows there are."""
    there = There(
        await session.key(),
        today_of(session, about),
        await _named(session, "clients", "npi"),
        await _named(session, "payers", "payer_id"),
        await _providers(session),
        await care_rows.members(session),
    )
    births = {row.facts["birth_date"] for row in rows if isinstance(row.facts.get("birth_date"), date)}
    found = await session.fetch(
        f"{patient_rows.SELECT} WHERE p.tenant_id = current_tenant() AND"
        " (p.account_number = ANY($1) OR p.birth_date_index = ANY($2))",
        [str(row.facts["account_number"]).upper() for row in rows if "account_number" in row.facts],
        [phi.birth_index(there.key, born) for born in births],
    )
    async for one in in_turns(found):
        view = patient_rows.view(there.key, one)
        there.by_account[view.account_number] = view
        there.by_person[view.birth_date, patient_rows.name_words(view)] = view
    ids = [one["id"] for one in found]
    there.covered = await _covered(session, ids)
    there.enrolments = await care_rows.enrolments(session, ids)
    there.profiles = await profiles_of(session, ids)
    there.custom = await custom_of(session, Kind.PATIENTS, rows, ids)
    return there


def today_of(session: Session, about: About) -> date:
    """The day that it is for whoever brings the sheet."""
    return about.now.astimezone(ZoneInfo(session.actor.time_zone)).date()


def _somebody_else(known: Any, words: str, birth_date: object) -> bool:
    """Whether a row under somebody's number is about another person: no word of the name agrees, or neither name nor birth
    date does. One person would be written over another's chart."""
    said, kept = frozenset(folded(words).split()), patient_rows.name_words(known)
    return bool(said and kept) and (not said & kept or (said != kept and birth_date != known.birth_date))


async def _named(session: Session, table: str, number: str) -> dict[str, UUID]:
    """Ids by name in lower case and by number; a name that two have is nobody's. `table` is never a request's."""
    rows = await session.fetch(
        f"SELECT id, name, {number} AS number FROM {table} WHERE tenant_id = current_tenant() AND active"
    )
    names: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        for said in {row["name"].casefold(), row["number"].casefold()}:
            names[said].append(row["id"])
    return {said: ids[0] for said, ids in names.items() if len(ids) == 1 and said}


async def _providers(session: Session) -> dict[UUID, dict[str, UUID]]:
    rows = await session.fetch(
        "SELECT id, client_id, npi FROM providers WHERE tenant_id = current_tenant() AND active"
    )
    found: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for row in rows:
        found[row["client_id"]][row["npi"]] = row["id"]
    return found


async def _covered(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in await session.fetch(
        "SELECT patient_id, payer_id, member_id_index, rank FROM coverages"
        " WHERE tenant_id = current_tenant() AND patient_id = ANY($1) AND active",
        list(ids),
    ):
        found[row["patient_id"]].append(row)
    return found
